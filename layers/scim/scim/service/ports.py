"""What the use cases need from outside, as Protocols; the docstrings are part of the contract."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, runtime_checkable

from scim.resource.access_path import AccessPath, Direction, EdgePage, IdPage, RecordPage, WalkMark
from scim.resource.change import Creation, Deletion, Update
from scim.resource.history.once import Earlier, Once
from scim.resource.record import Edge, Kept, Key, Record
from scim.schema.catalogue import RelationNames


class Spending(Protocol):
    """What database calls have cost, in AWS's units."""

    @property
    def round_trips(self) -> int: ...
    @property
    def rcu(self) -> float: ...


class Reads(Protocol):
    """The stored data of all tenants, read-only.

    Every method takes the tenant first, and nothing of another tenant is ever visible.
    A deleted resource is invisible at once. Returned records never change. Lists are read in
    pages of up to `limit`; `beyond` is where the previous page ended, None at the beginning.
    Results are as of now unless stated otherwise.
    """

    def read(self, tenant: str, key: Key) -> Record | None:
        """Return the record, perhaps a moment old, but never None for one just created."""

    def read_latest(self, tenant: str, keys: Iterable[Key]) -> Mapping[Key, Record]:
        """Return the live records among the keys, as of now, in as few round trips as possible."""

    def read_many(self, tenant: str, keys: Iterable[Key]) -> Mapping[Key, Record]:
        """Return the live records among the keys, perhaps a moment old."""

    def read_named(self, tenant: str, keys: Iterable[Key]) -> Mapping[Key, Record]:
        """Return the live records among the keys, for their names: perhaps some seconds old."""

    def count(self, tenant: str, type_name: str) -> int:
        """Return the exact number of live records of the type."""

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

        Edges to deleted targets are omitted; a deleted source has none.
        """

    def edges_of(
        self, tenant: str, sources: Iterable[Key], attribute: str, limit: int
    ) -> Mapping[Key, EdgePage]:
        """Return the first `limit` edges of each source, in about the time of one read."""

    def edges_between(
        self, tenant: str, pairs: Iterable[tuple[Key, str]], attribute: str
    ) -> Mapping[tuple[Key, str], Edge]:
        """Return those edges that exist, by source and target id, in few round trips.

        Whether their two resources still live is not checked.
        """

    def linked_after_deletion(self, tenant: str) -> frozenset[Key]:
        """Return the deleted resources, as of now, to and from which records may still have links."""

    def nesting(self, tenant: str, type_name: str, attribute: str, now: str) -> int:
        """Return the state of the guard of a relation onto its own type, as of now.

        The state advances whenever edges of this relation are added under a Guard. Changes begun
        under it are complete when this returns.
        """

    def is_nested(self, tenant: str, type_name: str, attribute: str) -> bool:
        """Tell whether the relation ever had a value of its own type in this tenant."""

    def settle(self, tenant: str, key: Key, now: str) -> None:
        """Complete a large change of the resource's edges that is under way."""

    def kept(self, tenant: str, key: Key, now: str) -> Kept | None:
        """Return the kept copy of a deleted resource; None if it lives or its copy has expired.

        Raises Unavailable while the copy of a large resource is still being stored.
        """

    def next_number(self, tenant: str, type_name: str) -> int:
        """Return a positive number that no other caller has received for the type."""

    def records(
        self,
        tenant: str,
        type_name: str,
        direction: Direction,
        beyond: str | None,
        limit: int,
        related: RelationNames | None = None,
    ) -> RecordPage:
        """Return live records of a type in id order; may omit links and counts other than `related`.

        None asks for all of them, even for relations that no type declares any more.
        """

    def skipped(
        self, tenant: str, type_name: str, after: str | None, number: int
    ) -> tuple[str | None, int]:
        """Return the id of the last of up to `number` live records, and how many they are.

        Only their existence is read.
        """

    def ids(
        self,
        tenant: str,
        path: AccessPath,
        direction: Direction,
        beyond: str | None,
        limit: int,
    ) -> IdPage:
        """Return up to `limit` positions of an access path, with the id at each.

        `beyond` is a position; for an IndexValue or RelationTargets a position is an id.
        """

    def is_built(self, tenant: str, type_name: str, attribute: str) -> bool:
        """Tell whether an index declared late is complete."""

    def spent(self) -> Spending:
        """Return what all calls together have cost so far."""

    def mark(self, tenant: str, mark: WalkMark) -> None:
        """Store where a walk is at an index.

        It replaces a marker of the same name there and counts how often that marker was left.
        """

    def mark_last(self, tenant: str, mark: WalkMark, first: tuple[int, str, int]) -> None:
        """Store where a walk ended, and delete its first marker: index, name, times left.

        The first marker stays when it has been left more than that many times.
        """

    def page_markers(
        self, tenant: str, walk: str, index: int
    ) -> Sequence[tuple[int, Mapping[str, object]]]:
        """Return all markers at the largest index up to the given one, with that index.

        Each content includes its `end`, and the `times` it was left.
        """

    def sealing_key(self, tenant: str) -> bytes:
        """Return the tenant's 64-byte secret for sealing cursors; it never changes."""


