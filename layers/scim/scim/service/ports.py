"""What the use cases need from outside, as Protocols; the rules are part of the contract."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Protocol, runtime_checkable

from scim.resource.access_path import AccessPath, Direction, EdgePage, IdPage, RecordPage
from scim.resource.change import Creation, Deletion, Update
from scim.resource.history.once import Earlier, Once
from scim.resource.record import Edge, Kept, Key, Record
from scim.schema.catalogue import RelationNames


class Spending(Protocol):
    """What has been asked of the database, in AWS's units."""

    @property
    def round_trips(self) -> int: ...
    @property
    def rcu(self) -> float: ...


class Reads(Protocol):
    """What is stored of all tenants, to be read.

    Every method takes the tenant first, and nothing of another tenant is ever visible.
    A deleted resource is invisible at once. Records handed out are never changed. Lists are read
    in pages of up to `limit`: `beyond` is where the page before ended, None at the beginning.
    What is read is as of now unless said otherwise.
    """

    def read(self, tenant: str, key: Key) -> Record | None:
        """Return the record, perhaps a moment old, but never missing one just created."""

    def read_latest(self, tenant: str, keys: Iterable[Key]) -> Mapping[Key, Record]:
        """Return those of the keys that live, as of now, in as few round trips as possible."""

    def read_many(self, tenant: str, keys: Iterable[Key]) -> Mapping[Key, Record]:
        """Return those of the keys that live, perhaps a moment old."""

    def read_named(self, tenant: str, keys: Iterable[Key]) -> Mapping[Key, Record]:
        """Return those of the keys that live, for what they are called: perhaps some seconds old."""

    def count(self, tenant: str, type_name: str) -> int:
        """Return how many records of the type live, exactly."""

    def edges(
        self,
        tenant: str,
        source: Key,
        attribute: str,
        direction: Direction,
        beyond: str | None,
        limit: int,
    ) -> EdgePage:
        """Return up to `limit` edges of a relation, beyond a target id.

        Edges to deleted targets are left out; a deleted source has none.
        """

    def edges_of(
        self, tenant: str, sources: Iterable[Key], attribute: str, limit: int
    ) -> Mapping[Key, EdgePage]:
        """Return the first `limit` edges of each source, in about the time of one."""

    def edges_between(
        self, tenant: str, pairs: Iterable[tuple[Key, str]], attribute: str
    ) -> Mapping[tuple[Key, str], Edge]:
        """Return those edges that are there, by source and target id, in few round trips.

        Whether their ends still live is not looked at.
        """

    def nesting(self, tenant: str, type_name: str, attribute: str, now: str) -> int:
        """Return the state of the guard of a relation onto its own type, as of now.

        It moves on whenever edges of this relation were added under a Guard; what was begun
        under it is complete when this returns.
        """

    def is_nested(self, tenant: str, type_name: str, attribute: str) -> bool:
        """Tell whether the relation ever had a value of its own type in this tenant."""

    def settle(self, tenant: str, key: Key, now: str) -> None:
        """Complete a large change of the resource's edges that is under way."""

    def kept(self, tenant: str, key: Key, now: str) -> Kept | None:
        """Return what is kept of a deleted resource; None for one that lives or is forgotten.

        Raises Unavailable while a large one is still being put away.
        """

    def next_number(self, tenant: str, type_name: str) -> int:
        """Return a number from 1 up that no other caller was ever given for the type."""

    def records(
        self,
        tenant: str,
        type_name: str,
        direction: Direction,
        beyond: str | None,
        limit: int,
        related: RelationNames | None = None,
    ) -> RecordPage:
        """Return live records of a type in id order; what they are related to apart from `related` may be left out.

        None asks for everything, also for relations that no type has any more.
        """

    def skipped(
        self, tenant: str, type_name: str, after: str | None, number: int
    ) -> tuple[str | None, int]:
        """Return the key of the last of up to `number` live records, and how many they are.

        Nothing of them is read but that they are there.
        """

    def ids(
        self,
        tenant: str,
        path: AccessPath,
        direction: Direction,
        beyond: str | None,
        limit: int,
    ) -> IdPage:
        """Return up to `limit` positions of an access path, with the ids found there.

        `beyond` is a position: of an IndexValue and of RelationTargets that is an id.
        """

    def is_built(self, tenant: str, type_name: str, attribute: str) -> bool:
        """Tell whether an index that was declared late holds all it should."""

    def spent(self) -> Spending:
        """Return what all calls together have cost so far."""

    def mark(
        self,
        tenant: str,
        walk: str,
        index: int,
        name: str,
        content: Mapping[str, object],
        end: int,
    ) -> None:
        """Remember where a walk is at an index, until `end` in seconds since 1970.

        What was remembered there under the same name gives way, and is counted.
        """

    def mark_last(
        self,
        tenant: str,
        walk: str,
        index: int,
        name: str,
        content: Mapping[str, object],
        end: int,
        first: tuple[int, str, int],
    ) -> None:
        """Remember where a walk ended, and forget what it left first: an index and a name.

        That is kept when it has been left more often than the number says.
        """

    def page_markers(
        self, tenant: str, walk: str, index: int
    ) -> Sequence[tuple[int, Mapping[str, object]]]:
        """Return all that was remembered at the largest index up to that one, with the index.

        With the content come the `end`, and the `times` it was left.
        """

    def sealing_key(self, tenant: str) -> bytes:
        """Return the tenant's secret of 64 bytes for sealing cursors, always the same."""


