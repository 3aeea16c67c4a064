"""The audit of a tenant: who changed what, what was refused, and what administrators did.

Three records are merged, newest entry first: the change log, refusals and acts.
Each page contains the position in each record at which the next page begins.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, Protocol

from scim.base64url import base64url, bytes_in
from scim.compact import element_bytes
from scim.errors import InvalidCursor, InvalidValue
from scim.moments import later, time_text
from scim.resource.history.act import Act
from scim.resource.history.log_entry import ANSWER, LogEntry
from scim.resource.history.refusal import Refusal
from scim.service.audit_entry import (
    Entry,
    act_entry,
    change_entry,
    refusal_entry,
    without_values,
)

MOST_READ = 2000
"""The most entries read for one page."""
MOST_BYTES = 5_000_000
"""The most bytes of the entries on a page: Lambda returns at most 6 MB."""
AT_ONCE = 100
LATE = timedelta(days=1)
"""The longest delay between a change and its log entry: as long as the stream keeps records."""
YOUNGEST, ENDED = "~", "-"
LONGEST = 256
"""The most characters of a position: those of refusals and acts are a time and an id."""


class PlacedEntry(NamedTuple):
    """An entry at its position in a record.

    `is_notice` tells that it was logged for a change that the stream lost: nothing limits its delay.
    """

    position: str
    entry: Entry
    is_notice: bool = False


Older = Callable[[str, int], Sequence[PlacedEntry]]
"""Returns at most the given number of entries, newest first, before a position."""


class LoggedActs(Protocol):
    """The acts of administrators."""

    def older(self, tenant: str, before: str, limit: int) -> Sequence[tuple[str, Act]]:
        """Return up to `limit` positions and their acts, newest first, before a position."""


class CountedRefusals(Protocol):
    """The refused operations, counted."""

    def older(self, tenant: str, before: str, limit: int) -> Sequence[tuple[str, Refusal]]:
        """Return up to `limit` positions and their refusals, newest first, before a position."""


class LoggedBack(Protocol):
    """The change log, read backwards."""

    @property
    def lanes(self) -> int:
        """Return the number of lanes of a tenant."""

    def older(
        self, tenant: str, lane: int, before: int | None, limit: int
    ) -> Sequence[tuple[int, LogEntry]]:
        """Return up to `limit` positions and entries, newest first, before a position; None = the end."""


@dataclass(frozen=True, slots=True)
class AuditTrail:
    """The audit records of all tenants."""

    changes: LoggedBack
    refusals: CountedRefusals
    acts: LoggedActs


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """The entries a caller selects: `since` inclusive, `until` exclusive, a resource (`User/…` or its
    id), a principal (a token's id, an owner, a subject, an ARN), a kind; an empty value selects all.
    """

    since: str = ""
    until: str = ""
    resource: str = ""
    principal: str = ""
    kind: str = ""

    def takes(self, entry: Entry) -> bool:
        """Tell whether an entry is selected."""
        resource, moment = str(entry.get("resource", "")), entry["at"]
        return (
            self.since <= moment
            and (not self.until or moment < self.until)
            and self.kind in ("", entry["kind"])
            and (not self.resource or self.resource in (resource, resource.partition("/")[2]))
            and (not self.principal or self.principal in entry["principal"].values())
        )


@dataclass(slots=True)
class _AuditWalk:
    """One record, read backwards from a position."""

    older: Older
    position: str
    since: str
    _read: list[PlacedEntry] = field(default_factory=list)

    @property
    def head(self) -> Entry | None:
        if not self._read and self.position != ENDED:
            self._read = self._recent(self.older(self.position, AT_ONCE))
            if not self._read:
                self.position = ENDED
        return self._read[0].entry if self._read else None

    def _recent(self, placed_entries: Sequence[PlacedEntry]) -> list[PlacedEntry]:
        """Return the entries up to the first from before `since`: those behind it are older. Notices do not tell."""
        for number, placed in enumerate(placed_entries):
            if placed.entry["at"] < self.since and not placed.is_notice:
                return list(placed_entries[:number])
        return list(placed_entries)

    def pop(self) -> None:
        self.position = self._read.pop(0).position


def audited(
    trail: AuditTrail, tenant: str, audit_filter: AuditFilter, after: str, count: int
) -> tuple[list[Entry], str]:
    """Return up to `count` entries, newest first, and where the next page begins; empty = no more.

    A page may hold fewer when many entries had to be read, or when they are large; an entry that is too large
    alone has no values. Raises InvalidCursor for an invalid `after`, InvalidValue for `since` and `until`
    when they are not times.
    """
    audit_filter = _in_utc(audit_filter)
    since = _read_since(audit_filter.since)
    positions = _positions(after, trail.changes.lanes + 2)
    walks = [
        _AuditWalk(older, position, since)
        for older, position in zip(_records(trail, tenant), positions, strict=True)
    ]
    entries: list[Entry] = []
    room = MOST_BYTES
    for _ in range(MOST_READ):
        heads = [(walk.head, walk) for walk in walks if walk.head is not None]
        if not heads or len(entries) == count:
            break
        entry, youngest = max(heads, key=lambda head: head[0]["at"])
        if entry["kind"] != ANSWER and audit_filter.takes(entry):
            room -= element_bytes(entry)
            if room < 0 and entries:
                break
            entries.append(without_values(entry) if room < 0 else entry)
        youngest.pop()
    is_over = all(walk.head is None for walk in walks)
    return entries, "" if is_over else _text([walk.position for walk in walks])


def _records(trail: AuditTrail, tenant: str) -> Iterator[Older]:
    for lane in range(trail.changes.lanes):
        yield _of_lane(trail.changes, tenant, lane)
    yield lambda before, limit: [
        PlacedEntry(position, refusal_entry(refusal))
        for position, refusal in trail.refusals.older(tenant, before, limit)
    ]
    yield lambda before, limit: [
        PlacedEntry(position, act_entry(act))
        for position, act in trail.acts.older(tenant, before, limit)
    ]


def _of_lane(changes: LoggedBack, tenant: str, lane: int) -> Older:
    def older(before: str, limit: int) -> Sequence[PlacedEntry]:
        position_before = None if before == YOUNGEST else int(before)
        entries = changes.older(tenant, lane, position_before, limit)
        return [
            PlacedEntry(str(position), change_entry(entry), entry.is_gap)
            for position, entry in entries
        ]

    return older


def _in_utc(audit_filter: AuditFilter) -> AuditFilter:
    """Return the selection with its times as those of entries are written, which are compared as text."""
    since, until = (_stored("since", audit_filter.since), _stored("until", audit_filter.until))
    return replace(audit_filter, since=since, until=until)


def _stored(name: str, time: str) -> str:
    if not time:
        return ""
    try:
        moment = datetime.fromisoformat(time)
        return time_text((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC))
    except (ValueError, OverflowError) as error:
        raise InvalidValue(f"{name}: expected a time such as 2026-01-31T12:00:00Z.") from error


def _read_since(since: str) -> str:
    try:
        return later(since, -LATE) if since else ""
    except OverflowError:
        return ""


def _positions(after: str, number: int) -> list[str]:
    if not after:
        return [YOUNGEST] * number
    try:
        positions = _opened(after)
    except (ValueError, RecursionError):
        positions = []
    if len(positions) != number:
        raise InvalidCursor(
            "The cursor is not one of this list; send nextCursor of the page before."
        )
    return positions


def _opened(text: str) -> list[str]:
    """Return the positions in a text: of the lanes, of refusals and of acts. Raises ValueError when it holds none."""
    positions = json.loads(bytes_in(text))
    if not isinstance(positions, list) or not all(map(_is_position, positions)):
        raise ValueError
    lanes, trails = positions[:-2], positions[-2:]
    return [*(lane if lane in (YOUNGEST, ENDED) else str(int(lane)) for lane in lanes), *trails]


def _is_position(value: object) -> bool:
    return isinstance(value, str) and value.isascii() and len(value) <= LONGEST


def _text(positions: Sequence[str]) -> str:
    return base64url(json.dumps(positions).encode())
