"""Every ordered pair of operations, the second at every store request of the first; deaths likewise."""

from itertools import permutations

import pytest

from tests.sampled import sampled_pairs
from tests.simulation.operations import Words
from tests.simulation.pairs import (
    OPERATIONS,
    Town,
    dying,
    every_boundary,
    members_left,
    together,
)

PAIRS = sampled_pairs(OPERATIONS, OPERATIONS, every=53)


TWICE = [
    ("leave", "g0", "p0"),
    ("join", "g1", "p2", "p3"),
    ("delete", "p0"),
    ("create", "p4"),
    ("set", "p1", "userName", "user-x"),
]
"""What two clients do at the same time more often than anything else: the same."""

OVERTAKEN = [
    (("delete", "g0"), ("put-group", "g0", "w6")),
    (("delete", "g1"), ("put-group", "g1", "w5", "p0", "p1", "p2", "p3", "g0")),
    (("delete", "p0"), ("set", "p0", "userName", "user-x")),
]
"""Deletions of what somebody else gives other indexed values at the same time."""


WHOLE: list[Words] = [
    ("put-group", "g0", "w0"),
    ("put-group", "g0", "w0", "p3"),
    ("put-group", "g0", "w0", "p0", "p1", "p2", "p3", "g2", "g1"),
]
"""What changes nothing but the members of g0: to none, in parts, and by one more."""


@pytest.fixture(name="town", scope="module")
def _town() -> Town:
    return Town()


@pytest.mark.parametrize(("first", "second"), PAIRS)
@pytest.mark.sampled(2)
def test_an_operation_in_the_middle_of_another_spoils_nothing(
    town: Town, first: Words, second: Words
) -> None:
    boundaries = dict(every_boundary(town, first, second, together))
    assert boundaries
    assert {k: wrong for k, wrong in boundaries.items() if wrong} == {}


@pytest.mark.parametrize("words", TWICE, ids=" ".join)
def test_the_same_twice_at_the_same_time_spoils_nothing(town: Town, words: Words) -> None:
    boundaries = dict(every_boundary(town, words, words, together))
    assert {k: wrong for k, wrong in boundaries.items() if wrong} == {}


@pytest.mark.parametrize(("first", "second"), OVERTAKEN)
def test_a_deletion_leaves_nothing_behind_of_what_changed_meanwhile(
    town: Town, first: Words, second: Words
) -> None:
    boundaries = dict(every_boundary(town, first, second, together))
    assert {k: wrong for k, wrong in boundaries.items() if wrong} == {}


@pytest.mark.parametrize(("first", "second"), PAIRS)
@pytest.mark.sampled(2)
def test_an_operation_after_another_has_died_spoils_nothing(
    town: Town, first: Words, second: Words
) -> None:
    boundaries = dict(every_boundary(town, first, second, dying))
    assert {k: wrong for k, wrong in boundaries.items() if wrong} == {}


@pytest.mark.parametrize(("first", "second"), [*permutations(WHOLE, 2)])
@pytest.mark.sampled(2)
def test_all_members_set_twice_at_once_are_those_of_one_of_the_two(
    town: Town, first: Words, second: Words
) -> None:
    left = [*members_left(town, "g0", first, second)]
    assert len(left) > 2
    assert set(left) <= {left[0], left[-1]}
