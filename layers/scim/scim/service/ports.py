"""What the use cases need from outside, as Protocols; the rules are part of the contract."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from scim.resource.change import Creation, Deletion, Update
from scim.resource.record import Edge, Key, Record
from scim.service.lists import Lists


class RecordPage(Protocol):
    """Some records in id order; `after` is the id to go on behind, None at the end."""

    @property
    def records(self) -> Sequence[Record]: ...
    @property
    def after(self) -> str | None: ...


class EdgePage(Protocol):
    """Some edges in target-id order; `after` is the target id to go on behind, None at the end."""

    @property
    def edges(self) -> Sequence[Edge]: ...
    @property
    def after(self) -> str | None: ...


class Directory(Lists, Protocol):
    """The stored resources of all tenants.

    Every method takes the tenant first, and nothing of another tenant is ever visible.
    A deleted resource is invisible at once, its unique values are free at once.
    Every write is one transaction or, for more edges than one holds, a journaled sequence
    that is completed by whoever meets it. Conflicts with concurrent writers are retried
    inside; when they persist, Unavailable is raised. Records handed out are never changed.
    """

    def read(self, tenant: str, key: Key) -> Record | None:
        """Return the record, perhaps a moment old, but never missing one just created."""

    def read_latest(self, tenant: str, keys: Iterable[Key]) -> Mapping[Key, Record]:
        """Return those of the keys that live, as of now, in as few round trips as possible."""

    def read_many(self, tenant: str, keys: Iterable[Key]) -> Mapping[Key, Record]:
        """Return those of the keys that live, perhaps a moment old."""

    def page(self, tenant: str, type_name: str, after: str | None, limit: int) -> RecordPage:
        """Return up to `limit` records of a type in id order, behind the id `after`."""

    def count(self, tenant: str, type_name: str) -> int:
        """Return how many records of the type live, exactly."""

    def ids_with(
        self, tenant: str, type_name: str, attribute: str, value: str, limit: int
    ) -> Sequence[str]:
        """Return up to `limit` ids of records whose indexed attribute has that folded value."""

    def edges(
        self, tenant: str, source: Key, attribute: str, after: str | None, limit: int
    ) -> EdgePage:
        """Return up to `limit` edges of a relation, behind the target id `after`.

        Edges to deleted targets are left out; a deleted source has none.
        """

    def edges_before(
        self, tenant: str, source: Key, attribute: str, before: str | None, limit: int
    ) -> EdgePage:
        """Return up to `limit` edges before a target id, or the last ones, the nearest first.

        The page's `after` is the target id to go on before; otherwise as `edges`.
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

    def next_number(self, tenant: str, type_name: str) -> int:
        """Return a number from 1 up that no other caller was ever given for the type."""

    def create(self, tenant: str, creation: Creation) -> None:
        """Store a new resource.

        Raises Uniqueness naming the attribute when a unique value is taken, Stale when a
        target of an edge is gone or a guard has moved on.
        """

    def update(self, tenant: str, update: Update) -> int:
        """Store the new content, return the new version.

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


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> str:
        """Return the present in UTC, RFC 3339 with milliseconds and a Z."""


class Ids(Protocol):
    """Makes identifiers."""

    def new(self) -> str:
        """Return a fresh random identifier (UUID version 4 in lower-case hex form)."""
