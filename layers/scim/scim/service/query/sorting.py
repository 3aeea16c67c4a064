"""Sorting by sortBy when no index has the order: it reads all matches (RFC 7644 section 3.4.2.3)."""

import heapq
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from scim.filter.binding.order import Order
from scim.resource.access_path import Direction
from scim.resource.budget import values_in
from scim.resource.record import Key, Record
from scim.service.endpoint import Endpoint
from scim.service.query.matches import (
    BATCH_SIZE,
    BOUNDLESS,
    Match,
    Matches,
    Position,
    characters_of,
)
from scim.service.query.read_budget import ReadBudget
from scim.service.query.walk import Slice
from scim.service.resources.view import plain_view
from scim.service.visibility.queries import orders_by_unseen
from scim.service.visibility.references import without_unseen

LONGEST = 500
"""Characters of a value that are compared: positions contain them, and travel in URLs."""

_Rank = tuple[bool, str, str, str]
"""Whether the value is missing, the value, the resource's id and its type."""


@dataclass(frozen=True, slots=True)
class SortSource:
    """The matches of one endpoint and the order to sort them by."""

    endpoint: Endpoint
    order: Order
    open_matches: Callable[[Direction, str | None, int], Matches]
    budget: ReadBudget


class SortedInMemory:
    """Matches sorted by one of their values; reads all of them and keeps as many as a page needs.

    A slice ends when bodies fill the room.
    """

    def __init__(
        self, sources: Sequence[SortSource], direction: Direction, room: int = BOUNDLESS
    ) -> None:
        self._sources = {source.endpoint.resource_type.name: source for source in sources}
        self._direction = direction
        self._room = room

    @property
    def order(self) -> str:
        refs = (f"{name} {source.order.ref}" for name, source in self._sources.items())
        return f"ranked {self._direction} " + ", ".join(refs)

    def onward(self, after: Position | None, skip: int, number: int) -> Slice:
        """Return `number` matches after a position, without the first `skip`."""
        beyond = None if after is None else _rank_at(after)
        ranks = _nearest(self._ranks(), beyond, self._direction, skip + number + 1)
        matches, is_full = self._matches(ranks[skip : skip + number])
        return Slice(tuple(matches), is_full or len(ranks) > skip + number)

    def back(self, before: Position, number: int) -> Slice:
        """Return the last matches before a position, in the order of the walk."""
        ranks = _nearest(self._ranks(), _rank_at(before), self._direction.back, number + 1)
        matches, is_full = self._matches(ranks[:number])
        return Slice(tuple(matches[::-1]), is_full or len(ranks) > number)

    def first_and_total(self, skip: int, number: int) -> Slice:
        """Return a page from the beginning and count all matches in one pass."""
        if skip + number == 0:
            return Slice((), has_more=False, total=self.count())
        counted = _Counted(self._ranks())
        ranks = _nearest(counted, None, self._direction, skip + number)
        matches, is_full = self._matches(ranks[skip:])
        has_more = is_full or counted.number > skip + number
        return Slice(tuple(matches), has_more, counted.number)

    def precedes(self, one: Position, other: Position) -> bool:
        """Tell whether a position comes before another."""
        return self._direction.is_before(_rank_at(one), _rank_at(other))

    @property
    def is_counted(self) -> bool:
        """Always False: all matches have to be read to count them."""
        return False

    def count(self) -> int:
        """Return the number of matches."""
        return sum(1 for _ in self._ranks())

    def _ranks(self) -> Iterator[_Rank]:
        for name, source in self._sources.items():
            reader = source.open_matches(Direction.UP, None, BATCH_SIZE)
            while matches := reader.take(BATCH_SIZE):
                for record in self._with_visible_values(
                    source, [match.record for match in matches]
                ):
                    source.budget.look_into(record, source.endpoint.resource_type)
                    missing, text, id_ = source.order.key(plain_view(source.endpoint, record))
                    source.budget.compare(values_in(text), source.endpoint.resource_type)
                    yield missing, text[:LONGEST], id_, name

    def _with_visible_values(self, source: SortSource, records: list[Record]) -> list[Record]:
        """Return the records with only those sort values that the caller may see."""
        if not orders_by_unseen(source.endpoint, source.order.ref):
            return records
        source.budget.look_up(records, source.endpoint.resource_type)  # the resources they name
        return without_unseen(source.endpoint, records)

    def _matches(self, ranks: Sequence[_Rank]) -> tuple[list[Match], bool]:
        """Return the matches of these ranks as far as there is room, and whether the room ran out."""
        matches: list[Match] = []
        for start in range(0, len(ranks), BATCH_SIZE):
            if characters_of(matches) >= self._room:
                return matches, True
            matches += self._read(ranks[start : start + BATCH_SIZE])
        return matches, False

    def _read(self, ranks: Sequence[_Rank]) -> list[Match]:
        """Return the matches of these ranks, without those deleted meanwhile."""
        records: dict[Key, Match] = {}
        for name, source in self._sources.items():
            keys = [Key(name, id_) for _, _, id_, type_ in ranks if type_ == name]
            latest: Mapping[Key, Record] = {}
            if keys:
                latest = source.endpoint.directory.read_latest(source.endpoint.tenant, keys)
            records.update({key: Match(source.endpoint, record) for key, record in latest.items()})
        return [
            Match(match.endpoint, match.record, _position_of(rank))
            for rank in ranks
            if (match := records.get(Key(rank[3], rank[2]))) is not None
        ]


class _Counted:
    """Passes ranks through and counts them."""

    def __init__(self, ranks: Iterator[_Rank]) -> None:
        self._ranks = ranks
        self.number = 0

    def __iter__(self) -> Iterator[_Rank]:
        for rank in self._ranks:
            self.number += 1
            yield rank


def _nearest(
    ranks: Iterator[_Rank] | _Counted, beyond: _Rank | None, direction: Direction, number: int
) -> list[_Rank]:
    """Return the first `number` ranks beyond one in a direction, with no more than that in memory."""
    if direction is Direction.UP:
        return heapq.nsmallest(number, (r for r in ranks if beyond is None or r > beyond))
    return heapq.nlargest(number, (r for r in ranks if beyond is None or r < beyond))


def _position_of(rank: _Rank) -> Position:
    missing, text, id_, name = rank
    return "-" if missing else "+", text, id_, name


def _rank_at(position: Position) -> _Rank:
    missing, text, id_, name = position
    return missing == "-", text, id_, name
