"""A stretch of an ordered index, and the way it is walked."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Direction(StrEnum):
    """The way a list in key order is walked."""

    UP = "up"
    DOWN = "down"

    @property
    def back(self) -> Direction:
        """The other way."""
        return Direction.DOWN if self is Direction.UP else Direction.UP


class Limit(StrEnum):
    """How the end of a span is meant."""

    WITH = "with"
    WITHOUT = "without"


End = tuple[str, Limit]


@dataclass(frozen=True, slots=True)
class KeyRange:
    """The folded values of an index between two ends, or those with a prefix; None is open."""

    lower: End | None = None
    upper: End | None = None
    prefix: str | None = None

    @property
    def is_whole(self) -> bool:
        """Whether every value is in it."""
        return self == WHOLE

    def within(self, other: KeyRange) -> KeyRange | None:
        """Return the span of the values in both, None where one span cannot say that."""
        if self.prefix is not None or other.prefix is not None:
            return None
        lowers = [end for end in (self.lower, other.lower) if end is not None]
        uppers = [end for end in (self.upper, other.upper) if end is not None]
        # Of two ends at one value the one without it is the narrower: "without" sorts last.
        lower = max(lowers, default=None)
        upper = min(uppers, key=lambda end: (end[0], end[1] is Limit.WITH), default=None)
        return KeyRange(lower, upper)


WHOLE = KeyRange()
