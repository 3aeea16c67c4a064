"""What the feed needs from the change log, as Protocols; their rules are part of the contract."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from scim.resource.history.feed import Feed
from scim.resource.history.log_entry import LogEntry, LogPage
from scim.resource.record import Key


class LastEntry(Protocol):
    """Where in its lane the stored item with a resource's last logged version begins."""

    @property
    def position(self) -> int: ...


class LoggedChanges(Protocol):
    """The change log of all tenants, in lanes; a position counts the entries before it in its lane.

    Entries before a position never change: nothing is inserted there later.
    """

    def ends(self, tenant: str) -> tuple[int, ...]:
        """Return the position that the next entry of each lane will have."""

    def read(self, tenant: str, lane: int, position: int, limit: int) -> Sequence[LogPage]:
        """Return up to `limit` entries from a position on, and those stored together with them."""

    def with_edges(self, tenant: str, entry: LogEntry) -> LogEntry:
        """Return the entry with the ids of the edges that it only counts, while those ids are kept."""

    def unlogged(self, tenant: str, types: Iterable[str], since: str) -> Iterator[Key]:
        """Yield the resources changed in the hour of `since` or later whose last version is not logged."""

    def marks(self, tenant: str, keys: Iterable[Key]) -> Mapping[Key, LastEntry]:
        """Return where the last entries of the resources are; resources without entries are left out."""


class TenantFeeds(Protocol):
    """The feed settings of each tenant."""

    def of(self, tenant: str) -> Feed:
        """Return the tenant's feed settings, possibly as of a moment ago."""


class AppendableChanges(LoggedChanges, Protocol):
    """The change log, for callers that append entries other than changes of resources."""

    def append(self, tenant: str, entries: Iterable[LogEntry], days: int) -> int:
        """Store the entries not yet logged, for `days` days; return how many those were. Raises Unavailable."""


class AppendableFeed(Protocol):
    """A change log that can be appended to, and the tenants' feeds."""

    @property
    def log(self) -> AppendableChanges: ...
    @property
    def feeds(self) -> TenantFeeds: ...


class ChangeFeed(Protocol):
    """The change log, and the tenants' feeds."""

    @property
    def log(self) -> LoggedChanges: ...
    @property
    def feeds(self) -> TenantFeeds: ...
