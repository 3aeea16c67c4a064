"""A change log in memory, with one lane."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from scim.resource.history.feed import Feed
from scim.resource.history.log_entry import LogEntry, LogPage
from scim.resource.record import Key


@dataclass
class Log:
    """One lane: the items that have not expired, by position."""

    items: dict[int, tuple[LogEntry, ...]] = field(default_factory=dict)
    end: int = 0

    def append(self, *entries: LogEntry) -> None:
        self.items[self.end] = entries
        self.end += len(entries)

    def ends(self, _tenant: str) -> tuple[int, ...]:
        return (self.end,)

    def read(self, _tenant: str, _lane: int, position: int, _limit: int) -> Sequence[LogPage]:
        found = []
        for start, entries in sorted(self.items.items()):
            rest = entries[max(0, position - start) :]
            if rest:
                found.append(LogPage(max(start, position), rest))
        return found

    def with_edges(self, _tenant: str, entry: LogEntry) -> LogEntry:
        return entry

    def unlogged(self, _tenant: str, _types: Iterable[str], _since: str) -> Any:
        return iter(())

    def marks(self, _tenant: str, _keys: Iterable[Key]) -> dict[Key, Any]:
        return {}


@dataclass
class Feeds:
    days: int = 30

    def of(self, _tenant: str) -> Feed:
        return Feed(days=self.days)


@dataclass
class Changes:
    log: Log = field(default_factory=Log)
    feeds: Feeds = field(default_factory=Feeds)
