"""What the feed needs of the change log, as Protocols; the rules are part of the contract."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from scim.resource.history.feed import Feed
from scim.resource.history.log_entry import LogEntry
from scim.resource.record import Key


class Entries(Protocol):
    """Some entries of a lane one after the other, the first of them at `position`."""

    @property
    def position(self) -> int: ...
    @property
    def entries(self) -> tuple[LogEntry, ...]: ...


class LastEntry(Protocol):
    """Where in its lane the last entries of a resource begin."""

    @property
    def position(self) -> int: ...


class LoggedChanges(Protocol):
    """The change log of all tenants, in lanes: a position names the next entry of each.

    What lies before a position never changes: nothing is ever put there later.
    """

    def ends(self, tenant: str) -> tuple[int, ...]:
        """Return the position of the next entry of each lane, as of now."""

    def read(self, tenant: str, lane: int, position: int, limit: int) -> Sequence[Entries]:
        """Return entries from a position on, up to `limit` of them and what is stored with them."""

    def with_edges(self, tenant: str, entry: LogEntry) -> LogEntry:
        """Return an entry with the ids of the edges that it only counts, as long as they are kept."""

    def unlogged(self, tenant: str, types: Iterable[str], since: str) -> Iterator[Key]:
        """Yield the resources changed in the hour of `since` or later whose last version it lacks."""

    def marks(self, tenant: str, keys: Iterable[Key]) -> Mapping[Key, LastEntry]:
        """Return where the last entries of the resources are, of those that have any."""


class TenantFeeds(Protocol):
    """The feed each tenant wants."""

    def of(self, tenant: str) -> Feed:
        """Return the tenant's feed, perhaps as of a moment ago."""


class AppendedChanges(LoggedChanges, Protocol):
    """The change log for who adds to it what is no change of a resource."""

    def append(self, tenant: str, entries: Iterable[LogEntry], days: int) -> int:
        """Store the entries for so many days; return how many those were. Raises Unavailable."""


class AnsweredFeed(Protocol):
    """The change log that can be added to, and who wants one."""

    @property
    def log(self) -> AppendedChanges: ...
    @property
    def feeds(self) -> TenantFeeds: ...


class ChangeFeed(Protocol):
    """The change log, and who wants one."""

    @property
    def log(self) -> LoggedChanges: ...
    @property
    def feeds(self) -> TenantFeeds: ...
