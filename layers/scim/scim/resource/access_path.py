"""Access paths: ordered lists of ids that a store can read in both directions, page by page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, TypeVar

from scim.immutable import immutable
from scim.resource.record import Edge, Key, Record

_Position = TypeVar("_Position", str, tuple[Any, ...])


class Direction(StrEnum):
    """The direction in which a list in key order is read."""

    UP = "up"
    DOWN = "down"

    @property
    def back(self) -> Direction:
        return Direction.DOWN if self is Direction.UP else Direction.UP

    def is_before(self, one: _Position, other: _Position) -> bool:
        """Tell whether a walk in this direction meets one position before the other."""
        return one < other if self is Direction.UP else one > other


class Limit(StrEnum):
    """Whether a range includes its end."""

    WITH = "with"
    WITHOUT = "without"


End = tuple[str, Limit]


@immutable
class KeyRange:
    """The folded values of an index between two ends, or with a prefix; an end of None is open."""

    lower: End | None = None
    upper: End | None = None
    prefix: str | None = None

    @property
    def is_whole(self) -> bool:
        """Whether it contains every value."""
        return self == WHOLE_INDEX

    def within(self, other: KeyRange) -> KeyRange | None:
        """Return the intersection of both ranges, None if it cannot be expressed as a range."""
        if self.prefix is not None or other.prefix is not None:
            return None
        lowers = [end for end in (self.lower, other.lower) if end is not None]
        uppers = [end for end in (self.upper, other.upper) if end is not None]
        # Of two ends at the same value, the one without it is narrower; "without" sorts after "with".
        lower = max(lowers, default=None)
        upper = min(uppers, key=lambda end: (end[0], end[1] is Limit.WITH), default=None)
        return KeyRange(lower, upper)


WHOLE_INDEX = KeyRange()


@immutable
class IndexRange:
    """The entries of an index in a range of its folded values, in the order of the values.

    Values with the same first 640 bytes are in an arbitrary but fixed order.
    """

    type: str
    attribute: str
    key_range: KeyRange = WHOLE_INDEX


@immutable
class IndexValue:
    """The resources whose indexed attribute has a folded value, in the order of their ids."""

    type: str
    attribute: str
    value: str


@immutable
class RelationTargets:
    """The live targets of a relation that have a type, in the order of their ids."""

    source: Key
    attribute: str
    type: str


@immutable
class ChangedSince:
    """The resources last modified in the hours from `since` to `until`, hour by hour.

    It is eventually consistent: it can lack the latest changes and contain deleted resources.
    """

    type: str
    since: str
    until: str | None = None


AccessPath = IndexRange | IndexValue | RelationTargets | ChangedSince


@immutable
class IdPage:
    """A page of an access path: positions after which to continue, each with the id at that position."""

    positions: Sequence[tuple[str, str]] = ()
    has_more: bool = False

    @property
    def ids(self) -> list[str]:
        """The ids, in the order of the path."""
        return [id_ for _, id_ in self.positions]


@immutable
class WalkMark:
    """Where a walk is at an index, kept until `end` in seconds since 1970.

    `name` distinguishes the marks of a walk at one index.
    """

    walk: str
    index: int
    name: str
    content: Mapping[str, object]
    end: int


@immutable
class RecordPage:
    """A page of records in the order of their ids; `has_more` says whether more follow."""

    records: Sequence[Record] = ()
    has_more: bool = False


@immutable
class EdgePage:
    """A page of edges in the order of their targets.

    `beyond` is the target id after which the next page begins, None on the last page.
    """

    edges: Sequence[Edge] = ()
    beyond: str | None = None


def just_before(id_: str, direction: Direction) -> str:
    """Return a text that precedes an id in this direction; it is no id, because ids have no blank or `~`."""
    if direction is Direction.DOWN:
        return id_ + " "
    return id_[:-1] + chr(ord(id_[-1]) - 1) + "~"
