"""A change to one resource, complete enough for the store to make it in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from scim.resource.record import Edge, Entry, Key, Record


@dataclass(frozen=True, slots=True)
class EdgeDelta:
    """What is added to and removed from one relation of the changed resource."""

    attribute: str
    added: tuple[Edge, ...] = ()
    removed: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True)
class Creation:
    """A new resource with its index entries and edges; `now` is its created and lastModified."""

    key: Key
    body: Mapping[str, object]
    entries: frozenset[Entry]
    now: str
    edges: tuple[EdgeDelta, ...] = ()


@dataclass(frozen=True, slots=True)
class Update:
    """New content for a resource that was read as `before`.

    `body` is None when the content stays and only edges change: such an update does not
    depend on the version read, so parallel changes of one relation all succeed.
    `must_match` asks for the version read even then (If-Match).
    """

    before: Record
    now: str
    body: Mapping[str, object] | None = None
    entries_before: frozenset[Entry] = frozenset()
    entries_after: frozenset[Entry] = frozenset()
    edges: tuple[EdgeDelta, ...] = ()
    must_match: bool = False


@dataclass(frozen=True, slots=True)
class Deletion:
    """The end of a resource that was read as `before`, with the index entries it held.

    `must_match` asks for the version read (If-Match).
    """

    before: Record
    now: str
    entries: frozenset[Entry]
    relations: tuple[str, ...] = field(default=())
    must_match: bool = False
