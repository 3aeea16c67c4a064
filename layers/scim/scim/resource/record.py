"""A stored resource, and the edges that connect resources, in the form that the store returns."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from scim.immutable import immutable

FIRST_VERSION: Final = 1
"""The version of a resource that one transaction created."""


class Key(NamedTuple):
    """Identifies a resource of a tenant by its resource type and id."""

    type: str
    id: str


class Link(NamedTuple):
    """Identifies a relation or reference from the target's side: the source's type and attribute."""

    type: str
    attribute: str


class Entry(NamedTuple):
    """An index entry: the attribute's declared path, the folded value, and whether the value is unique.

    For a reference, the value is an id, and `target` is the type of the resource with that id.
    """

    attribute: str
    value: str
    is_unique: bool
    target: str = ""


class Pointer(NamedTuple):
    """A reference: its attribute, and the resource that it names."""

    attribute: str
    target: Key


@immutable
class Edge:
    """One value of a relation: the target, and what the client sent with it (type, display).

    `since` is when it was added, empty until it is stored; comparisons ignore it.
    """

    target: Key
    sent: Mapping[str, object] = field(default_factory=dict)
    since: str = field(default="", compare=False)


LINK = 200
"""The approximate characters of a back link's value in a response: its id, display name and location."""


@immutable
class Record:
    """A live resource as stored.

    `body` is canonical JSON without id, meta, schemas, relations and back links;
    `links` has the ids of the resources whose relations point here, by relation;
    `counts` has the number of edges of each of its own relations, by attribute name;
    `referrers` has the number of resources that refer to it, by reference;
    `is_unsettled` says that a large change of its edges is not complete;
    `is_ending` says that its deletion has begun with the resources that refer to it;
    `text` is the body's JSON text as stored, empty if that is not available;
    `linked` is the number of ids in its stored links;
    `is_full` says that the store has no room for more of them;
    times are UTC in RFC 3339 format with milliseconds.
    """

    key: Key
    version: int
    created: str
    last_modified: str
    body: Mapping[str, object]
    links: Mapping[Link, frozenset[str]] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    referrers: Mapping[Link, int] = field(default_factory=dict)
    is_unsettled: bool = False
    is_ending: bool = False
    text: str = field(default="", compare=False, repr=False)
    linked: int = field(default=0, compare=False, repr=False)
    is_full: bool = field(default=False, compare=False, repr=False)

    @property
    def weight(self) -> int:
        """Return the approximate characters of the record with its back links in a response."""
        return len(self.text) + LINK * self.linked


@dataclass(frozen=True, slots=True)
class Kept:
    """The copy of a deleted resource: enough to restore it under its id.

    `version` is the version of the deletion; `nested` are its edges to resources of its own type, by
    attribute; `parents` are the resources of its own type that had it as a value.
    """

    key: Key
    version: int
    created: str
    body: Mapping[str, object]
    nested: tuple[tuple[str, Edge], ...] = ()
    parents: tuple[tuple[Link, str], ...] = ()


class Stale(Exception):
    """What a write was based on has changed: read again and decide again."""
