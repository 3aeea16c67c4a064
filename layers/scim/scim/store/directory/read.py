"""Reading resources and their edges; the ended and the dying do not show."""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from scim.resource.key_range import Direction
from scim.resource.record import Edge, Key, Record
from scim.store.directory.links import edge_of
from scim.store.directory.resource_item import is_live, record_of
from scim.store.dynamodb.table import Row, Table
from scim.store.dynamodb.values import text
from scim.store.keys.directory import (
    LAST,
    ItemKey,
    edge_key,
    edges_partition,
    is_id,
    key_named,
    reaps_partition,
    resource_key,
    type_partition,
)


@dataclass(frozen=True, slots=True)
class RecordPage:
    """Some records in id order; `after` is the id to go on behind, None at the end."""

    records: Sequence[Record]
    after: str | None


@dataclass(frozen=True, slots=True)
class EdgePage:
    """Some edges in target-id order; `after` is the target id to go on behind, None at the end."""

    edges: Sequence[Edge]
    after: str | None


FIRST = "\x01"
"""Sorts before every id."""

AT_A_TIME = 8
"""Queries under way at once: fewer than the connections botocore keeps."""


def record(table: Table, tenant: str, key: Key) -> Record | None:
    """Return the record, perhaps a moment old, but never missing one just created."""
    if not is_id(key.id):
        return None
    item_key = resource_key(tenant, key)
    # Reading what is a moment old costs half; only an absence has to be made sure of.
    row = table.cheap_item(item_key) or table.item(item_key)
    return record_of(key.type, row) if row is not None and is_live(row) else None


def latest_records(table: Table, tenant: str, keys: Iterable[Key]) -> dict[Key, Record]:
    """Return those of the keys that live, as of now."""
    item_keys = {resource_key(tenant, key): key for key in keys if is_id(key.id)}
    return _records(table.items(list(item_keys)))


def records(table: Table, tenant: str, keys: Iterable[Key]) -> dict[Key, Record]:
    """Return those of the keys that live, perhaps a moment old."""
    item_keys = {resource_key(tenant, key): key for key in keys if is_id(key.id)}
    return _records(table.cheap_items(list(item_keys)))


def record_page(
    table: Table, tenant: str, type_name: str, after: str | None, limit: int
) -> RecordPage:
    """Return up to `limit` live records of a type, behind the id `after`."""
    if limit < 1:
        return RecordPage((), None)
    found: list[Record] = []
    while True:
        rows = table.rows(type_partition(tenant, type_name), limit - len(found), after)
        found += [record_of(type_name, row) for row in rows.items if is_live(row)]
        after = text(rows.items[-1], "sk") if rows.has_more else None
        if after is None or len(found) == limit:
            return RecordPage(found, after)


def edge_page(
    table: Table, tenant: str, source: Key, attribute: str, after: str | None, limit: int
) -> EdgePage:
    """Return up to `limit` edges to live targets, behind the target id `after`."""
    if limit < 1:
        return EdgePage((), None)
    # First the jobs, then the edges: a job that ends in between has removed its edges.
    dying = _dying(table, tenant)
    return _edge_page(table, tenant, attribute, after, limit, dying, source)


def edge_page_before(
    table: Table, tenant: str, source: Key, attribute: str, before: str | None, limit: int
) -> EdgePage:
    """Return up to `limit` edges to live targets before a target id, the nearest first."""
    dying = _dying(table, tenant)
    if limit < 1 or source in dying:
        return EdgePage((), None)
    pk = edges_partition(tenant, source, attribute)
    found: list[Edge] = []
    while True:
        # The id to go on before is read again and dropped.
        left = limit - len(found) + (before is not None)
        rows = table.between(pk, (FIRST, before or LAST), Direction.DOWN, left)
        items = [row for row in rows.items if row["sk"] != before]
        found += [edge for edge in map(edge_of, items) if edge.target not in dying]
        before = text(items[-1], "sk") if items and rows.has_more else None
        if before is None or len(found) >= limit:
            return EdgePage(found, before)


def edge_pages(
    table: Table, tenant: str, sources: Iterable[Key], attribute: str, limit: int
) -> dict[Key, EdgePage]:
    """Return the first `limit` edges to live targets of each source, several read at a time."""
    keys = list(sources)
    if not keys or limit < 1:
        return dict.fromkeys(keys, EdgePage((), None))
    dying = _dying(table, tenant)
    page = partial(_edge_page, table, tenant, attribute, None, limit, dying)
    if len(keys) == 1:
        return {keys[0]: page(keys[0])}
    with ThreadPoolExecutor(min(AT_A_TIME, len(keys))) as pool:
        return dict(zip(keys, pool.map(page, keys), strict=True))


def edges_between(
    table: Table, tenant: str, pairs: Iterable[tuple[Key, str]], attribute: str
) -> dict[tuple[Key, str], Edge]:
    """Return those edges that are there, by source and target id."""
    item_keys = {
        edge_key(tenant, source, attribute, target_id): (source, target_id)
        for source, target_id in pairs
        if is_id(source.id) and is_id(target_id)
    }
    rows = table.items(list(item_keys)) if item_keys else []
    return {item_keys[ItemKey(text(row, "pk"), text(row, "sk"))]: edge_of(row) for row in rows}


def _dying(table: Table, tenant: str) -> frozenset[Key]:
    jobs = table.rows(reaps_partition(tenant)).items
    return frozenset(key_named(text(job, "sk")) for job in jobs)


def _edge_page(
    table: Table,
    tenant: str,
    attribute: str,
    after: str | None,
    limit: int,
    dying: frozenset[Key],
    source: Key,
) -> EdgePage:
    if source in dying:
        return EdgePage((), None)
    found: list[Edge] = []
    while True:
        rows = table.rows(edges_partition(tenant, source, attribute), limit - len(found), after)
        found += [edge for edge in map(edge_of, rows.items) if edge.target not in dying]
        after = text(rows.items[-1], "sk") if rows.has_more else None
        if after is None or len(found) == limit:
            return EdgePage(found, after)


def _records(rows: Iterable[Row]) -> dict[Key, Record]:
    live = [record_of(text(row, "pk").rsplit("#", 1)[1], row) for row in rows if is_live(row)]
    return {record.key: record for record in live}
