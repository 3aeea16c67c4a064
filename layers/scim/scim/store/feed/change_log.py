"""The change log of each tenant: each entry is appended once, at positions without gaps.

docs/decisions/0046-the-change-log.md explains why no entry is lost, duplicated or skipped.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import islice

from scim.errors import Unavailable
from scim.resource.access_path import Direction
from scim.resource.history.feed import COMPARED_DAYS
from scim.resource.history.log_entry import CHANGE, LogEntry, LogPage
from scim.resource.history.origin import Action
from scim.resource.record import Key
from scim.store.directory.journal import edges_of
from scim.store.dynamodb.rows import Row
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.values import SCHEMA, Item, number, packed, packed_list, text
from scim.store.dynamodb.write import Condition, Write, absent
from scim.store.feed.logged import Logged, advanced, fresh
from scim.store.feed.unlogged import NO_END, Unlogged, marks_of, unlogged
from scim.store.keys.feed import (
    LANES,
    compared_key,
    lane_end_key,
    lane_of,
    lane_partition,
    log_key,
    position_text,
)

ROUNDS = 50
"""How many times other writers may win."""
AT_ONCE = 100
LARGEST = 250_000
"""AT_ONCE is the maximum number of entries in one item, LARGEST the maximum of its bytes."""
EVER = position_text(10**12 - 1)
MARK_SECONDS = (COMPARED_DAYS + 1) * 86_400
"""How much longer the mark of a deleted resource is kept than its entries: it is compared after they have expired."""


class ChangeLog:
    """Implements the port `ChangeLog`; `now` returns the time in RFC 3339 form."""

    def __init__(self, table: Table, now: Callable[[], str]) -> None:
        self._table = table
        self._now = now

    def append(self, tenant: str, entries: Iterable[LogEntry], days: int) -> int:
        """Store the entries that are not in the log yet, for `days` days. Return how many were stored.

        The entries of one resource come in order of their versions. Raises Unavailable when other writers win
        every round.
        """
        lanes: dict[int, list[LogEntry]] = {}
        for entry in entries:
            lanes.setdefault(lane_of(entry.key), []).append(entry)
        end = int((datetime.fromisoformat(self._now()) + timedelta(days=days)).timestamp())
        return sum(
            self._append(tenant, lane, entries_of_lane, end)
            for lane, entries_of_lane in lanes.items()
        )

    def ends(self, tenant: str) -> tuple[int, ...]:
        """Return the position of the next entry of each lane, strongly consistent."""
        stored_ends = self._known_ends(tenant)
        return tuple(
            _end(self._tail(tenant, lane), stored_ends.get(lane, 0)) for lane in range(LANES)
        )

    def read(self, tenant: str, lane: int, position: int, limit: int) -> Sequence[LogPage]:
        """Return entries from a position on: up to `limit`, and the rest of the last one's item."""
        pages: list[LogPage] = []
        # The item with this position begins at it, or less than AT_ONCE before it.
        first = max(0, position - AT_ONCE + 1)
        ends = position_text(first), EVER
        partition, count = lane_partition(tenant, lane), 0
        for page in self._items(partition, ends, limit):
            entries = page.entries[max(0, position - page.position) :]
            if entries:
                pages.append(LogPage(max(position, page.position), entries))
                count += len(entries)
                if count >= limit:
                    break
        return pages

    def entry(self, tenant: str, lane: int, position: int, place: int) -> LogEntry | None:
        """Return the entry at `place` in the item at `position`, None if the item has expired."""
        row = self._table.item(log_key(tenant, lane, position))
        return None if row is None else page_in(row).entries[place]

    def with_edges(self, tenant: str, entry: LogEntry) -> LogEntry:
        """Return an entry with the ids of edges that it only counts, while their journal's chunks are kept."""
        if not entry.journal:
            return entry
        relations: dict[str, dict[str, dict[str, list[str]]]] = {}
        for attribute, target, by in edges_of(self._table, tenant, entry.key, entry.journal):
            signs = relations.setdefault(attribute, {"+": {}, "-": {}})
            if by:
                signs["+" if by > 0 else "-"].setdefault(target.type, []).append(target.id)
        return replace(entry, relations=relations) if relations else entry

    @property
    def lanes(self) -> int:
        """Return how many lanes a tenant has."""
        return LANES

    def older(
        self, tenant: str, lane: int, before: int | None, limit: int
    ) -> Sequence[tuple[int, LogEntry]]:
        """Return up to `limit` positions and entries before a position (None: the end), newest first."""
        older_entries: list[tuple[int, LogEntry]] = []
        partition = lane_partition(tenant, lane)
        end = EVER if before is None else position_text(before)
        ends = position_text(0), end
        for row in self._table.some_between(partition, ends, Direction.DOWN, limit).items:
            page = page_in(row)
            numbered = list(enumerate(page.entries, page.position))
            older_entries += [
                position_and_entry
                for position_and_entry in reversed(numbered)
                if before is None or position_and_entry[0] < before
            ]
            if len(older_entries) >= limit:
                break
        return older_entries[:limit]

    def marks(self, tenant: str, keys: Iterable[Key]) -> dict[Key, Logged]:
        """Return the marks of those of the resources that are in the log."""
        return marks_of(self._table, tenant, keys)

    def unlogged(self, tenant: str, types: Iterable[str], since: str) -> Iterator[Key]:
        """Yield the resources changed since `since` whose last version is not in the log."""
        return (change.key for change in self._unlogged(tenant, types, (since, NO_END)))

    def notices(
        self, tenant: str, types: Iterable[str], since: str, until: str
    ) -> Iterator[LogEntry]:
        """Yield an entry for each resource last changed in the span whose last version is not in the log."""
        return (change.notice() for change in self._unlogged(tenant, types, (since, until)))

    def compared_until(self, tenant: str) -> str:
        """Return up to when (RFC 3339) the tenant's log was last compared with its resources, or ""."""
        row = self._table.item(compared_key(tenant))
        return "" if row is None else text(row, "at")

    def note_compared(self, tenant: str, until: str) -> None:
        """Store up to when the tenant's log has been compared with its resources.

        Also store where the lanes end whose last entry was made by an earlier version, or by a writer that died.
        """
        stored_ends = self._known_ends(tenant)
        for lane, end in enumerate(self.ends(tenant)):
            if end > stored_ends.get(lane, 0):
                self._note_end(tenant, lane, None, end)
        self._table.put(compared_key(tenant), {"k": "compared", "s": SCHEMA, "at": until})

    def _unlogged(
        self, tenant: str, types: Iterable[str], span: tuple[str, str]
    ) -> Iterator[Unlogged]:
        return unlogged(self._table, tenant, types, span, partial(self._is_deletion, tenant))

    def _is_deletion(self, tenant: str, key: Key, mark: Logged) -> bool:
        """Tell whether the last entry of a resource is its deletion."""
        row = self._table.item(log_key(tenant, lane_of(key), max(mark.position, 0)))
        if row is None:  # it has expired
            return mark.has_end
        entries = [entry for entry in page_in(row).entries if entry.key == key]
        return bool(entries) and entries[-1].action == Action.DELETE

    def _items(self, partition: str, ends: tuple[str, str], limit: int) -> Iterable[LogPage]:
        first = ends[0]
        while True:
            page = self._table.between(partition, (first, ends[1]), Direction.UP, min(limit, 25))
            for row in page.items:
                yield page_in(row)
            if not page.has_more:
                return
            first = position_text(int(text(page.items[-1], "sk")) + 1)

    def _append(self, tenant: str, lane: int, entries: list[LogEntry], end: int) -> int:
        stored = 0
        for _ in range(ROUNDS + len(entries)):
            tail = self._tail(tenant, lane)
            lane_end = self._table.item(lane_end_key(tenant, lane))
            position = _end(tail, 0 if lane_end is None else number(lane_end, "n"))
            tail_entries = () if tail is None else tail.entries
            keys = {entry.key for entry in (*tail_entries, *entries)}
            marks = self.marks(tenant, keys)
            if tail is not None:
                marks |= self._marked(tenant, tail, marks, end)
            new = fresh(entries, marks)
            if not new:
                # Who stored the last item may have died before this.
                self._note_end(tenant, lane, lane_end, position)
                return stored
            chunk, content = _fitting(new)
            item: Item = {"k": "log", "s": SCHEMA, "n": len(chunk), "z": content, "ttl": end}
            put = Write("Put", log_key(tenant, lane, position), (absent(),), item=item)
            if self._table.put_alone(put):
                stored += len(chunk)
                entries = _without_answers(entries, chunk)
                self._marked(tenant, LogPage(position, chunk), marks, end)
                if len(chunk) == len(new):
                    self._note_end(tenant, lane, lane_end, position + len(chunk))
                    return stored
        raise Unavailable("Many other requests are writing to the change log.")

    def _marked(
        self, tenant: str, page: LogPage, marks: Mapping[Key, Logged], end: int
    ) -> dict[Key, Logged]:
        """Write the marks that the entries of an item still lack, and return them."""
        new_marks = advanced(marks, page.position, page.entries)
        changes = sorted((e for e in page.entries if e.kind == CHANGE), key=lambda e: e.version)
        is_deleted = {entry.key: entry.action == Action.DELETE for entry in changes}
        for key, mark in new_marks.items():
            mark_end = end + MARK_SECONDS if is_deleted[key] else None
            self._table.put_alone(mark.write(tenant, key, mark_end))
        return new_marks

    def _known_ends(self, tenant: str) -> dict[int, int]:
        rows = self._table.items([lane_end_key(tenant, lane) for lane in range(LANES)])
        return {int(text(row, "sk")[1:]): number(row, "n") for row in rows}

    def _note_end(self, tenant: str, lane: int, stored_end: Row | None, end: int) -> None:
        """Store where a lane ends, unless that is known: its entries may expire before the next one comes."""
        if stored_end is not None and number(stored_end, "n") >= end:
            return
        earlier = Condition("(attribute_not_exists({n}) OR {n} < {v})", "n", end)
        item: Item = {"k": "laneEnd", "s": SCHEMA, "n": end}
        self._table.put_alone(Write("Put", lane_end_key(tenant, lane), (earlier,), item=item))

    def _tail(self, tenant: str, lane: int) -> LogPage | None:
        partition = lane_partition(tenant, lane)
        ends = position_text(0), EVER
        rows = self._table.some_between(partition, ends, Direction.DOWN, 1).items
        return page_in(rows[0]) if rows else None


