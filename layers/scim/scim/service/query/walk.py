"""Walks: all matches of a query in one order, read from any position, forwards or backwards."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol

from scim.immutable import immutable
from scim.resource.access_path import Direction
from scim.service.query.matches import BOUNDLESS, Match, Matches, Position, characters_of


@immutable
class Slice:
    """A part of a walk; `total` is the number of matches of the whole walk, if it was counted.

    `has_more` tells whether there are matches beyond it, in the direction of the read; `shown` is
    what the client sees of each match, once that is known.
    """

    matches: tuple[Match, ...]
    has_more: bool
    total: int | None = None
    shown: tuple[Mapping[str, object], ...] = ()


class Walk(Protocol):
    """All matches of a query in a stable order; a different `order` makes positions invalid.

    A slice may have fewer matches than requested although there are more: when they are large.
    """

    @property
    def order(self) -> str: ...

    def onward(self, after: Position | None, skip: int, number: int) -> Slice:
        """Return `number` matches after a position, without the first `skip`."""

    def back(self, before: Position, number: int) -> Slice:
        """Return the last `number` matches before a position, in the order of the walk."""

    def first_and_total(self, skip: int, number: int) -> Slice:
        """Return `number` matches from the beginning, without the first `skip`, and count all."""

    def precedes(self, one: Position, other: Position) -> bool:
        """Tell whether a position comes before another."""

    @property
    def is_counted(self) -> bool:
        """Whether the number of matches is known without a walk."""

    def count(self) -> int:
        """Return the number of matches, if it is known."""


@immutable
class Segment:
    """A part of a walk with one order.

    `open_matches` takes the direction, the position to continue beyond, and how many matches are probably enough.
    `count` returns the number of matches, `skipped` skips some: None where that would be expensive.
    `stored_total` returns the number of matches if the store knows it after all, at the price of two reads.
    """

    name: str
    open_matches: Callable[[Direction, str | None, int], Matches]
    count: Callable[[], int] | None = None
    skipped: Callable[[str | None, int], tuple[str | None, int]] | None = None
    stored_total: Callable[[], int | None] | None = None


class IndexOrder:
    """Segments one after the other, each walked in `direction`; a slice ends when bodies fill the room."""

    def __init__(
        self,
        segments: Sequence[Segment],
        direction: Direction = Direction.UP,
        room: int = BOUNDLESS,
    ) -> None:
        self._segments = tuple(segments)
        self._direction = direction
        self._room = room

    @property
    def order(self) -> str:
        return f"{self._direction} " + ", ".join(segment.name for segment in self._segments)

    def onward(self, after: Position | None, skip: int, number: int) -> Slice:
        """Return matches after a position; looks for one more to know whether there are more."""
        return self._slice(self._from(after, self._segments), self._direction, skip, number)

    def back(self, before: Position, number: int) -> Slice:
        """Return the last matches before a position, in the order of the walk."""
        segments = self._from(before, self._segments[::-1])
        part = self._slice(segments, self._direction.back, 0, number)
        return Slice(part.matches[::-1], part.has_more)

    def first_and_total(self, skip: int, number: int) -> Slice:
        """Return a page from the beginning and count all matches in one pass."""
        matches: list[Match] = []
        room, total = self._room, 0
        for segment in self._segments:
            reader = segment.open_matches(self._direction, None, number + 1)
            dropped = reader.drop(max(skip - total, 0))
            taken = reader.take(number - len(matches), room)
            matches += taken
            room -= characters_of(taken)
            total += _total(segment, reader, dropped + len(taken))
        return Slice(tuple(matches), total > skip + len(matches), total)

    def precedes(self, one: Position, other: Position) -> bool:
        """Tell whether a position comes before another."""
        names = [segment.name for segment in self._segments]
        before, after = names.index(one[0]), names.index(other[0])
        if before != after:
            return before < after
        return self._direction.is_before(one[1], other[1])

    @property
    def is_counted(self) -> bool:
        """Whether every segment knows how many matches it has."""
        return all(segment.count is not None for segment in self._segments)

    def count(self) -> int:
        """Return the sum of the segments' counts."""
        return sum(segment.count() for segment in self._segments if segment.count is not None)

    def _from(
        self, position: Position | None, segments: Sequence[Segment]
    ) -> Iterator[tuple[Segment, str | None]]:
        names = [segment.name for segment in segments]
        start = 0 if position is None else names.index(position[0])
        for number, segment in enumerate(segments[start:]):
            yield segment, position[1] if position is not None and number == 0 else None

    def _slice(
        self,
        segments: Iterator[tuple[Segment, str | None]],
        direction: Direction,
        skip: int,
        number: int,
    ) -> Slice:
        matches: list[Match] = []
        room = self._room
        for segment, beyond in segments:
            start = beyond
            if skip and segment.skipped is not None and direction is Direction.UP:
                start, skipped = segment.skipped(beyond, skip)
                skip -= skipped
            reader = segment.open_matches(direction, start, number - len(matches) + 1)
            skip -= reader.drop(skip)
            taken = reader.take(number - len(matches), room)
            matches += taken
            if len(matches) < number:
                room -= characters_of(taken)
            if (len(matches) == number or room <= 0) and reader.has_more():
                return Slice(tuple(matches), has_more=True)
        return Slice(tuple(matches), has_more=False)


FEW = 1000
"""Matches that are counted by reading them. That costs no more than `stored_total`, and counts nothing just deleted."""


def _total(segment: Segment, reader: Matches, seen: int) -> int:
    """Return the number of a segment's matches, `seen` of which have been read."""
    if segment.stored_total is None:
        return seen + reader.rest()
    seen += reader.rest(FEW)
    if not reader.has_more():
        return seen
    stored_total = segment.stored_total()
    return seen + reader.rest() if stored_total is None else max(stored_total, seen + 1)
