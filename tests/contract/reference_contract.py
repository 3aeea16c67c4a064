"""The rules of the port `Directory` for resources that refer to others."""

import pytest

from scim.resource.access_path import Direction, IndexValue
from scim.resource.record import Key, Link, Record, Stale
from scim.service.ports import Directory
from tests.contract.references import changed, ended, made

T = "acme"
ANN, BOB = Key("Person", "ann"), Key("Person", "bob")
HALL, CELL = Key("Room", "hall"), Key("Room", "cell")
SEAT, KEY, NOTE = Key("Seat", "s1"), Key("Key", "k1"), Key("Note", "n1")
BY_PERSON, BY_ROOM = Link("Seat", "person"), Link("Seat", "room")
EVERYBODY = (ANN, BOB, HALL, CELL)


def of(directory: Directory, key: Key) -> Record:
    """Read a resource that must live."""
    return directory.read_latest(T, [key])[key]


def furnish(directory: Directory) -> None:
    """Store two people and two rooms, and a seat of ann's in the hall."""
    for key in EVERYBODY:
        directory.create(T, made(key))
    directory.create(T, made(SEAT, person=ANN, room=HALL))


class ReferenceContract:
    """What every directory must do; `many` referring resources are more than a transaction holds."""

    many = 30

    def test_a_target_counts_the_resources_that_refer_to_it(self, directory: Directory) -> None:
        furnish(directory)
        assert of(directory, ANN).referrers == {BY_PERSON: 1}
        assert of(directory, HALL).referrers == {BY_ROOM: 1}
        assert of(directory, BOB).referrers == {}

    def test_a_new_reference_does_not_change_the_version_of_its_target(
        self, directory: Directory
    ) -> None:
        furnish(directory)
        assert of(directory, ANN).version == 1

    def test_referring_resources_are_found_by_the_index(self, directory: Directory) -> None:
        furnish(directory)
        assert directory.ids(
            T, IndexValue("Seat", "person.value", "ann"), Direction.UP, None, 5
        ).ids == ["s1"]

    def test_a_reference_to_a_missing_resource_is_stale(self, directory: Directory) -> None:
        furnish(directory)
        with pytest.raises(Stale):
            directory.create(T, made(Key("Seat", "s2"), person=Key("Person", "zoe"), room=HALL))
        assert directory.read(T, Key("Seat", "s2")) is None
        assert of(directory, HALL).referrers == {BY_ROOM: 1}

    def test_a_reference_to_a_deleted_resource_is_stale(self, directory: Directory) -> None:
        furnish(directory)
        directory.delete(T, ended(of(directory, BOB)))
        with pytest.raises(Stale):
            directory.create(T, made(Key("Seat", "s2"), person=BOB, room=HALL))
        with pytest.raises(Stale):
            directory.update(T, changed(of(directory, SEAT), person=BOB, room=HALL))

    def test_a_reference_can_move_to_another_target(self, directory: Directory) -> None:
        furnish(directory)
        directory.update(T, changed(of(directory, SEAT), person=BOB, room=HALL))
        assert of(directory, ANN).referrers == {}
        assert of(directory, BOB).referrers == {BY_PERSON: 1}
        assert of(directory, HALL).referrers == {BY_ROOM: 1}
        assert (
            directory.ids(T, IndexValue("Seat", "person.value", "ann"), Direction.UP, None, 5).ids
            == []
        )

    def test_a_resource_that_no_longer_refers_outlives_the_target(
        self, directory: Directory
    ) -> None:
        furnish(directory)
        directory.update(T, changed(of(directory, SEAT), room=HALL))
        directory.delete(T, ended(of(directory, ANN)))
        assert of(directory, SEAT).version == 2

    def test_deleting_a_target_deletes_the_resources_that_refer_to_it(
        self, directory: Directory
    ) -> None:
        furnish(directory)
        directory.delete(T, ended(of(directory, ANN)))
        assert directory.read(T, ANN) is None
        assert directory.read(T, SEAT) is None
        assert of(directory, HALL).referrers == {}
        assert directory.count(T, "Seat") == 0
        assert (
            directory.ids(T, IndexValue("Seat", "room.value", "hall"), Direction.UP, None, 5).ids
            == []
        )

    def test_a_unique_value_of_a_resource_deleted_with_its_target_is_free(
        self, directory: Directory
    ) -> None:
        furnish(directory)
        directory.delete(T, ended(of(directory, ANN)))
        directory.create(T, made(Key("Seat", "s2"), name="Seat s1", person=BOB, room=HALL))

    def test_a_referring_resource_can_be_deleted_alone(self, directory: Directory) -> None:
        furnish(directory)
        directory.delete(T, ended(of(directory, SEAT)))
        assert of(directory, ANN).referrers == {}
        directory.delete(T, ended(of(directory, ANN)))
        assert directory.read(T, ANN) is None

    def test_a_resource_deleted_with_its_target_leaves_its_relations(
        self, directory: Directory
    ) -> None:
        furnish(directory)
        directory.create(T, made(Key("Seat", "s2"), BOB, person=ANN, room=CELL))
        directory.delete(T, ended(of(directory, CELL)))
        assert directory.read(T, Key("Seat", "s2")) is None
        assert not directory.edges(T, Key("Seat", "s2"), "tags", Direction.UP, None, 5).edges

    def test_related_resources_are_deleted_together_with_their_target(
        self, directory: Directory
    ) -> None:
        furnish(directory)
        # The one is related to the other whichever of them comes first.
        directory.create(T, made(Key("Seat", "a"), SEAT, person=BOB, room=CELL))
        directory.create(T, made(Key("Seat", "t"), SEAT, Key("Seat", "a"), person=BOB, room=CELL))
        directory.update(T, changed(of(directory, SEAT), person=ANN, room=CELL))
        directory.delete(T, ended(of(directory, CELL)))
        assert directory.count(T, "Seat") == 0
        assert of(directory, BOB).referrers == {}

    def test_deleting_a_target_deletes_many_referring_resources(self, directory: Directory) -> None:
        furnish(directory)
        for number in range(self.many):
            key = Key("Seat", f"m{number:03d}")
            directory.create(T, made(key, person=(ANN, BOB)[number % 2], room=CELL))
        directory.delete(T, ended(of(directory, CELL)))
        assert directory.count(T, "Seat") == 1
        assert of(directory, ANN).referrers == {BY_PERSON: 1}
        assert of(directory, BOB).referrers == {}

    def test_a_deletion_cascades_along_a_chain_of_references(self, directory: Directory) -> None:
        furnish(directory)
        directory.create(T, made(KEY, seat=SEAT))
        directory.create(T, made(Key("Key", "k2"), seat=SEAT))
        directory.delete(T, ended(of(directory, HALL)))
        assert directory.count(T, "Key") == 0
        assert directory.count(T, "Seat") == 0
        assert of(directory, ANN).referrers == {}

    def test_a_reference_declared_to_be_cleared_is_removed_and_its_resource_stays(
        self, directory: Directory
    ) -> None:
        furnish(directory)
        directory.create(T, made(NOTE, name="a note", about=ANN))
        directory.create(T, made(Key("Note", "n2"), name="another", about=HALL))
        directory.delete(T, ended(of(directory, ANN)))
        note = of(directory, NOTE)
        assert (note.body, note.version) == ({"name": "a note"}, 2)
        assert (
            directory.ids(T, IndexValue("Note", "about.value", "ann"), Direction.UP, None, 5).ids
            == []
        )
        assert directory.ids(
            T, IndexValue("Note", "name", "a note"), Direction.UP, None, 5
        ).ids == ["n1"]
        assert of(directory, HALL).referrers == {Link("Note", "about"): 1}

    def test_a_target_that_others_require_is_not_deleted(self, directory: Directory) -> None:
        furnish(directory)
        lease = Key("Lease", "l1")
        directory.create(T, made(lease, room=HALL))
        with pytest.raises(Stale):
            directory.delete(T, ended(of(directory, HALL)))
        assert of(directory, SEAT).version == 1
        directory.delete(T, ended(of(directory, lease)))
        directory.delete(T, ended(of(directory, HALL)))
        assert directory.read(T, SEAT) is None

    def test_a_resource_that_began_to_refer_meanwhile_is_deleted_too(
        self, directory: Directory
    ) -> None:
        furnish(directory)
        before = of(directory, BOB)
        directory.create(T, made(Key("Seat", "s2"), person=BOB, room=HALL))
        directory.delete(T, ended(before))
        assert directory.read(T, Key("Seat", "s2")) is None
        assert directory.read(T, BOB) is None