def _end(tail: LogPage | None, stored_end: int) -> int:
    """Return the position behind a lane's last entry, given the last item that is left, and where the lane ended.

    DynamoDB removes expired items in any order, so the last item that is left may not be the last one.
    """
    return stored_end if tail is None else max(tail.end, stored_end)


def _without_answers(entries: list[LogEntry], stored: Iterable[LogEntry]) -> list[LogEntry]:
    """Return the entries without those of other kinds than CHANGE that were stored: the first ones.

    Only the versions of resources have marks that tell which of them are in the log.
    """
    number = sum(entry.kind != CHANGE for entry in stored)
    answers = islice((entry for entry in entries if entry.kind != CHANGE), number)
    stored_answers = {id(entry) for entry in answers}
    return [entry for entry in entries if id(entry) not in stored_answers]


def page_in(row: Item) -> LogPage:
    """Return the entries in an item of a lane."""
    entries = packed_list(row, "z")
    if len(entries) != number(row, "n"):
        raise ValueError("an item of the change log that does not hold what it says")
    return LogPage(int(text(row, "sk")), tuple(map(LogEntry.from_json, entries)))


def _fitting(entries: Sequence[LogEntry]) -> tuple[tuple[LogEntry, ...], bytes]:
    """Return as many of the entries as fit one item, and their packed form.

    An entry that is too large alone becomes a gap: the receiver has to read the present state. Raises
    ValueError if that is too large, too.
    """
    chunk = tuple(entries[:AT_ONCE])
    while True:
        content = packed([entry.json() for entry in chunk])
        if len(content) <= LARGEST:
            return chunk, content
        if len(chunk) == 1:
            gap = replace(chunk[0], before={}, after={}, relations={}, is_gap=True)
            if chunk[0] == gap:
                raise ValueError("an entry of the change log is too large without its content")
            chunk = (gap,)
        else:
            chunk = chunk[: len(chunk) // 2]
