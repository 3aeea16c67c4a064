"""Sizes measured for growth stay within the limits and fit the directory they are measured on."""

import pytest

from bench.scale.edges import EDGES, in_order
from scim.settings import VARIABLES, limits

DEFAULTS = {each.name: each.default for each in VARIABLES.values()}


@pytest.mark.parametrize("name", EDGES)
def test_the_largest_size_is_not_refused(name: str) -> None:
    edge = EDGES[name]
    assert list(edge.sizes) == sorted(set(edge.sizes))
    assert len(edge.sizes) >= 3
    if edge.bound:
        assert edge.sizes[-1] <= int(DEFAULTS[limits()[edge.bound]])


def test_each_size_is_asked_once_and_smaller_directories_first() -> None:
    order = in_order(EDGES)
    assert sorted(order) == sorted((name, n) for name, edge in EDGES.items() for n in edge.sizes)
    people = [
        edge.people[edge.sizes.index(size)] for name, size in order if (edge := EDGES[name]).people
    ]
    assert people == sorted(people)
    assert all(EDGES[name].people for name, _ in order[: len(people)])