class Writes(Protocol):
    """What changes a directory.

    A deleted resource's unique values are free at once. Every write is one transaction or, for
    more edges than one holds, a journaled sequence that is completed by whoever meets it.
    Conflicts with concurrent writers are retried inside; when they persist, Unavailable is raised.
    """

    def create(self, tenant: str, creation: Creation) -> int:
        """Store a new resource, return its version: a later one than the first after a sequence.

        Raises Uniqueness naming the attribute when a unique value is taken, Stale when a
        target of an edge is gone or a guard has moved on.
        """

    def update(self, tenant: str, update: Update) -> int:
        """Store the new content, return the new version: the next one, or a later one after a sequence.

        Others may have taken part in a sequence: what is stored then is to be read.

        Raises Stale when the version read is no longer current (where it matters), when the
        resource or the target of an added edge is gone, when an added edge is already there
        or a removed one is not, or when a guard has moved on; Uniqueness when a unique value
        is taken.
        """

    def delete(self, tenant: str, deletion: Deletion) -> None:
        """End a resource: invisible and its values free at once, its edges gone eventually.

        Raises Stale when the version read is no longer current and must match, or when the
        resource is already gone.
        """


FIRST_VERSION: Final = 1
"""The version of a resource that was made together with others."""


@runtime_checkable
class Creations(Protocol):
    """Makes several new resources together."""

    def create_many(
        self, tenant: str, creations: Sequence[Creation], lane: int | None = None
    ) -> Sequence[Exception | None]:
        """Store new resources in few transactions, as if one after the other.

        Returns None for each that was made, at FIRST_VERSION, and else what `Writes.create` raises for it; Stale
        for what was not made and can be made alone, Unavailable or TooManyRequests where nobody knows. Who is under way
        at the same time is in the way of others of the same `lane`; None leaves it to chance.
        """


class Directory(Reads, Writes, Protocol):
    """The stored resources of all tenants."""


class KeyStore(Protocol):
    """The keys of all tenants, and what became of the requests that had them."""

    @property
    def is_on(self) -> bool:
        """Tell whether keys are heeded."""

    def begin(self, tenant: str, once: Once, fingerprint: str) -> Earlier | None:
        """Take the key, or return what became of the request that has it."""

    def end_of(self, tenant: str, once: Once) -> int:
        """Return when the key ends, in seconds since 1970: the same for all that ask with it."""

    def keep(self, tenant: str, once: Once, answer: Mapping[str, object]) -> None:
        """Keep what the request was answered."""

    def release(self, tenant: str, once: Once) -> None:
        """Let the same request go on where this one has ended."""

    def forget(self, tenant: str, once: Once) -> None:
        """Let go of a key with which nothing was made."""


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> str:
        """Return the present in UTC, RFC 3339 with milliseconds and a Z."""


class Ids(Protocol):
    """Makes identifiers."""

    def new(self) -> str:
        """Return a fresh random identifier (UUID version 4 in lower-case hex form)."""

    def ordered(self, now: str) -> str:
        """Return a fresh identifier in the order of time (UUID version 7, RFC 9562 section 5.7)."""
