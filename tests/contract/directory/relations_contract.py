"""The part of the contract of `Directory` about relations."""

from dataclasses import replace

import pytest

from scim.resource.access_path import Direction
from scim.resource.change import Guard
from scim.resource.record import Key, Stale
from scim.service.ports import Directory
from tests.contract.directory.steps import T, fresh, ids, member_ids, stored, users
from tests.contract.samples import LATER, NOW, deletion_of, group, id_, joining


class RelationsContract:
    """Edges of several resources read together, single edges, guards and numbers."""

    many = 1000

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

    def test_settling_a_settled_resource_does_nothing(self, directory: Directory) -> None:
        staff = stored(directory, group("staff", users(directory, 1)))
        assert not staff.is_unsettled
        directory.settle(T, staff.key, LATER)
        directory.settle(T, Key("Group", id_()), LATER)
        assert fresh(directory, staff.key) == staff

    def test_numbers_count_up_for_each_type_and_tenant(self, directory: Directory) -> None:
        asked = [(T, "User"), (T, "User"), (T, "Group"), ("other", "User"), (T, "User")]
        assert [directory.next_number(*each) for each in asked] == [1, 2, 1, 1, 3]
