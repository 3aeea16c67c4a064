"""The part of the contract of `Directory` about deletion."""

from dataclasses import replace

import pytest

from scim.errors import Uniqueness
from scim.resource.access_path import Direction, IndexValue
from scim.resource.record import Key, Record, Stale
from scim.service.ports import Directory
from tests.contract.directory.steps import (
    MEMBERS,
    T,
    fresh,
    ids,
    keep,
    member_ids,
    restore,
    stored,
    users,
)
from tests.contract.samples import (
    LATER,
    MUCH_LATER,
    NOW,
    content,
    deletion_of,
    group,
    id_,
    joining,
    leaving,
    user,
)


class DeletionContract:
    """Deletions, and what is kept of the deleted."""

    # Deleting

    def test_a_deleted_resource_is_invisible_at_once(self, directory: Directory) -> None:
        ann = stored(directory, user("ann", externalId="1"))
        directory.delete(T, deletion_of(ann))
        assert directory.read(T, ann.key) is None
        assert directory.read_latest(T, [ann.key]) == {}
        assert directory.read_many(T, [ann.key]) == {}
        assert directory.records(T, "User", Direction.UP, None, 10).records in ([], ())
        assert (
            directory.ids(T, IndexValue("User", "externalId", "1"), Direction.UP, None, 10).ids
            == []
        )
        assert directory.count(T, "User") == 0

    def test_the_unique_values_of_a_deleted_resource_are_free_at_once(
        self, directory: Directory
    ) -> None:
        directory.delete(T, deletion_of(stored(directory, user("ann"))))
        again = stored(directory, user("ann"))
        assert directory.ids(
            T, IndexValue("User", "userName", "ann"), Direction.UP, None, 10
        ).ids == [again.key.id]

    def test_the_id_of_a_deleted_resource_is_not_used_again(self, directory: Directory) -> None:
        creation = user("ann")
        directory.delete(T, deletion_of(stored(directory, creation)))
        with pytest.raises(Stale):
            directory.create(T, creation)

    def test_deleting_twice_is_stale(self, directory: Directory) -> None:
        ann = stored(directory, user("ann"))
        directory.delete(T, deletion_of(ann))
        with pytest.raises(Stale):
            directory.delete(T, deletion_of(ann))

    def test_deleting_an_unknown_resource_is_stale(self, directory: Directory) -> None:
        with pytest.raises(Stale):
            directory.delete(T, deletion_of(Record(Key("User", id_()), 1, NOW, NOW, {})))

    def test_a_deletion_based_on_other_content_is_stale(self, directory: Directory) -> None:
        ann = stored(directory, user("ann"))
        directory.update(T, content(ann, {"userName": "anna"}))
        with pytest.raises(Stale):
            directory.delete(T, deletion_of(ann))
        assert directory.ids(
            T, IndexValue("User", "userName", "anna"), Direction.UP, None, 10
        ).ids == [ann.key.id]

    def test_a_deletion_succeeds_although_edges_changed(self, directory: Directory) -> None:
        (key,) = users(directory, 1)
        staff = stored(directory, group("staff"))
        directory.update(T, joining(staff, key))
        directory.delete(T, deletion_of(staff))
        assert directory.read(T, staff.key) is None

    def test_a_deletion_with_a_required_version_is_stale_after_edges_changed(
        self, directory: Directory
    ) -> None:
        (key,) = users(directory, 1)
        staff = stored(directory, group("staff"))
        directory.update(T, joining(staff, key))
        with pytest.raises(Stale):
            directory.delete(T, replace(deletion_of(staff), must_match=True))

    def test_a_deleted_user_leaves_its_groups(self, directory: Directory) -> None:
        keys = users(directory, 2)
        staff = stored(directory, group("staff", keys))
        directory.delete(T, deletion_of(fresh(directory, keys[0])))
        after = fresh(directory, staff.key)
        assert member_ids(directory, staff.key) == [keys[1].id]
        assert after.counts == {"members": 1}
        assert (after.version, after.last_modified) == (2, MUCH_LATER)

    def test_a_link_from_a_deleted_group_is_known_as_one(self, directory: Directory) -> None:
        keys = users(directory, 2)
        kept_group = stored(directory, group("kept", keys[:1]))
        directory.delete(T, deletion_of(stored(directory, group("deleted", keys))))
        deleted_keys = directory.linked_after_deletion(T)
        linked_keys = [
            Key(link.type, id_)
            for key in keys
            for link, ids_linked in fresh(directory, key).links.items()
            for id_ in ids_linked
        ]
        assert [key for key in linked_keys if key not in deleted_keys] == [kept_group.key]
        assert directory.linked_after_deletion("globex") == frozenset()

    def test_a_deleted_user_leaves_a_group_joined_since_it_was_read(
        self, directory: Directory
    ) -> None:
        ann = stored(directory, user("ann"))
        staff = stored(directory, group("staff", [ann.key]))
        directory.delete(T, deletion_of(ann))
        assert member_ids(directory, staff.key) == []
        assert fresh(directory, staff.key).counts == {}

    def test_a_group_left_since_the_user_was_read_does_not_stop_the_deletion(
        self, directory: Directory
    ) -> None:
        (key,) = users(directory, 1)
        staff = stored(directory, group("staff", [key]))
        ann = fresh(directory, key)
        directory.update(T, leaving(staff, key))
        directory.delete(T, deletion_of(ann))
        assert fresh(directory, staff.key).counts == {}

    def test_a_deleted_user_of_many_groups_shows_in_none(self, directory: Directory) -> None:
        keys = users(directory, 2)
        groups = [stored(directory, group(f"g{n}", keys)).key for n in range(45)]
        directory.delete(T, deletion_of(fresh(directory, keys[0])))
        for key in groups:
            assert member_ids(directory, key, 1) == [keys[1].id]

    def test_a_deleted_group_with_members_is_invisible(self, directory: Directory) -> None:
        keys = users(directory, 3)
        staff = stored(directory, group("staff", keys))
        directory.delete(T, deletion_of(staff))
        assert directory.read(T, staff.key) is None
        assert directory.count(T, "Group") == 0
        assert set(directory.read_latest(T, keys)) == set(keys)

    def test_a_member_can_be_deleted_after_its_group(self, directory: Directory) -> None:
        (key,) = users(directory, 1)
        staff = stored(directory, group("staff", [key]))
        directory.delete(T, deletion_of(staff))
        directory.delete(T, deletion_of(fresh(directory, key)))
        assert directory.read(T, key) is None

    # What is kept of the deleted

    def test_a_deleted_resource_is_kept_only_where_the_deletion_asks_for_it(
        self, directory: Directory
    ) -> None:
        ann = stored(directory, user("ann"))
        assert directory.kept(T, ann.key, LATER) is None
        directory.delete(T, deletion_of(ann))
        assert directory.kept(T, ann.key, LATER) is None
        assert directory.kept(T, Key("User", "no id"), LATER) is None

    def test_a_kept_resource_is_restored_with_its_edges(self, directory: Directory) -> None:
        keys = users(directory, 2)
        staff = stored(directory, group("staff", keys)).key
        keep(directory, keys[0])
        assert member_ids(directory, staff) == [keys[1].id]
        restore(directory, keys[0])
        ann = fresh(directory, keys[0])
        assert (ann.version, ann.created, ann.body) == (
            3,
            NOW,
            {"userName": "user0", "active": True},
        )
        assert ann.links == {MEMBERS: frozenset({staff.id})}
        assert member_ids(directory, staff) == ids(keys)
        assert directory.count(T, "User") == 2
        assert directory.kept(T, keys[0], LATER) is None

    def test_a_kept_group_is_restored_into_its_group(self, directory: Directory) -> None:
        inner = stored(directory, group("inner")).key
        outer = stored(directory, group("outer", [inner])).key
        keep(directory, inner)
        before = fresh(directory, outer)
        assert (member_ids(directory, outer), before.counts) == ([], {})
        restore(directory, inner)
        after = fresh(directory, outer)
        assert (member_ids(directory, outer), after.counts) == ([inner.id], {"members": 1})
        assert (after.version, after.last_modified) == (before.version + 1, MUCH_LATER)
        assert fresh(directory, inner).links == {MEMBERS: frozenset({outer.id})}

    @pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["group-first", "member-first"])
    def test_a_group_and_its_member_are_restored_in_either_order(
        self, directory: Directory, order: tuple[int, int]
    ) -> None:
        for first, second in ((0, 1), (1, 0)):
            ends = stored(directory, user(f"ann{first}")).key
            staff = stored(directory, group("staff", [ends])).key
            both = staff, ends
            for each in (both[first], both[second]):
                keep(directory, each)
            for each in order:
                restore(directory, both[each])
            assert member_ids(directory, staff) == [ends.id]

    def test_a_kept_resource_whose_name_is_taken_since_is_not_restored(
        self, directory: Directory
    ) -> None:
        ann = stored(directory, user("ann")).key
        keep(directory, ann)
        stored(directory, user("ann"))
        with pytest.raises(Uniqueness):
            restore(directory, ann)
        assert directory.kept(T, ann, LATER) is not None

    def test_a_kept_resource_is_forgotten_when_its_time_is_over(self, directory: Directory) -> None:
        ann = stored(directory, user("ann")).key
        keep(directory, ann)
        assert directory.kept(T, ann, "2026-03-30T10:00:00.000Z") is not None
        assert directory.kept(T, ann, "2026-03-31T10:20:01.000Z") is None
