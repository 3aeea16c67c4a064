"""Access paths: ordered lists of ids that a store can read, both ways, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from scim.immutable import immutable
from scim.resource.record import Edge, Key, Record


class Direction(StrEnum):
    """The way a list in key order is walked."""

    UP = "up"
    DOWN = "down"

    @property
    def back(self) -> Direction:
        """The other way."""
        return Direction.DOWN if self is Direction.UP else Direction.UP


class Limit(StrEnum):
    """Whether the end of a range belongs to it."""

    WITH = "with"
    WITHOUT = "without"


End = tuple[str, Limit]


@immutable
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
        """Return the range of the values in both, None where one range cannot express it."""
        if self.prefix is not None or other.prefix is not None:
            return None
        lowers = [end for end in (self.lower, other.lower) if end is not None]
        uppers = [end for end in (self.upper, other.upper) if end is not None]
        # Of two ends at one value the one without it is the narrower: "without" sorts last.
        lower = max(lowers, default=None)
        upper = min(uppers, key=lambda end: (end[0], end[1] is Limit.WITH), default=None)
        return KeyRange(lower, upper)


WHOLE = KeyRange()


@immutable
class IndexRange:
    """What an index holds in a range of its folded values, in the order of the values.

    Values that begin with the same 640 bytes are in any order, but always the same.
    """

    type: str
    attribute: str
    key_range: KeyRange = WHOLE


@immutable
class IndexValue:
    """The resources whose indexed attribute has a folded value, in the order of their ids."""

    type: str
    attribute: str
    value: str


@immutable
class RelationTargets:
    """The live targets of a relation that are of a type, in the order of their ids."""

    source: Key
    attribute: str
    type: str


@immutable
class ChangedSince:
    """What was last modified in the hours from `since` to `until`, hour by hour.

    The latest changes may be missing for a moment, and the deleted still be there.
    """

    type: str
    since: str
    until: str | None = None


AccessPath = IndexRange | IndexValue | RelationTargets | ChangedSince


@immutable
class IdPage:
    """Part of an access path: positions to go on beyond, each with the id found there."""

    positions: Sequence[tuple[str, str]] = ()
    has_more: bool = False

    @property
    def ids(self) -> list[str]:
        """The ids, in the order of the path."""
        return [id_ for _, id_ in self.positions]


@immutable
class RecordPage:
    """Some records in the order of their ids; `has_more` tells whether the list goes on."""

    records: Sequence[Record] = ()
    has_more: bool = False


@immutable
class EdgePage:
    """Some edges in the order of their targets; `beyond` is the target id to go on beyond.

    It is None where the list ends.
    """

    edges: Sequence[Edge] = ()
    beyond: str | None = None


def just_before(id_: str, direction: Direction) -> str:
    """Return a text that is no id, met just before an id: ids hold neither blanks nor braces."""
    if direction is Direction.DOWN:
        return id_ + " "
    return id_[:-1] + chr(ord(id_[-1]) - 1) + "~"
