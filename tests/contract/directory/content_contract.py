"""The part of the contract of `Directory` about content."""

import pytest

from scim.resource.change import Update
from scim.resource.record import Key, Record, Stale
from scim.service.ports import Directory
from tests.contract.directory.steps import T, fresh, stored, users
from tests.contract.samples import LATER, NOW, content, deletion_of, group, id_, user


class ContentContract:
    """Resources as they are created, read and changed."""

    # Creating and reading

    def test_a_created_resource_reads_back(self, directory: Directory) -> None:
        creation = user("ann", name={"familyName": "Müller", "givenName": "Ann"}, n=[1, 2.5, None])
        record = stored(directory, creation)
        assert record == Record(creation.key, 1, NOW, NOW, creation.body, {}, {})

    def test_read_finds_what_was_just_created(self, directory: Directory) -> None:
        creation = user("ann")
        directory.create(T, creation)
        record = directory.read(T, creation.key)
        assert record is not None
        assert record.body == creation.body

    def test_reading_an_unknown_id_finds_nothing(self, directory: Directory) -> None:
        assert directory.read(T, Key("User", id_())) is None
        assert directory.read_latest(T, [Key("User", id_())]) == {}

    @pytest.mark.parametrize(
        "odd", ["", "a#b", "a b", "\x00", "é", "x" * 3000, "\ud800"], ids=ascii
    )
    def test_an_impossible_id_finds_nothing(self, directory: Directory, odd: str) -> None:
        key = Key("User", odd)
        assert directory.read(T, key) is None
        assert directory.read_latest(T, [key]) == {}
        assert directory.read_many(T, [key]) == {}

    def test_an_id_belongs_to_its_type(self, directory: Directory) -> None:
        creation = user("ann")
        directory.create(T, creation)
        assert directory.read(T, Key("Group", creation.key.id)) is None

    def test_reading_no_keys_finds_nothing(self, directory: Directory) -> None:
        assert directory.read_latest(T, []) == {}
        assert directory.read_many(T, []) == {}

    def test_many_keys_of_two_types_are_read_at_once(self, directory: Directory) -> None:
        keys = [*users(directory, 3), stored(directory, group("staff")).key]
        wanted = [*keys, Key("User", id_())]
        assert set(directory.read_latest(T, wanted)) == set(keys)
        assert set(directory.read_many(T, wanted)) == set(keys)

    def test_more_keys_than_a_batch_holds_are_read(self, directory: Directory) -> None:
        keys = users(directory, 103)
        assert set(directory.read_latest(T, keys)) == set(keys)

    def test_a_key_asked_for_twice_is_read_once(self, directory: Directory) -> None:
        key = stored(directory, user("ann")).key
        assert list(directory.read_latest(T, [key, key])) == [key]

    # Changing content

    def test_new_content_has_the_next_version(self, directory: Directory) -> None:
        ann = stored(directory, user("ann"))
        assert directory.update(T, content(ann, {"userName": "ann", "active": False})) == 2
        after = fresh(directory, ann.key)
        assert after.version == 2
        assert (after.created, after.last_modified) == (NOW, LATER)
        assert after.body == {"userName": "ann", "active": False}

    def test_content_made_from_an_old_version_is_stale(self, directory: Directory) -> None:
        ann = stored(directory, user("ann"))
        directory.update(T, content(ann, {"userName": "ann", "title": "1"}))
        with pytest.raises(Stale):
            directory.update(T, content(ann, {"userName": "ann", "title": "2"}))
        assert fresh(directory, ann.key).body["title"] == "1"

    def test_stale_content_wins_over_a_taken_value(self, directory: Directory) -> None:
        ann = stored(directory, user("ann"))
        directory.update(T, content(ann, {"userName": "anna"}))
        with pytest.raises(Stale):
            directory.update(T, content(ann, {"userName": "anna"}))

    def test_a_deleted_resource_cannot_be_changed(self, directory: Directory) -> None:
        ann = stored(directory, user("ann"))
        directory.delete(T, deletion_of(ann))
        with pytest.raises(Stale):
            directory.update(T, content(ann, {"userName": "ann"}))
        with pytest.raises(Stale):
            directory.update(T, Update(ann, LATER))

    def test_records_handed_out_do_not_change(self, directory: Directory) -> None:
        ann = stored(directory, user("ann"))
        directory.update(T, content(ann, {"userName": "anna"}))
        assert ann.body["userName"] == "ann"
