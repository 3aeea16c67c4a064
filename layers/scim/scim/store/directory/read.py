"""Reads of resources and their edges. Deleted resources are invisible, and so are the edges to them."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from scim.resource.access_path import Direction, EdgePage
from scim.resource.record import Edge, Key, Record
from scim.store.directory.links import edge_of
from scim.store.directory.resource_item import is_live, record_in
from scim.store.dynamodb.rows import Rows
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.values import Wire, text
from scim.store.keys.directory import (
    FIRST,
    LAST,
    ItemKey,
    edge_key,
    edges_partition,
    is_id,
    key_named,
    reaps_partition,
    resource_key,
)

AT_A_TIME = 8
"""The maximum number of concurrent queries: fewer than the connections that are kept."""


class RangePart(NamedTuple):
    """A part of an ordered list: up to `limit` items in a direction, beyond a key if there is one."""

    direction: Direction
    beyond: str | None
    limit: int

    @property
    def number(self) -> int:
        """Return how many items to ask for: the key to continue beyond is read again and dropped."""
        return self.limit if self.beyond is None else self.limit + 1

    def ends(self, key_range: tuple[str, str]) -> tuple[str, str]:
        """Return the range from `beyond` on; `beyond` itself is still in it."""
        if self.beyond is None:
            return key_range
        first, last = key_range
        if self.direction is Direction.UP:
            return max(first, self.beyond), last
        return first, min(last, self.beyond)

    def of(self, rows: Rows, sort: str = "sk") -> Rows:
        """Return the rows of the part among those read."""
        items = [row for row in rows.items if row[sort] != self.beyond]
        return Rows(items[: self.limit], rows.has_more or len(items) > self.limit)


def record(table: Table, tenant: str, key: Key) -> Record | None:
    """Return the record. If the table may lag (`TableReads`), it may be slightly old, but a new one is never missed."""
    if not is_id(key.id):
        return None
    wire = table.recent_wire(resource_key(tenant, key))
    return record_in(key.type, wire) if wire is not None and is_live(wire) else None


def latest_records(table: Table, tenant: str, keys: Iterable[Key]) -> dict[Key, Record]:
    """Return those of the keys that are live, strongly consistent."""
    item_keys = {resource_key(tenant, key): key for key in keys if is_id(key.id)}
    return _records(table.wires(list(item_keys)))


def records(table: Table, tenant: str, keys: Iterable[Key]) -> dict[Key, Record]:
    """Return those of the keys that are live; if the table may lag, they may be slightly old."""
    item_keys = {resource_key(tenant, key): key for key in keys if is_id(key.id)}
    return _records(table.recent_wires(list(item_keys)))


def edge_page(
    table: Table,
    tenant: str,
    source: Key,
    attribute: str,
    direction: Direction,
    beyond: str | None,
    limit: int,
) -> EdgePage:
    """Return up to `limit` edges to live targets, beyond a target id."""
    if limit < 1:
        return EdgePage()
    # Read the reap jobs before the edges: a job that ends in between has removed its edges.
    reaped_keys = reaped_keys_of(table, tenant)
    part = RangePart(direction, beyond, limit)
    return _edge_page(table, tenant, source, attribute, part, reaped_keys)


def edge_pages(
    table: Table, tenant: str, sources: Iterable[Key], attribute: str, limit: int
) -> dict[Key, EdgePage]:
    """Return the first `limit` edges to live targets of each source, reading several sources concurrently."""
    keys = list(sources)
    if not keys or limit < 1:
        return dict.fromkeys(keys, EdgePage())
    reaped_keys = reaped_keys_of(table, tenant)
    part = RangePart(Direction.UP, None, limit)

    def page(source: Key) -> EdgePage:
        return _edge_page(table, tenant, source, attribute, part, reaped_keys)

    if len(keys) == 1:
        return {keys[0]: page(keys[0])}
    with ThreadPoolExecutor(min(AT_A_TIME, len(keys))) as pool:
        return dict(zip(keys, pool.map(page, keys), strict=True))


def edges_between(
    table: Table, tenant: str, pairs: Iterable[tuple[Key, str]], attribute: str
) -> dict[tuple[Key, str], Edge]:
    """Return the edges that exist, by source and target id."""
    item_keys = {
        edge_key(tenant, source, attribute, target_id): (source, target_id)
        for source, target_id in pairs
        if is_id(source.id) and is_id(target_id)
    }
    rows = table.items(list(item_keys)) if item_keys else []
    return {item_keys[ItemKey(text(row, "pk"), text(row, "sk"))]: edge_of(row) for row in rows}


def reaped_keys_of(table: Table, tenant: str) -> frozenset[Key]:
    """Return the deleted resources whose edges are not all removed."""
    jobs = table.rows(reaps_partition(tenant)).items
    return frozenset(key_named(text(job, "sk")) for job in jobs)


def _edge_page(
    table: Table,
    tenant: str,
    source: Key,
    attribute: str,
    part: RangePart,
    reaped_keys: frozenset[Key],
) -> EdgePage:
    if source in reaped_keys or not is_id(source.id):
        return EdgePage()
    pk, limit = edges_partition(tenant, source, attribute), part.limit
    edges: list[Edge] = []
    while True:
        ends = part.ends((FIRST, LAST))
        rows = part.of(table.between(pk, ends, part.direction, part.number))
        edges += [edge for edge in map(edge_of, rows.items) if edge.target not in reaped_keys]
        last = text(rows.items[-1], "sk") if rows.items and rows.has_more else None
        if last is None or len(edges) >= limit:
            return EdgePage(edges, last)
        part = RangePart(part.direction, last, limit - len(edges))


def _records(wires: Iterable[Wire]) -> dict[Key, Record]:
    live = [record_in(_type_in(wire), wire) for wire in wires if is_live(wire)]
    return {record.key: record for record in live}


def _type_in(wire: Wire) -> str:
    return str(wire["pk"]["S"]).rsplit("#", 1)[1]
