"""The part of the contract of `Directory` about edges."""

from dataclasses import replace

import pytest

from scim.errors import InvalidValue
from scim.resource.access_path import Direction, IndexValue
from scim.resource.change import Creation, EdgeDelta, Update
from scim.resource.record import Edge, Key, Link, Stale
from scim.service.ports import Directory
from tests.contract.directory.steps import MEMBERS, T, fresh, ids, member_ids, stored, users
from tests.contract.samples import (
    LATER,
    NOW,
    content,
    deletion_of,
    group,
    id_,
    joining,
    leaving,
    matching,
)


class EdgesContract:
    """Edges: members join and leave, alone and many at once; `many` are more than one transaction holds."""

    many = 1000

    def test_a_group_is_created_with_members(self, directory: Directory) -> None:
        keys = users(directory, 3)
        staff = stored(directory, group("staff", keys))
        assert staff.counts == {"members": 3}
        assert staff.version == 1
        assert member_ids(directory, staff.key) == ids(keys)
        assert fresh(directory, keys[0]).links == {MEMBERS: frozenset({staff.key.id})}

    def test_a_group_without_members_counts_none(self, directory: Directory) -> None:
        assert stored(directory, group("staff")).counts == {}

    def test_the_values_sent_with_an_edge_are_kept(self, directory: Directory) -> None:
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

    def test_adding_an_existing_edge_is_stale(self, directory: Directory) -> None:
        (key,) = users(directory, 1)
        staff = stored(directory, group("staff", [key]))
        with pytest.raises(Stale):
            directory.update(T, joining(staff, key))
        assert fresh(directory, staff.key).counts == {"members": 1}

    def test_removing_a_missing_edge_is_stale(self, directory: Directory) -> None:
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

    def test_a_page_beyond_an_edge_that_is_gone_keeps_to_its_limit(
        self, directory: Directory
    ) -> None:
        keys = users(directory, 5)
        staff = stored(directory, group("staff", keys))
        first = directory.edges(T, staff.key, "members", Direction.UP, None, 2)
        left = EdgeDelta("members", removed=(first.edges[-1].target,))
        directory.update(T, Update(staff, LATER, edges=(left,)))
        second = directory.edges(T, staff.key, "members", Direction.UP, first.beyond, 2)
        assert [edge.target.id for edge in second.edges] == ids(keys)[2:4]
        assert second.beyond == ids(keys)[3]

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