class Writes(Protocol):
    """The changes of a directory.

    A deleted resource's unique values are free at once. Every write is one transaction or, when it has
    more edges than a transaction holds, a journaled sequence that any request that reads it completes.
    Conflicts with concurrent writers are retried inside; when they persist, Unavailable is raised.
    """

    def create(self, tenant: str, creation: Creation) -> int:
        """Store a new resource and return its version: the first, or a later one after a sequence.

        Raises Uniqueness naming the attribute when a unique value is taken, and Stale when the target of
        an edge is gone or a guard has advanced.
        """

    def update(self, tenant: str, update: Update) -> int:
        """Store the new content and return the new version: the next, or a later one after a sequence.

        Others may take part in a sequence: read the record to know what is stored then.

        Raises Stale when the version read is no longer current (where it matters), when the
        resource or the target of an added edge is gone, when an added edge already exists
        or a removed one does not, or when a guard has advanced; Uniqueness when a unique value
        is taken.
        """

    def delete(self, tenant: str, deletion: Deletion) -> None:
        """Delete a resource: it is invisible and its values free at once, its edges gone eventually.

        Raises Stale when the version read is no longer current and must match, or when the
        resource is already gone.
        """


@runtime_checkable
class Creations(Protocol):
    """Stores several new resources together."""

    def create_many(
        self, tenant: str, creations: Sequence[Creation], lane: int | None = None
    ) -> Sequence[Exception | None]:
        """Store new resources in few transactions, as if one after the other.

        Return None for each that was stored, at FIRST_VERSION, else what `Writes.create` raises for it: Stale when it
        was not stored and can be stored alone, Unavailable or TooManyRequests when the outcome is unknown. Concurrent
        calls conflict less when each has a `lane` of its own; None chooses at random.
        """


class Directory(Reads, Writes, Protocol):
    """The stored resources of all tenants."""


class KeyStore(Protocol):
    """The Idempotency-Keys of all tenants, with the results of their requests."""

    @property
    def is_on(self) -> bool:
        """Tell whether keys are used."""

    def begin(self, tenant: str, once: Once, fingerprint: str) -> Earlier | None:
        """Take the key, or return the earlier request that has it."""

    def end_of(self, tenant: str, once: Once) -> int:
        """Return when the key expires, in seconds since 1970: the same for every request with it."""

    def keep(self, tenant: str, once: Once, answer: Mapping[str, object]) -> None:
        """Store the answer to the request."""

    def release(self, tenant: str, once: Once) -> None:
        """Allow the same request to continue after this attempt ended."""

    def forget(self, tenant: str, once: Once) -> None:
        """Free a key with which nothing was created."""


class Clock(Protocol):
    """Tells the time, and lets it pass."""

    def now(self) -> str:
        """Return the current time in UTC, RFC 3339 with milliseconds and a Z."""

    def pause(self, most: float) -> None:
        """Wait a random time of up to `most` seconds."""


class Ids(Protocol):
    """Makes identifiers."""

    def new(self) -> str:
        """Return a new random identifier (UUID version 4 in lower-case hex form)."""

    def ordered(self, now: str) -> str:
        """Return a new identifier that sorts by time (UUID version 7, RFC 9562 section 5.7)."""
