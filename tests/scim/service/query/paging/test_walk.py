"""A walk goes through its segments one after the other, from any place, onward and back."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import pytest

from scim.resource.access_path import Direction
from scim.resource.record import Key, Record
from scim.service.query.candidates import Candidate
from scim.service.query.matches import CandidateTest, Match, Matches
from scim.service.query.read_budget import ReadBudget
from scim.service.query.walk import IndexOrder, Segment, Slice
from tests.fakes.endpoint import NOW, FakeDeployment

ENDPOINT = FakeDeployment().endpoint("User")
UP, DOWN = Direction.UP, Direction.DOWN


def _record(name: str) -> Record:
    return Record(Key("User", name), 1, NOW, NOW, {"userName": name}, text="x" * 10)


def _opened(name: str, names: list[str]) -> Callable[[Direction, str | None, int], Matches]:
    def pages(direction: Direction, beyond: str | None) -> Iterator[list[Candidate]]:
        for each in sorted(names, reverse=direction is DOWN):
            if beyond is None or (each > beyond if direction is UP else each < beyond):
                yield [Candidate(each, each, _record(each))]

    def matches(_: Mapping[str, object]) -> bool:
        return True

    def reader(direction: Direction, beyond: str | None, _: int) -> Matches:
        found = pages(direction, beyond)
        return Matches(
            ENDPOINT, name, found, CandidateTest(matches, is_exact=True), ReadBudget(100)
        )

    return reader


def _segment(name: str, *names: str) -> Segment:
    return Segment(name, _opened(name, list(names)))


def _names(part: Slice) -> str:
    return "".join(match.record.key.id for match in part.matches)


FIRST, EMPTY, SECOND = _segment("first", *"abc"), _segment("empty"), _segment("second", *"xyz")
CHAIN = IndexOrder([FIRST, EMPTY, SECOND])
WHOLE = "abcxyz"


def _match(name: str) -> Match:
    return CHAIN.onward(None, WHOLE.index(name), 1).matches[0]


@pytest.mark.parametrize("number", range(1, 8))
@pytest.mark.parametrize("skip", range(8))
def test_a_leg_is_cut_from_the_whole(skip: int, number: int) -> None:
    expected, has_more = WHOLE[skip : skip + number], len(WHOLE) > skip + number
    part = CHAIN.onward(None, skip, number)
    assert (_names(part), part.has_more, part.total) == (expected, has_more, None)
    whole = CHAIN.first_and_total(skip, number)
    assert (_names(whole), whole.has_more, whole.total) == (expected, has_more, 6)


@pytest.mark.parametrize("number", [1, 2, 6])
@pytest.mark.parametrize("name", WHOLE)
def test_a_walk_goes_on_and_back_from_any_hit(name: str, number: int) -> None:
    at, position = WHOLE.index(name), _match(name).position
    onward = CHAIN.onward(position, 0, number)
    assert (_names(onward), onward.has_more) == (
        WHOLE[at + 1 : at + 1 + number],
        len(WHOLE) > at + 1 + number,
    )
    back = CHAIN.back(position, number)
    assert (_names(back), back.has_more) == (WHOLE[max(at - number, 0) : at], at > number)


def test_a_walk_downwards_is_the_same_backwards() -> None:
    chain = IndexOrder([SECOND, FIRST], DOWN)
    assert _names(chain.onward(None, 0, 9)) == "zyxcba"
    assert _names(chain.back(("first", "b"), 3)) == "yxc"
    assert _names(chain.onward(("second", "x"), 1, 1)) == "b"


def test_the_order_names_the_way_and_the_segments() -> None:
    assert CHAIN.order == "up first, empty, second"
    assert IndexOrder([SECOND, FIRST], DOWN).order == "down second, first"


def test_a_walk_is_counted_if_every_segment_is() -> None:
    assert not CHAIN.is_counted
    assert not IndexOrder([replace(FIRST, count=lambda: 3), SECOND]).is_counted
    counted = IndexOrder([replace(FIRST, count=lambda: 3), replace(EMPTY, count=lambda: 40)])
    assert (counted.is_counted, counted.count()) == (True, 43)


def test_a_segment_that_can_skip_is_not_read_for_it() -> None:
    skips: list[tuple[str | None, int]] = []

    def skipped(after: str | None, number: int) -> tuple[str | None, int]:
        skips.append((after, number))
        return ("b", 2) if number == 2 else ("c", 3)

    chain = IndexOrder([replace(FIRST, skipped=skipped), SECOND])
    assert _names(chain.onward(None, 2, 2)) == "cx"
    assert _names(chain.onward(None, 4, 2)) == "yz"
    assert skips == [(None, 2), (None, 4)]


def test_only_ascending_walks_skip() -> None:
    def skipped(_: str | None, __: int) -> tuple[str | None, int]:
        raise AssertionError("nothing is skipped downwards")

    chain = IndexOrder([replace(FIRST, skipped=skipped)], DOWN)
    assert _names(chain.onward(None, 1, 1)) == "b"


@pytest.mark.parametrize(
    ("room", "onward", "back"),
    [(1, "a", "z"), (20, "ab", "yz"), (31, "abcx", "cxyz"), (90, WHOLE, WHOLE)],
)
def test_a_leg_ends_where_bodies_fill_the_room(room: int, onward: str, back: str) -> None:
    chain = IndexOrder([FIRST, EMPTY, SECOND], room=room)
    has_more = len(onward) < len(WHOLE)
    for part, total in ((chain.onward(None, 0, 9), None), (chain.first_and_total(0, 9), 6)):
        assert (_names(part), part.has_more, part.total) == (onward, has_more, total)
    part = chain.back(("second", "~"), 9)
    assert (_names(part), part.has_more) == (back, has_more)


def test_a_room_that_is_full_at_the_end_of_the_walk_is_no_more() -> None:
    part = IndexOrder([FIRST, EMPTY], room=30).onward(None, 0, 9)
    assert (_names(part), part.has_more) == ("abc", False)
