"""The rules of the port `Directory`, tried on whatever implements it.

A test module subclasses DirectoryContract and provides the fixture `directory`.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from scim.errors import InvalidValue, Uniqueness
from scim.resource.access_path import Direction, IndexValue
from scim.resource.change import Creation, EdgeDelta, Guard, Restoration, Update
from scim.resource.record import Edge, Entry, Key, Link, Record, Stale
from scim.service.ports import Directory
from tests.contract.samples import (
    LATER,
    MUCH_LATER,
    NOW,
    content,
    deletion_of,
    entries_of,
    group,
    id_,
    joining,
    leaving,
    matching,
    user,
)

T = "acme"
MEMBERS = Link("Group", "members")


def stored(directory: Directory, creation: Creation, tenant: str = T) -> Record:
    """Create a resource and read it back."""
    directory.create(tenant, creation)
    return fresh(directory, creation.key, tenant)


def fresh(directory: Directory, key: Key, tenant: str = T) -> Record:
    """Read a resource that must live."""
    return directory.read_latest(tenant, [key])[key]


def keep(directory: Directory, key: Key) -> None:
    """Delete a resource that is kept until the 31st of March."""
    until = int(datetime(2026, 3, 31, 10, 20, tzinfo=UTC).timestamp())
    directory.delete(T, replace(deletion_of(fresh(directory, key)), kept_until=until))


def restore(directory: Directory, key: Key) -> None:
    """Restore what is kept of a resource."""
    kept = directory.kept(T, key, MUCH_LATER)
    assert kept is not None
    restores = Restoration(kept.version, kept.created, kept.parents)
    entries = entries_of(kept.body)
    creation = Creation(key, kept.body, entries, MUCH_LATER, restores=restores)
    directory.create(T, creation)


def users(directory: Directory, number: int, tenant: str = T) -> list[Key]:
    """Create some users."""
    creations = [user(f"user{n}") for n in range(number)]
    for creation in creations:
        directory.create(tenant, creation)
    return [creation.key for creation in creations]


def member_ids(directory: Directory, source: Key, limit: int = 100) -> list[str]:
    """Walk through all edges of a group."""
    found: list[str] = []
    after: str | None = None
    while True:
        page = directory.edges(T, source, "members", Direction.UP, after, limit)
        found += [edge.target.id for edge in page.edges]
        after = page.beyond
        if after is None:
            return found


def all_ids(directory: Directory, type_name: str, limit: int) -> list[str]:
    """Walk through all records of a type."""
    found: list[str] = []
    after: str | None = None
    while True:
        page = directory.records(T, type_name, Direction.UP, after, limit)
        found += [record.key.id for record in page.records]
        after = page.records[-1].key.id if page.has_more else None
        if after is None:
            return found


def ids(keys: Iterable[Key]) -> list[str]:
    return sorted(key.id for key in keys)


class DirectoryContract:
    """What every directory must do; `many` edges are more than one transaction holds."""

    many = 1000

    # Creating and reading

    def test_what_was_created_reads_back(self, directory: Directory) -> None:
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

    # Unique values

    def test_a_unique_value_cannot_be_taken_twice(self, directory: Directory) -> None:
        directory.create(T, user("ann"))
        with pytest.raises(Uniqueness) as refusal:
            directory.create(T, user("ann"))
        assert "userName" in refusal.value.detail
        assert "ann" not in refusal.value.detail

    def test_folded_values_collide(self, directory: Directory) -> None:
        directory.create(T, user("Ann"))
        with pytest.raises(Uniqueness):
            directory.create(T, user("aNN"))

    def test_a_refused_creation_leaves_nothing(self, directory: Directory) -> None:
        directory.create(T, user("ann", externalId="1"))
        refused = user("ann", externalId="2")
        with pytest.raises(Uniqueness):
            directory.create(T, refused)
        assert directory.read(T, refused.key) is None
        assert (
            directory.ids(T, IndexValue("User", "externalId", "2"), Direction.UP, None, 10).ids
            == []
        )
        assert directory.count(T, "User") == 1

    def test_values_that_are_not_unique_are_shared(self, directory: Directory) -> None:
        one, two = user("ann", externalId="7"), user("bob", externalId="7")
        directory.create(T, one)
        directory.create(T, two)
        assert directory.ids(
            T, IndexValue("User", "externalId", "7"), Direction.UP, None, 10
        ).ids == ids([one.key, two.key])

    def test_a_unique_value_of_another_type_is_free(self, directory: Directory) -> None:
        directory.create(T, user("ann"))
        other = replace(user("ann"), key=Key("Device", id_()))
        directory.create(T, other)
        assert directory.ids(
            T, IndexValue("Device", "userName", "ann"), Direction.UP, None, 10
        ).ids == [other.key.id]

    def test_an_id_cannot_be_created_twice(self, directory: Directory) -> None:
        creation = user("ann")
        directory.create(T, creation)
        with pytest.raises(Stale):
            directory.create(T, replace(user("bob"), key=creation.key))
        assert fresh(directory, creation.key).body == creation.body

    def test_a_changed_unique_value_frees_the_old_and_guards_the_new(
        self, directory: Directory
    ) -> None:
        ann = stored(directory, user("ann"))
        directory.update(T, content(ann, {"userName": "anna"}))
        assert (
            directory.ids(T, IndexValue("User", "userName", "ann"), Direction.UP, None, 10).ids
            == []
        )
        assert directory.ids(
            T, IndexValue("User", "userName", "anna"), Direction.UP, None, 10
        ).ids == [ann.key.id]
        directory.create(T, user("ann"))
        with pytest.raises(Uniqueness):
            directory.create(T, user("anna"))

    def test_a_change_to_a_taken_value_is_refused_and_changes_nothing(
        self, directory: Directory
    ) -> None:
        ann = stored(directory, user("ann"))
        directory.create(T, user("bob"))
        with pytest.raises(Uniqueness):
            directory.update(T, content(ann, {"userName": "bob"}))
        assert fresh(directory, ann.key) == ann
        assert directory.ids(
            T, IndexValue("User", "userName", "ann"), Direction.UP, None, 10
        ).ids == [ann.key.id]

    def test_a_change_of_case_only_keeps_the_value(self, directory: Directory) -> None:
        ann = stored(directory, user("ann"))
        directory.update(T, content(ann, {"userName": "ANN"}))
        assert fresh(directory, ann.key).body == {"userName": "ANN"}
        assert directory.ids(
            T, IndexValue("User", "userName", "ann"), Direction.UP, None, 10
        ).ids == [ann.key.id]

    # Looking up values

    def test_a_value_nobody_has_finds_nothing(self, directory: Directory) -> None:
        assert (
            directory.ids(T, IndexValue("User", "userName", "ann"), Direction.UP, None, 10).ids
            == []
        )

    @pytest.mark.parametrize(
        ("value", "other"),
        [
            ("ann", "ann b"),
            ("ann", "ann\x00b"),
            ("ann", "ann\x01"),
            ("ann", "an"),
            ("", "a"),
            ("a#b", "a"),
            ("é" * 700, "é" * 701),
            ("x" * 5000, "x" * 4999 + "y"),
            ("\U0001f600", "\uffff"),
        ],
        ids=ascii,
    )
    @pytest.mark.parametrize("is_unique", [True, False])
    def test_only_the_very_value_is_found(
        self, directory: Directory, value: str, other: str, is_unique: bool
    ) -> None:
        keys = [Key("User", id_()), Key("User", id_())]
        for key, held in zip(keys, (value, other), strict=True):
            entries = frozenset({Entry("nickName", held, is_unique)})
            directory.create(T, Creation(key, {}, entries, NOW))
        assert directory.ids(
            T, IndexValue("User", "nickName", value), Direction.UP, None, 10
        ).ids == [keys[0].id]
        assert directory.ids(
            T, IndexValue("User", "nickName", other), Direction.UP, None, 10
        ).ids == [keys[1].id]

    def test_an_attribute_named_with_a_schema_urn_is_indexed(self, directory: Directory) -> None:
        attribute = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber"
        key = Key("User", id_())
        directory.create(T, Creation(key, {}, frozenset({Entry(attribute, "7", True)}), NOW))
        assert directory.ids(T, IndexValue("User", attribute, "7"), Direction.UP, None, 10).ids == [
            key.id
        ]

    def test_no_more_ids_than_asked_for_are_found(self, directory: Directory) -> None:
        keys = [stored(directory, user(f"u{n}", externalId="7")).key for n in range(3)]
        assert (
            directory.ids(T, IndexValue("User", "externalId", "7"), Direction.UP, None, 2).ids
            == ids(keys)[:2]
        )

    def test_an_added_and_a_removed_value_follow_the_body(self, directory: Directory) -> None:
        ann = stored(directory, user("ann", externalId="1"))
        directory.update(T, content(ann, {"userName": "ann", "displayName": "Ann"}))
        assert (
            directory.ids(T, IndexValue("User", "externalId", "1"), Direction.UP, None, 10).ids
            == []
        )
        assert directory.ids(
            T, IndexValue("User", "displayName", "ann"), Direction.UP, None, 10
        ).ids == [ann.key.id]

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

    # Edges

    def test_a_group_is_created_with_members(self, directory: Directory) -> None:
        keys = users(directory, 3)
        staff = stored(directory, group("staff", keys))
        assert staff.counts == {"members": 3}
        assert staff.version == 1
        assert member_ids(directory, staff.key) == ids(keys)
        assert fresh(directory, keys[0]).links == {MEMBERS: frozenset({staff.key.id})}

    def test_a_group_without_members_counts_none(self, directory: Directory) -> None:
        assert stored(directory, group("staff")).counts == {}

    def test_what_was_sent_with_an_edge_is_kept(self, directory: Directory) -> None:
        (key,) = users(directory, 1)
        staff = stored(directory, group("staff"))
        edge = Edge(key, {"type": "User", "display": "Ann Müller"})
        directory.update(T, Update(staff, LATER, edges=(EdgeDelta("members", (edge,)),)))
        assert directory.edges(T, staff.key, "members", Direction.UP, None, 10).edges == [edge]

    def test_an_edge_removed_and_added_at_once_only_changes_what_was_sent(
        self, directory: Directory
    ) -> None:
        (key,) = users(directory, 1)
        staff = stored(directory, group("staff", [key]))
        edge = Edge(key, {"display": "Ann"})
        delta = EdgeDelta("members", (edge,), (key,))
        assert directory.update(T, Update(staff, LATER, edges=(delta,))) == 2
        assert directory.edges(T, staff.key, "members", Direction.UP, None, 10).edges == [edge]
        assert fresh(directory, staff.key).counts == {"members": 1}
        assert fresh(directory, key).links == {MEMBERS: frozenset({staff.key.id})}

    def test_members_join_and_leave(self, directory: Directory) -> None:
        keys = users(directory, 3)
        staff = stored(directory, group("staff", keys[:2]))
        deltas = (EdgeDelta("members", (Edge(keys[2]),), (keys[0],)),)
        assert directory.update(T, Update(staff, LATER, edges=deltas)) == 2
        after = fresh(directory, staff.key)
        assert (after.version, after.last_modified) == (2, LATER)
        assert after.counts == {"members": 2}
        assert member_ids(directory, staff.key) == ids(keys[1:])
        assert fresh(directory, keys[0]).links == {}

    def test_changed_edges_leave_the_content(self, directory: Directory) -> None:
        keys = users(directory, 1)
        staff = stored(directory, group("staff"))
        directory.update(T, joining(staff, *keys))
        assert fresh(directory, staff.key).body == staff.body

    def test_content_and_edges_change_together(self, directory: Directory) -> None:
        keys = users(directory, 1)
        staff = stored(directory, group("staff"))
        change = replace(content(staff, {"displayName": "crew"}), edges=joining(staff, *keys).edges)
        assert directory.update(T, change) == 2
        after = fresh(directory, staff.key)
        assert (after.body, after.counts) == ({"displayName": "crew"}, {"members": 1})
        assert directory.ids(
            T, IndexValue("Group", "displayName", "crew"), Direction.UP, None, 10
        ).ids == [staff.key.id]

    def test_a_member_keeps_its_version(self, directory: Directory) -> None:
        (key,) = users(directory, 1)
        directory.create(T, group("staff", [key]))
        assert fresh(directory, key).version == 1

    def test_edges_added_from_the_same_version_all_stay(self, directory: Directory) -> None:
        keys = users(directory, 5)
        staff = stored(directory, group("staff"))
        for key in keys:
            directory.update(T, joining(staff, key))
        after = fresh(directory, staff.key)
        assert (after.version, after.counts) == (6, {"members": 5})
        assert member_ids(directory, staff.key) == ids(keys)

    def test_edges_must_match_the_version_when_asked_to(self, directory: Directory) -> None:
        keys = users(directory, 2)
        staff = stored(directory, group("staff"))
        directory.update(T, joining(staff, keys[0]))
        with pytest.raises(Stale):
            directory.update(T, matching(joining(staff, keys[1])))
        directory.update(T, matching(joining(fresh(directory, staff.key), keys[1])))
        assert member_ids(directory, staff.key) == ids(keys)

    def test_adding_an_edge_that_is_there_is_stale(self, directory: Directory) -> None:
        (key,) = users(directory, 1)
        staff = stored(directory, group("staff", [key]))
        with pytest.raises(Stale):
            directory.update(T, joining(staff, key))
        assert fresh(directory, staff.key).counts == {"members": 1}

    def test_removing_an_edge_that_is_not_there_is_stale(self, directory: Directory) -> None:
        (key,) = users(directory, 1)
        staff = stored(directory, group("staff"))
        with pytest.raises(Stale):
            directory.update(T, leaving(staff, key))
        assert fresh(directory, staff.key).counts == {}

    def test_one_refused_edge_refuses_the_whole_change(self, directory: Directory) -> None:
        keys = users(directory, 2)
        staff = stored(directory, group("staff", keys[:1]))
        with pytest.raises(Stale):
            directory.update(T, joining(staff, *keys))
        assert member_ids(directory, staff.key) == ids(keys[:1])
        assert fresh(directory, keys[1]).links == {}

    @pytest.mark.parametrize("kind", ["unknown", "deleted"])
    def test_an_edge_needs_a_live_target(self, directory: Directory, kind: str) -> None:
        (key,) = users(directory, 1)
        if kind == "deleted":
            directory.delete(T, deletion_of(fresh(directory, key)))
        target = key if kind == "deleted" else Key("User", id_())
        staff = stored(directory, group("staff"))
        with pytest.raises(Stale):
            directory.update(T, joining(staff, target))
        with pytest.raises(Stale):
            directory.create(T, group("crew", [target]))

    def test_a_resource_cannot_be_related_to_itself(self, directory: Directory) -> None:
        staff = stored(directory, group("staff"))
        with pytest.raises(InvalidValue):
            directory.update(T, joining(staff, staff.key))

    def test_relations_are_kept_apart(self, directory: Directory) -> None:
        (key,) = users(directory, 1)
        staff = stored(directory, group("staff"))
        deltas = (EdgeDelta("members", (Edge(key),)), EdgeDelta("owners", (Edge(key),)))
        directory.update(T, Update(staff, LATER, edges=deltas))
        assert fresh(directory, staff.key).counts == {"members": 1, "owners": 1}
        both = {MEMBERS: frozenset({staff.key.id}), Link("Group", "owners"): {staff.key.id}}
        assert fresh(directory, key).links == both
        gone = Update(staff, LATER, edges=(EdgeDelta("owners", removed=(key,)),))
        directory.update(T, gone)
        assert fresh(directory, key).links == {MEMBERS: frozenset({staff.key.id})}
        assert directory.edges(T, staff.key, "owners", Direction.UP, None, 10).edges in ([], ())
        assert member_ids(directory, staff.key) == [key.id]

    def test_one_target_can_move_between_relations(self, directory: Directory) -> None:
        (key,) = users(directory, 1)
        staff = stored(directory, group("staff", [key]))
        deltas = (EdgeDelta("members", (), (key,)), EdgeDelta("owners", (Edge(key),)))
        directory.update(T, Update(staff, LATER, edges=deltas))
        assert fresh(directory, staff.key).counts == {"owners": 1}
        assert fresh(directory, key).links == {Link("Group", "owners"): {staff.key.id}}

    def test_groups_nest(self, directory: Directory) -> None:
        inner = stored(directory, group("inner"))
        outer = stored(directory, group("outer", [inner.key]))
        assert directory.edges(T, outer.key, "members", Direction.UP, None, 10).edges == [
            Edge(inner.key)
        ]
        assert fresh(directory, inner.key).links == {MEMBERS: frozenset({outer.key.id})}

    def test_ids_that_are_no_uuids_are_linked_too(self, directory: Directory) -> None:
        key = Key("User", "B4A2-legacy:7")
        directory.create(T, Creation(key, {}, frozenset(), NOW))
        staff = replace(group("staff", [key]), key=Key("Group", "AAAA0000"))
        directory.create(T, staff)
        assert fresh(directory, key).links == {MEMBERS: frozenset({"AAAA0000"})}

    def test_edges_come_in_pages(self, directory: Directory) -> None:
        keys = users(directory, 5)
        staff = stored(directory, group("staff", keys))
        first = directory.edges(T, staff.key, "members", Direction.UP, None, 2)
        assert [edge.target.id for edge in first.edges] == ids(keys)[:2]
        assert first.beyond == ids(keys)[1]
        second = directory.edges(T, staff.key, "members", Direction.UP, first.beyond, 3)
        assert [edge.target.id for edge in second.edges] == ids(keys)[2:]
        assert second.beyond is None

    @pytest.mark.parametrize("share", [20, 4])
    def test_many_members_join_and_leave_at_once(self, directory: Directory, share: int) -> None:
        number = self.many // share
        keys = users(directory, number)
        staff = stored(directory, group("staff"))
        version = directory.update(T, joining(staff, *keys))
        after = fresh(directory, staff.key)
        assert version == after.version > staff.version
        assert after.counts == {"members": number}
        assert member_ids(directory, staff.key) == ids(keys)
        assert fresh(directory, keys[-1]).links == {MEMBERS: frozenset({staff.key.id})}
        directory.update(T, leaving(after, *keys))
        assert fresh(directory, staff.key).counts == {}
        assert member_ids(directory, staff.key) == []
        assert fresh(directory, keys[-1]).links == {}

    def test_a_group_is_created_with_many_members(self, directory: Directory) -> None:
        keys = users(directory, self.many)
        staff = stored(directory, group("staff", keys))
        assert staff.counts == {"members": self.many}
        assert member_ids(directory, staff.key, 300) == ids(keys)

    def test_many_edges_and_new_content_change_together(self, directory: Directory) -> None:
        keys = users(directory, self.many // 10)
        staff = stored(directory, group("staff"))
        change = replace(content(staff, {"displayName": "crew"}), edges=joining(staff, *keys).edges)
        version = directory.update(T, change)
        after = fresh(directory, staff.key)
        assert (after.version, after.body) == (version, {"displayName": "crew"})
        assert after.counts == {"members": len(keys)}
        assert (
            directory.ids(
                T, IndexValue("Group", "displayName", "staff"), Direction.UP, None, 10
            ).ids
            == []
        )

    def test_many_edges_on_a_stale_version_change_nothing(self, directory: Directory) -> None:
        keys = users(directory, self.many // 10)
        staff = stored(directory, group("staff"))
        directory.update(T, content(staff, {"displayName": "crew"}))
        with pytest.raises(Stale):
            directory.update(T, matching(joining(staff, *keys)))
        assert fresh(directory, staff.key).counts == {}

    # Deleting

    def test_the_deleted_is_invisible_at_once(self, directory: Directory) -> None:
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

    def test_the_values_of_the_deleted_are_free_at_once(self, directory: Directory) -> None:
        directory.delete(T, deletion_of(stored(directory, user("ann"))))
        again = stored(directory, user("ann"))
        assert directory.ids(
            T, IndexValue("User", "userName", "ann"), Direction.UP, None, 10
        ).ids == [again.key.id]

    def test_the_id_of_the_deleted_is_not_used_again(self, directory: Directory) -> None:
        creation = user("ann")
        directory.delete(T, deletion_of(stored(directory, creation)))
        with pytest.raises(Stale):
            directory.create(T, creation)

    def test_deleting_twice_is_stale(self, directory: Directory) -> None:
        ann = stored(directory, user("ann"))
        directory.delete(T, deletion_of(ann))
        with pytest.raises(Stale):
            directory.delete(T, deletion_of(ann))

    def test_deleting_what_never_was_is_stale(self, directory: Directory) -> None:
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

    def test_a_deletion_does_not_mind_changed_edges(self, directory: Directory) -> None:
        (key,) = users(directory, 1)
        staff = stored(directory, group("staff"))
        directory.update(T, joining(staff, key))
        directory.delete(T, deletion_of(staff))
        assert directory.read(T, staff.key) is None

    def test_a_deletion_minds_changed_edges_when_asked_to(self, directory: Directory) -> None:
        (key,) = users(directory, 1)
        staff = stored(directory, group("staff"))
        directory.update(T, joining(staff, key))
        with pytest.raises(Stale):
            directory.delete(T, replace(deletion_of(staff), must_match=True))

    def test_the_deleted_leaves_its_groups(self, directory: Directory) -> None:
        keys = users(directory, 2)
        staff = stored(directory, group("staff", keys))
        directory.delete(T, deletion_of(fresh(directory, keys[0])))
        after = fresh(directory, staff.key)
        assert member_ids(directory, staff.key) == [keys[1].id]
        assert after.counts == {"members": 1}
        assert (after.version, after.last_modified) == (2, MUCH_LATER)

    def test_a_group_joined_since_the_reading_is_left_too(self, directory: Directory) -> None:
        ann = stored(directory, user("ann"))
        staff = stored(directory, group("staff", [ann.key]))
        directory.delete(T, deletion_of(ann))
        assert member_ids(directory, staff.key) == []
        assert fresh(directory, staff.key).counts == {}

    def test_a_group_left_since_the_reading_is_no_obstacle(self, directory: Directory) -> None:
        (key,) = users(directory, 1)
        staff = stored(directory, group("staff", [key]))
        ann = fresh(directory, key)
        directory.update(T, leaving(staff, key))
        directory.delete(T, deletion_of(ann))
        assert fresh(directory, staff.key).counts == {}

    def test_the_deleted_in_many_groups_shows_in_none(self, directory: Directory) -> None:
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

    def test_nothing_is_kept_unless_asked_for(self, directory: Directory) -> None:
        ann = stored(directory, user("ann"))
        assert directory.kept(T, ann.key, LATER) is None
        directory.delete(T, deletion_of(ann))
        assert directory.kept(T, ann.key, LATER) is None
        assert directory.kept(T, Key("User", "no id"), LATER) is None

    def test_the_kept_is_restored_with_its_edges(self, directory: Directory) -> None:
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

    @pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["group-first", "member-first"])
    def test_both_ends_come_back_in_either_order(
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

    def test_a_name_taken_since_refuses_the_kept(self, directory: Directory) -> None:
        ann = stored(directory, user("ann")).key
        keep(directory, ann)
        stored(directory, user("ann"))
        with pytest.raises(Uniqueness):
            restore(directory, ann)
        assert directory.kept(T, ann, LATER) is not None

    def test_the_kept_is_forgotten_when_its_time_is_over(self, directory: Directory) -> None:
        ann = stored(directory, user("ann")).key
        keep(directory, ann)
        assert directory.kept(T, ann, "2026-03-30T10:00:00.000Z") is not None
        assert directory.kept(T, ann, "2026-03-31T10:20:01.000Z") is None

    # Pages and counts

    def test_pages_are_in_id_order_and_complete(self, directory: Directory) -> None:
        keys = users(directory, 7)
        for limit in (1, 3, 7, 100):
            assert all_ids(directory, "User", limit) == ids(keys)

    def test_a_page_holds_whole_records(self, directory: Directory) -> None:
        ann = stored(directory, user("ann"))
        page = directory.records(T, "User", Direction.UP, None, 10)
        assert (page.records, page.has_more) == ([ann], False)

    def test_a_full_page_at_the_end_is_the_last(self, directory: Directory) -> None:
        users(directory, 2)
        assert directory.records(T, "User", Direction.UP, None, 2).has_more is False

    def test_a_page_can_begin_behind_an_id_that_is_gone(self, directory: Directory) -> None:
        keys = sorted(users(directory, 4))
        directory.delete(T, deletion_of(fresh(directory, keys[1])))
        page = directory.records(T, "User", Direction.UP, keys[1].id, 10)
        assert [record.key for record in page.records] == keys[2:]

    def test_pages_skip_the_deleted(self, directory: Directory) -> None:
        keys = sorted(users(directory, 6))
        for key in keys[1:4]:
            directory.delete(T, deletion_of(fresh(directory, key)))
        page = directory.records(T, "User", Direction.UP, None, 2)
        assert [record.key for record in page.records] == [keys[0], keys[4]]
        assert all_ids(directory, "User", 2) == ids([keys[0], *keys[4:]])

    def test_a_type_without_records_is_one_empty_page(self, directory: Directory) -> None:
        page = directory.records(T, "Device", Direction.UP, None, 10)
        assert ([*page.records], page.has_more) == ([], False)

    def test_counts_are_exact_by_type(self, directory: Directory) -> None:
        keys = users(directory, 4)
        directory.create(T, group("staff"))
        directory.create(T, replace(user("x"), key=Key("User2", id_())))
        directory.delete(T, deletion_of(fresh(directory, keys[0])))
        assert directory.count(T, "User") == 3
        assert directory.count(T, "User2") == 1
        assert directory.count(T, "Group") == 1
        assert directory.count(T, "Device") == 0

    # Tenants

    def test_another_tenant_sees_nothing(self, directory: Directory) -> None:
        (key,) = users(directory, 1)
        staff = stored(directory, group("staff", [key]))
        other = "globex"
        assert directory.read(other, key) is None
        assert directory.read_latest(other, [key]) == {}
        assert directory.read_many(other, [key]) == {}
        assert directory.records(other, "User", Direction.UP, None, 10).records in ([], ())
        assert directory.count(other, "User") == 0
        assert (
            directory.ids(
                other, IndexValue("User", "userName", "user0"), Direction.UP, None, 10
            ).ids
            == []
        )
        assert directory.edges(other, staff.key, "members", Direction.UP, None, 10).edges in (
            [],
            (),
        )

    def test_another_tenant_can_take_the_same_value(self, directory: Directory) -> None:
        directory.create(T, user("ann"))
        directory.create("acme-2", user("ann"))
        assert directory.count("acme-2", "User") == 1

    def test_another_tenant_can_change_nothing(self, directory: Directory) -> None:
        ann = stored(directory, user("ann"))
        with pytest.raises(Stale):
            directory.update("globex", content(ann, {"userName": "mallory"}))
        with pytest.raises(Stale):
            directory.delete("globex", deletion_of(ann))
        assert fresh(directory, ann.key) == ann

    def test_an_edge_cannot_reach_into_another_tenant(self, directory: Directory) -> None:
        ann = stored(directory, user("ann"), "globex")
        with pytest.raises(Stale):
            directory.create(T, group("staff", [ann.key]))
        staff = stored(directory, group("staff"))
        with pytest.raises(Stale):
            directory.update(T, joining(staff, ann.key))

    @pytest.mark.parametrize("tenant", ["", "a#b", "~", "a b", "T#acme", "é"])
    def test_what_is_no_tenant_name_is_refused(self, directory: Directory, tenant: str) -> None:
        with pytest.raises(ValueError, match="tenant"):
            directory.create(tenant, user("ann"))
        with pytest.raises(ValueError, match="tenant"):
            directory.read(tenant, Key("User", id_()))

    # Several relations at once, single edges, and nesting

    def test_the_edges_of_several_sources_are_read_together(self, directory: Directory) -> None:
        keys = users(directory, 3)
        groups = [stored(directory, group(f"g{n}", keys[:n])).key for n in range(4)]
        found = directory.edges_of(T, groups, "members", 10)
        assert {key: ids(edge.target for edge in page.edges) for key, page in found.items()} == {
            key: ids(keys[:n]) for n, key in enumerate(groups)
        }
        assert all(page.beyond is None for page in found.values())

    def test_each_source_is_read_up_to_the_limit(self, directory: Directory) -> None:
        keys = users(directory, 3)
        groups = [stored(directory, group(f"g{n}", keys)).key for n in range(2)]
        found = directory.edges_of(T, groups, "members", 2)
        assert [len(page.edges) for page in found.values()] == [2, 2]
        assert [page.beyond for page in found.values()] == [ids(keys)[1]] * 2

    def test_edges_are_read_backwards_too(self, directory: Directory) -> None:
        keys = users(directory, 5)
        staff = stored(directory, group("staff", keys)).key
        found: list[str] = []
        before: str | None = None
        while True:
            page = directory.edges(T, staff, "members", Direction.DOWN, before, 2)
            found += [edge.target.id for edge in page.edges]
            before = page.beyond
            if before is None:
                break
        assert found == ids(keys)[::-1]

    def test_no_sources_have_no_edges(self, directory: Directory) -> None:
        assert directory.edges_of(T, [], "members", 10) == {}

    def test_an_edge_tells_since_when_it_is_there(self, directory: Directory) -> None:
        first, second = users(directory, 2)
        staff = stored(directory, group("staff", [first]))
        directory.update(T, joining(staff, second, now=LATER))
        page = directory.edges(T, staff.key, "members", Direction.UP, None, 10)
        assert {edge.target: edge.since for edge in page.edges} == {first: NOW, second: LATER}

    def test_single_edges_are_found_by_both_ends(self, directory: Directory) -> None:
        inside, outside = users(directory, 2)
        staff = stored(directory, group("staff", [inside])).key
        pairs = [(staff, inside.id), (staff, outside.id), (staff, "#"), (outside, inside.id)]
        found = directory.edges_between(T, pairs, "members")
        assert {pair: edge.target for pair, edge in found.items()} == {(staff, inside.id): inside}
        assert directory.edges_between(T, [], "members") == {}

    def test_a_deleted_source_has_no_edges(self, directory: Directory) -> None:
        staff = stored(directory, group("staff", users(directory, 2)))
        directory.delete(T, deletion_of(staff))
        assert directory.edges(T, staff.key, "members", Direction.UP, None, 10).edges in ([], ())
        assert [
            p.edges in ([], ()) for p in directory.edges_of(T, [staff.key], "members", 9).values()
        ] == [True]

    def test_a_guard_moves_on_with_each_change_made_under_it(self, directory: Directory) -> None:
        inner, outer = (stored(directory, group(name)) for name in ("inner", "outer"))
        assert directory.nesting(T, "Group", "members", NOW) == 0
        assert not directory.is_nested(T, "Group", "members")
        change = joining(outer, inner.key)
        directory.update(T, replace(change, guards=(Guard("members", 0),)))
        assert directory.nesting(T, "Group", "members", NOW) == 1
        assert directory.is_nested(T, "Group", "members")
        creation = replace(group("third", [inner.key]), guards=(Guard("members", 1),))
        directory.create(T, creation)
        assert directory.nesting(T, "Group", "members", NOW) == 2

    def test_a_change_under_a_guard_that_moved_on_is_stale(self, directory: Directory) -> None:
        inner, outer = (stored(directory, group(name)) for name in ("inner", "outer"))
        directory.update(T, replace(joining(outer, inner.key), guards=(Guard("members", 0),)))
        for state in (0, 2):
            guards = (Guard("members", state),)
            with pytest.raises(Stale):
                directory.update(T, replace(joining(inner, outer.key), guards=guards))
            with pytest.raises(Stale):
                directory.create(T, replace(group("third", [inner.key]), guards=guards))
        assert member_ids(directory, inner.key) == []
        assert directory.nesting(T, "Group", "members", NOW) == 1

    def test_guards_of_tenants_and_relations_are_apart(self, directory: Directory) -> None:
        inner, outer = (stored(directory, group(name)) for name in ("inner", "outer"))
        directory.update(T, replace(joining(outer, inner.key), guards=(Guard("members", 0),)))
        assert directory.nesting("other", "Group", "members", NOW) == 0
        assert directory.nesting(T, "Group", "owners", NOW) == 0
        assert directory.nesting(T, "Team", "members", NOW) == 0

    def test_a_large_change_is_made_under_its_guard(self, directory: Directory) -> None:
        inner, outer = (stored(directory, group(name)) for name in ("inner", "outer"))
        keys = [inner.key, *users(directory, self.many)]
        directory.update(T, replace(joining(outer, *keys), guards=(Guard("members", 0),)))
        assert directory.nesting(T, "Group", "members", NOW) == 1
        assert len(member_ids(directory, outer.key)) == self.many + 1

    def test_settling_what_is_settled_does_nothing(self, directory: Directory) -> None:
        staff = stored(directory, group("staff", users(directory, 1)))
        assert not staff.is_unsettled
        directory.settle(T, staff.key, LATER)
        directory.settle(T, Key("Group", id_()), LATER)
        assert fresh(directory, staff.key) == staff

    def test_numbers_count_up_for_each_type_and_tenant(self, directory: Directory) -> None:
        asked = [(T, "User"), (T, "User"), (T, "Group"), ("other", "User"), (T, "User")]
        assert [directory.next_number(*each) for each in asked] == [1, 2, 1, 1, 3]
