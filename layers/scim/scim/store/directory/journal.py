"""Changes of more edges than a transaction holds: stored in a journal first, then made in slices.

The first transaction stores the journal and marks the resource with it. From then on the change only rolls
forward, by any request that reads the mark. Each slice is one transaction that is conditional on the number
of slices made, so concurrent workers make each slice once.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from typing import Self

from scim.resource.change import Guard
from scim.resource.record import Key
from scim.store.directory.links import EdgeChange, EdgeWrites, split
from scim.store.directory.nesting_guard import guards_freed, guards_held
from scim.store.directory.resource_item import end_of_tombstone, index_keys
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.values import (
    SCHEMA,
    Item,
    Value,
    binary,
    number,
    packed,
    packed_list,
    text,
)
from scim.store.dynamodb.write import (
    MAX_ITEM_BYTES,
    Action,
    ConditionFailed,
    Outgrown,
    Write,
    absent,
    equals,
    exists,
)
from scim.store.keys.directory import chunk_key, journal_key, resource_key, work_keys

SLICES_PER_CHUNK = 20
LARGEST_CHUNK = MAX_ITEM_BYTES - 1000
"""The most bytes of a chunk's content, beside its key and its other attributes."""


def journal_steps(
    head: Write, edge_writes: EdgeWrites, guards: Sequence[Guard], width: int
) -> list[Write]:
    """Return the steps that mark the head, hold the guards and store the remaining work."""
    tenant, key = edge_writes.tenant, edge_writes.source
    from uuid import uuid4  # noqa: PLC0415 - a costly import, and journals are rare

    journal = str(uuid4())
    slices = split(edge_writes.changes, width)
    slices_per_chunk, chunks = _chunks(slices)
    header: Item = {"k": "journal", "s": SCHEMA, "j": journal, "at": edge_writes.now}
    if by := head.item.get("by") or head.sets.get("by"):
        header = {**header, "by": by}
    bounds: Item = {"next": 0, "end": len(slices), "per": slices_per_chunk}
    if guards:
        header = {**header, "held": " ".join(guard.attribute for guard in guards)}
    return [
        _with_journal(head, journal),
        *guards_held(tenant, key, guards),
        Write(
            "Put",
            journal_key(tenant, key),
            (absent(),),
            item={**header, **bounds, **work_keys(tenant, "journal", key)},
            index_writes=1,
        ),
        *(
            Write(
                "Put",
                chunk_key(tenant, key, journal, chunk_number),
                item={"k": "chunk", "s": SCHEMA, "z": chunk},
            )
            for chunk_number, chunk in enumerate(chunks)
        ),
    ]


def _chunks(slices: Sequence[Sequence[EdgeChange]]) -> tuple[int, list[bytes]]:
    """Return the slices in chunks, and the number of slices of each: fewer if what clients sent is long."""
    slices_per_chunk = SLICES_PER_CHUNK
    plain = [
        [[change.attribute, *change.target, change.by, change.sent] for change in slice_]
        for slice_ in slices
    ]
    while True:
        starts = range(0, len(plain), slices_per_chunk)
        chunks = [packed(plain[start : start + slices_per_chunk]) for start in starts]
        if slices_per_chunk == 1 or max(map(len, chunks), default=0) <= LARGEST_CHUNK:
            return slices_per_chunk, chunks
        slices_per_chunk //= 2


def completion(table: Table, tenant: str, key: Key, clock: Callable[[], str]) -> Iterator[None]:
    """Complete a journaled change, one transaction for each element iterated over."""
    header_before: Item | None = None
    while (header := table.item(journal_key(tenant, key))) is not None:
        if header == header_before:
            raise RuntimeError("a journal that cannot go on: a chunk or its mark is missing")
        header_before = header
        journal = Journal.of_header(tenant, key, header)
        yield from _continuation(table, journal, number(header, "next"), clock)


