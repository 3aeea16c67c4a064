"""A stored resource and the edges that connect resources, as the store hands them out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from scim.immutable import immutable


class Key(NamedTuple):
    """Names one resource of a tenant: its resource type and its id."""

    type: str
    id: str


class Link(NamedTuple):
    """Names a relation or reference from the target's side: the source's type and its attribute."""

    type: str
    attribute: str


class Entry(NamedTuple):
    """An index entry: attribute path as declared, folded value, and whether it guards uniqueness.

    `target` is the type of the resource that the value is the id of, of a reference only.
    """

    attribute: str
    value: str
    is_unique: bool
    target: str = ""


class Pointer(NamedTuple):
    """A reference: the attribute that holds it, and the resource it names."""

    attribute: str
    target: Key


@immutable
class Edge:
    """One value of a relation: the target, and what the client sent with it (type, display).

    `since` is when it was added, empty until it is stored; it does not make an edge another.
    """

    target: Key
    sent: Mapping[str, object] = field(default_factory=dict)
    since: str = field(default="", compare=False)


LINK = 200
"""About how many characters a value of a back link takes where it is shown: an id, a name, a place."""


@immutable
class Record:
    """A live resource as stored.

    `body` holds canonical JSON without id, meta, schemas, relations and back links;
    `links` the ids of the resources that point here, by relation;
    `counts` the number of edges of each of its own relations, by attribute name;
    `referrers` the number of resources that refer here, by reference;
    `is_unsettled` tells that a large change of its edges is still under way;
    `is_ending` that its deletion has begun with those that refer here;
    `text` is the body as JSON text where it is at hand as it was stored, else empty;
    `linked` how many ids its links hold as they were stored;
    times are UTC in RFC 3339 form with milliseconds.
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

    @property
    def weight(self) -> int:
        """Return about how many characters it takes to show the record with its back links."""
        return len(self.text) + LINK * self.linked


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a deleted resource: enough to have it again under its id.

    `version` is the one its deletion made; `nested` are the edges it had to its own type, by
    attribute, `parents` the resources of its own type that had it as a value.
    """

    key: Key
    version: int
    created: str
    body: Mapping[str, object]
    nested: tuple[tuple[str, Edge], ...] = ()
    parents: tuple[tuple[Link, str], ...] = ()


class Stale(Exception):
    """What a write was based on is no longer so: read again and decide anew."""
