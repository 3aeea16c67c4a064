"""A change of one resource, with all that the store needs to make it in one transaction."""

from collections.abc import Iterable, Mapping
from dataclasses import field

from scim.immutable import immutable
from scim.resource.history.once import Once
from scim.resource.history.origin import Action, Origin
from scim.resource.record import Edge, Entry, Key, Link, Pointer, Record
from scim.schema.outline import Outlines


@immutable
class EdgeDelta:
    """The edges added to and removed from one relation of the changed resource."""

    attribute: str
    added: tuple[Edge, ...] = ()
    removed: tuple[Key, ...] = ()


def counts_after(counts: Mapping[str, int], deltas: Iterable[EdgeDelta]) -> dict[str, int]:
    """Return the number of edges of each relation after the changes."""
    new_counts = dict(counts)
    for delta in deltas:
        growth = len(delta.added) - len(delta.removed)
        new_counts[delta.attribute] = new_counts.get(delta.attribute, 0) + growth
    return new_counts


@immutable
class Guard:
    """The state in a tenant of a relation to its own type, when the service read the resources above.

    The change with this guard is stale if such a relation has grown since.
    """

    attribute: str
    state: int


@immutable
class Receipt:
    """Proof that one step of a job was made, written in the transaction that applies the step.

    `content` is the result of the step without the version, which the store assigns. It can be deleted
    at `until`, in seconds since 1970.
    """

    job: str
    step: int
    until: int
    content: Mapping[str, object]


class AlreadyMade(Exception):
    """The step already has a receipt; nothing was changed a second time."""


@immutable
class Restoration:
    """Says that a creation restores a deleted resource: the version of its deletion, and when it was created.

    `parents` are the resources of its own type that had it as a value, by relation, and get it back.
    """

    version: int
    created: str
    parents: tuple[tuple[Link, str], ...] = ()


@immutable
class Creation:
    """A new resource with its index entries and edges; `now` is its created and lastModified.

    With `restores`, it restores a deleted resource from the copy that was kept. `secrets` names the secrets that
    were sent and that the body does not have.
    """

    key: Key
    body: Mapping[str, object]
    entries: frozenset[Entry]
    now: str
    edges: tuple[EdgeDelta, ...] = ()
    guards: tuple[Guard, ...] = ()
    receipt: Receipt | None = None
    pointers: frozenset[Pointer] = frozenset()
    origin: Origin = field(default_factory=Origin)
    once: Once | None = None
    restores: Restoration | None = None
    secrets: tuple[str, ...] = ()

    @property
    def touches_others(self) -> bool:
        """Return whether the transaction also writes items that are not the resource's own."""
        parts_of_others = (self.edges, self.guards, self.pointers, self.restores, self.once)
        return any(parts_of_others)


@immutable
class Update:
    """New content for a resource that was read as `before`.

    `body` is None if only edges change. Such an update does not depend on the version read, so
    concurrent changes of one relation all succeed. `must_match` requires the version read even then
    (If-Match, or edges computed from all values of the relation); `action` is PUT or PATCH.
    """

    before: Record
    now: str
    body: Mapping[str, object] | None = None
    entries_before: frozenset[Entry] = frozenset()
    entries_after: frozenset[Entry] = frozenset()
    edges: tuple[EdgeDelta, ...] = ()
    guards: tuple[Guard, ...] = ()
    must_match: bool = False
    receipt: Receipt | None = None
    pointers_before: frozenset[Pointer] = frozenset()
    pointers_after: frozenset[Pointer] = frozenset()
    action: Action = Action.PATCH
    origin: Origin = field(default_factory=Origin)
    once: Once | None = None


@immutable
class Deletion:
    """The deletion of a resource that was read as `before`, with its index entries.

    `must_match` requires the version read (If-Match). `outlines` are those of the types that can refer
    to the resource and of its own type, empty if no type can. It can be restored until `kept_until`, in
    seconds since 1970; 0 means never.
    """

    before: Record
    now: str
    entries: frozenset[Entry]
    relations: tuple[str, ...] = field(default=())
    must_match: bool = False
    receipt: Receipt | None = None
    pointers: frozenset[Pointer] = frozenset()
    outlines: Outlines = field(default_factory=dict)
    origin: Origin = field(default_factory=Origin)
    kept_until: int = 0


Change = Creation | Update | Deletion