@dataclass(frozen=True, slots=True)
class Journal:
    """An open journal: its resource, its id, the number of its slices and those of a chunk, its time and its guards.

    `by` is the attribute from the change that began the journal: other writers may have removed edges of the
    resource since.
    """

    tenant: str
    key: Key
    id: str
    end: int
    slices_per_chunk: int
    at: str
    guards: tuple[str, ...]
    by: bytes

    @classmethod
    def of_header(cls, tenant: str, key: Key, header: Item) -> Self:
        """Return the journal of a stored header."""
        return cls(
            tenant,
            key,
            text(header, "j"),
            number(header, "end"),
            number(header, "per"),
            text(header, "at"),
            tuple(text(header, "held").split()) if "held" in header else (),
            binary(header, "by") if "by" in header else b"",
        )

    @property
    def chunks(self) -> int:
        """Return the number of its chunks."""
        return -(-self.end // self.slices_per_chunk)

    def header(self, action: Action, position: int) -> Write:
        """Return a step on the header that holds only while exactly `position` slices are made."""
        item_key = journal_key(self.tenant, self.key)
        return Write(action, item_key, (equals("j", self.id), equals("next", position)))

    def head(self, sets: Item, adds: Item, removes: tuple[str, ...] = ()) -> Write:
        """Return a step on the resource, conditional on its mark of this journal."""
        item_key = resource_key(self.tenant, self.key)
        conditions = (equals("j", self.id),)
        return Write("Update", item_key, conditions, sets=sets, adds=adds, removes=removes)


def _continuation(
    table: Table, journal: Journal, start: int, clock: Callable[[], str]
) -> Iterator[None]:
    """Make the slices from a position on and close the journal, unless another worker does."""
    chunk: list[list[EdgeChange]] = []
    for position in range(start, journal.end):
        chunk_number, position_in_chunk = divmod(position, journal.slices_per_chunk)
        if position == start or position_in_chunk == 0:
            chunk = _chunk(table, journal, chunk_number)
        # Another worker made this slice and perhaps more: the caller reads how far it got.
        if not chunk or not _make_slice(table, journal, position, chunk[position_in_chunk]):
            return
        yield
    _close(table, journal, max(clock(), journal.at))
    yield


def _make_slice(
    table: Table, journal: Journal, position: int, slice_: Sequence[EdgeChange]
) -> bool:
    header = journal.header("Update", position)._replace(sets={"next": position + 1})
    edge_writes = EdgeWrites(journal.tenant, journal.key, tuple(slice_), journal.at)
    while True:
        counts = edge_writes.counts()
        head_writes = [journal.head({}, counts)] if counts else []
        try:
            table.write([header, *head_writes, *edge_writes.writes()])
        except ConditionFailed as failed_condition:
            if failed_condition.of(header) is not None:
                return False
            if any(failed_condition.of(write) for write in head_writes):
                raise
            edge_writes = edge_writes.without_refused(failed_condition)
        except Outgrown as refused:
            # Its links have become too many since the change was accepted (`Record.is_full`).
            edge_writes = edge_writes.without_full(refused)
        else:
            return True


def _close(table: Table, journal: Journal, now: str) -> None:
    sets: dict[str, Value] = {"m": now, **index_keys(journal.tenant, journal.key, now)}
    if journal.by:
        sets["by"] = journal.by
    item_keys = (
        chunk_key(journal.tenant, journal.key, journal.id, chunk_number)
        for chunk_number in range(journal.chunks)
    )
    # If another worker closed it, the caller finds no journal left.
    with suppress(ConditionFailed):
        table.write(
            [
                journal.header("Delete", journal.end)._replace(index_writes=1),
                journal.head(sets, {"v": 1}, ("j",)),
                *guards_freed(journal.tenant, journal.key.type, journal.guards),
                # The change log reads the edges of a large change from the chunks.
                *(
                    Write("Update", item_key, (exists(),), sets={"ttl": end_of_tombstone(now)})
                    for item_key in item_keys
                ),
            ]
        )


def edges_of(table: Table, tenant: str, key: Key, journal: str) -> Iterator[tuple[str, Key, int]]:
    """Yield relation, target, and +1 or -1 for each edge of a journal, while its chunks are kept."""
    for chunk_number in count():
        row = table.item(chunk_key(tenant, key, journal, chunk_number))
        if row is None:
            return
        for slice_ in packed_list(row, "z"):
            for attribute, type_, id_, count_change, _ in slice_:
                yield attribute, Key(type_, id_), count_change


def _chunk(table: Table, journal: Journal, chunk_number: int) -> list[list[EdgeChange]]:
    """Return a chunk's slices, or [] if the journal has been closed meanwhile."""
    row = table.item(chunk_key(journal.tenant, journal.key, journal.id, chunk_number))
    slices = [] if row is None else packed_list(row, "z")
    return [[_edge_change_of(*fields) for fields in slice_] for slice_ in slices]


def _edge_change_of(
    attribute: str, type_: str, id_: str, by: int, sent: Mapping[str, object]
) -> EdgeChange:
    return EdgeChange(attribute, Key(type_, id_), by, sent)


def _with_journal(head: Write, journal: str) -> Write:
    if head.action == "Put":
        return head._replace(item={**head.item, "j": journal})
    return head._replace(sets={**head.sets, "j": journal})
