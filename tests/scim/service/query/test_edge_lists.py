"""Lists of edges are read from any position, in both directions, and only as far as needed."""

from collections.abc import Callable
from itertools import islice

import pytest

from scim.errors import TooMany
from scim.resource.access_path import Direction, RecordPage
from scim.resource.record import Key
from scim.schema.catalogue import RelationNames
from scim.service.endpoint import Bounds
from scim.service.query.edge_lists import (
    AllEdges,
    AtMostOneEdge,
    EdgeList,
    EdgesOfSources,
    EdgesToTarget,
    SourcedEdge,
    edge_between,
    edges_of_source,
    edges_to_target,
)
from scim.service.resources.edge import EdgeType, edge_type_of
from tests.fakes.directory import FakeDirectory
from tests.fakes.endpoint import FakeDeployment, id_

UP, DOWN = Direction.UP, Direction.DOWN
FIRST, NONE, SECOND = id_(11), id_(12), id_(13)
ALL = [(FIRST, id_(n)) for n in (1, 2, 3, 4)] + [(SECOND, id_(n)) for n in (3, 4, 5)]


@pytest.fixture(name="kind", scope="module")
def _of() -> EdgeType:
    """Users 1 to 10; group 11 has 1 to 4, 12 nobody, 13 has 3 to 5."""
    deployment = FakeDeployment()
    for n in range(1, 11):
        deployment.user(f"user{n}")
    deployment.group("first", *(id_(n) for n in (1, 2, 3, 4)))
    deployment.group("nobody")
    deployment.group("second", *(id_(n) for n in (3, 4, 5)))
    return edge_type_of(deployment.endpoint("GroupMember"))


def _ends(found: SourcedEdge) -> tuple[str, str]:
    source, edge = found
    return source.key.id, edge.target.id


@pytest.mark.parametrize(
    ("made", "expected_class", "expected", "is_counted"),
    [
        (AllEdges, AllEdges, ALL, False),
        (lambda kind: edges_of_source(kind, FIRST), EdgesOfSources, ALL[:4], True),
        (lambda kind: edges_of_source(kind, NONE), EdgesOfSources, [], True),
        (lambda kind: edges_of_source(kind, "nothing"), EdgesOfSources, [], True),
        (
            lambda kind: edges_to_target(kind, id_(3)),
            EdgesToTarget,
            [ALL[2], ALL[4]],
            True,
        ),
        (lambda kind: edges_to_target(kind, id_(9)), AtMostOneEdge, [], True),
        (lambda kind: edge_between(kind, FIRST, id_(9)), AtMostOneEdge, [], True),
    ],
    ids=["all", "of a source", "of none", "of nothing", "to a target", "to nobody", "between"],
)
def test_edges_come_in_the_order_of_their_ends(
    kind: EdgeType,
    made: Callable[[EdgeType], EdgeList],
    expected_class: type[EdgeList],
    expected: list[tuple[str, str]],
    is_counted: bool,
) -> None:
    edges = made(kind)
    assert isinstance(edges, expected_class)
    assert (edges.count(), edges.is_counted) == (len(expected), is_counted)
    for skip in range(len(expected) + 1):
        assert list(map(_ends, edges.beyond(None, UP, skip, 2))) == expected[skip:]
    for at, ends in enumerate(expected):
        assert list(map(_ends, edges.beyond(ends, UP, 0, 2))) == expected[at + 1 :]
        assert list(map(_ends, edges.beyond(ends, UP, 1, 2))) == expected[at + 2 :]
        assert list(map(_ends, edges.beyond(ends, DOWN, 0, 2))) == expected[:at][::-1]


def test_the_edge_between_two_is_one(kind: EdgeType) -> None:
    edges = edge_between(kind, FIRST, id_(2))
    assert (edges.count(), list(map(_ends, edges.beyond(None, UP, 0, 2)))) == (1, [ALL[1]])
    assert list(edges.beyond(None, UP, 1, 2)) == []
    assert list(edges.beyond(ALL[1], UP, 0, 2)) == []


def test_a_source_that_is_gone_is_walked_past() -> None:
    deployment = FakeDeployment()
    users = [deployment.user(f"user{n}") for n in range(3)]
    groups = [deployment.group(f"group{n}", *users) for n in range(3)]
    edges = AllEdges(edge_type_of(deployment.endpoint("GroupMember")))
    place = (groups[1], users[1])
    deployment.delete("Group", groups[1])
    assert [ends for ends, _ in map(_ends, edges.beyond(place, UP, 0, 9))] == [groups[2]] * 3
    assert [ends for ends, _ in map(_ends, edges.beyond(place, DOWN, 0, 9))] == [groups[0]] * 3


class CountingDirectory(FakeDirectory):
    """Counts the records it hands out in stretches."""

    handed_out = 0

    def records(
        self,
        tenant: str,
        type_name: str,
        direction: Direction,
        beyond: str | None,
        limit: int,
        related: RelationNames | None = None,
    ) -> RecordPage:
        found = super().records(tenant, type_name, direction, beyond, limit, related)
        self.handed_out += len(found.records)
        return found


def test_sources_are_read_as_far_as_needed_and_completely_to_count() -> None:
    directory = CountingDirectory()
    deployment = FakeDeployment(directory, bounds=Bounds(scanned=200))
    user = deployment.user("user")
    groups = [deployment.group(f"group{n}", user) for n in range(150)]
    edges = AllEdges(edge_type_of(deployment.endpoint("GroupMember")))
    found = list(islice(edges.beyond((groups[30], user), UP, 0, 5), 5))
    assert [_ends(each)[0] for each in found] == groups[31:36]
    assert directory.handed_out == 100
    directory.handed_out = 0
    assert edges.count() == 150
    assert directory.handed_out == 150


def test_too_many_sources_are_refused_with_what_would_narrow_it() -> None:
    deployment = FakeDeployment(bounds=Bounds(scanned=1))
    for name in ("one", "two"):
        deployment.group(name)
    edges = AllEdges(edge_type_of(deployment.endpoint("GroupMember")))
    with pytest.raises(TooMany, match=r"more than 1 resources .* group\.value or member\.value"):
        edges.count()


def test_a_target_is_known_by_the_first_type_it_may_have(kind: EdgeType) -> None:
    edges = edges_to_target(kind, id_(4))
    assert isinstance(edges, EdgesToTarget)
    assert edges.target == Key("User", id_(4))
