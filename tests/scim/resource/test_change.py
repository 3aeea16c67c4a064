"""What a change of edges leaves."""

from collections.abc import Mapping

import pytest

from scim.resource.change import EdgeDelta, counts_after
from scim.resource.record import Edge, Key

ANN, BOB = Key("User", "1"), Key("User", "2")


@pytest.mark.parametrize(
    ("before", "deltas", "after"),
    [
        ({}, [], {}),
        ({"members": 3}, [], {"members": 3}),
        ({}, [EdgeDelta("members", (Edge(ANN), Edge(BOB)))], {"members": 2}),
        ({"members": 3}, [EdgeDelta("members", (Edge(ANN),), (BOB,))], {"members": 3}),
        (
            {"members": 3, "owners": 1},
            [EdgeDelta("members", removed=(ANN, BOB)), EdgeDelta("owners", (Edge(ANN),))],
            {"members": 1, "owners": 2},
        ),
    ],
    ids=["nothing", "kept", "first", "exchanged", "two relations"],
)
def test_edges_added_and_removed_change_the_counts_of_their_relations(
    before: Mapping[str, int], deltas: list[EdgeDelta], after: Mapping[str, int]
) -> None:
    assert counts_after(before, deltas) == after
