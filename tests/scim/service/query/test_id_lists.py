"""Lists of ids are joined without reading further than needed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scim.resource.access_path import Direction, IdPage
from scim.service.query.id_lists import AllIds, AnyIds, FixedIds, IdList, ReadIds, walked

UP, DOWN = Direction.UP, Direction.DOWN
IDS = st.sets(st.sampled_from([f"{n:02d}" for n in range(30)]))


class ReadList:
    """A list that notes how many ids were read of it."""

    def __init__(self, ids: set[str], direction: Direction) -> None:
        self.ids = sorted(ids, reverse=direction is DOWN)
        self.direction = direction
        self.read = 0
        self.asked = 0

    def fetch(self, beyond: str | None, limit: int) -> IdPage:
        rest = [
            id_
            for id_ in self.ids
            if beyond is None or (id_ > beyond if self.direction is UP else id_ < beyond)
        ]
        self.asked += 1
        return IdPage([(id_, id_) for id_ in rest[:limit]], len(rest) > limit)

    def list(self, first: int = 2) -> IdList:
        return ReadIds(self.fetch, self.direction, first, self._count)

    def _count(self, number: int) -> None:
        self.read += number


@pytest.mark.parametrize("direction", [UP, DOWN])
@given(one=IDS, other=IDS, third=IDS, beyond=st.none() | st.just("15"))
def test_lists_are_joined_as_sets_are(
    direction: Direction, one: set[str], other: set[str], third: set[str], beyond: str | None
) -> None:
    def lists() -> list[IdList]:
        return [
            ReadList(one, direction).list(),
            FixedIds(other, direction),
            ReadList(third, direction).list(1),
        ]

    def rest(ids: set[str]) -> list[str]:
        there = (
            id_
            for id_ in ids
            if beyond is None or (id_ > beyond if direction is UP else id_ < beyond)
        )
        return sorted(there, reverse=direction is DOWN)

    assert list(walked(AnyIds(lists(), direction), beyond)) == rest(one | other | third)
    assert list(walked(AllIds(lists()), beyond)) == rest(one & other & third)
    nested = AnyIds([AllIds(lists()[:2]), lists()[2]], direction)
    assert list(walked(nested, beyond)) == rest((one & other) | third)


def test_a_long_list_is_skipped_to_where_the_short_one_is() -> None:
    long = ReadList({f"{n:05d}" for n in range(10_000)}, UP)
    short = ReadList({"05000", "09990"}, UP)
    assert list(walked(AllIds([short.list(), long.list()]), None)) == ["05000", "09990"]
    assert long.asked <= 3
    assert long.read < 50


def test_id_lists_are_read_only_as_far_as_asked() -> None:
    definition_store = ReadList({f"{n:05d}" for n in range(10_000)}, UP)
    ids = walked(definition_store.list(10), None)
    assert [next(ids) for _ in range(5)] == [f"{n:05d}" for n in range(5)]
    assert (definition_store.asked, definition_store.read) == (1, 10)
