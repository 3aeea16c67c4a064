"""A change to one resource, complete enough for the store to make it in one transaction."""

from collections.abc import Mapping
from dataclasses import field

from scim.immutable import immutable
from scim.resource.history.once import Once
from scim.resource.history.origin import Action, Origin
from scim.resource.record import Edge, Entry, Key, Link, Pointer, Record
from scim.schema.outline import Outlines


@immutable
class EdgeDelta:
    """What is added to and removed from one relation of the changed resource."""

    attribute: str
    added: tuple[Edge, ...] = ()
    removed: tuple[Key, ...] = ()


@immutable
class Guard:
    """How far a relation onto its own type had come in this tenant when somebody looked up it.

    The change it comes with is stale when such a relation has grown since.
    """

    attribute: str
    state: int


@immutable
class Receipt:
    """Proof that one step of a job was made, stored with what it changes or not at all.

    `content` is what the step answered, apart from the version the store gives the resource;
    it may be forgotten at `until`, in seconds since 1970.
    """

    job: str
    step: int
    until: int
    content: Mapping[str, object]


class AlreadyMade(Exception):
    """The step of the job has its receipt: nothing was changed a second time."""


@immutable
class Restoration:
    """That a resource is not new but was deleted: at this version, and was created then.

    `parents` are the resources of its own type that had it as a value, by relation, and have it again.
    """

    version: int
    created: str
    parents: tuple[tuple[Link, str], ...] = ()


@immutable
class Creation:
    """A new resource with its index entries and edges; `now` is its created and lastModified.

    With `restores` it is a deleted one that is there again, with all that was kept of it.
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

    @property
    def touches_others(self) -> bool:
        """Tell whether items are written with it that are not its own."""
        others = (self.edges, self.guards, self.pointers, self.restores, self.once)
        return any(others)


@immutable
class Update:
    """New content for a resource that was read as `before`.

    `body` is None when the content stays and only edges change: such an update does not
    depend on the version read, so parallel changes of one relation all succeed.
    `must_match` asks for the version read even then (If-Match); `action` is PUT or PATCH.
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
    """The end of a resource that was read as `before`, with the index entries it held.

    `must_match` asks for the version read (If-Match); `outlines` are those of the types that
    can refer to the resource, itself included, none where none can. `kept_until` is how long it can
    be restored, in seconds since 1970; 0: not at all.
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
