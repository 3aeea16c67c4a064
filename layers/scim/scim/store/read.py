"""Reading resources and their edges; the ended and the dying do not show."""

from collections.abc import Iterable

from scim.resource.record import Edge, Key, Record
from scim.store.attributes import text
from scim.store.edges import edge_of
from scim.store.keys import (
    is_id,
    key_named,
    partition_of_edges,
    partition_of_reaps,
    partition_of_type,
    place_of,
)
from scim.store.page import EdgePage, RecordPage
from scim.store.record import is_live, record_of
from scim.store.table import Row, Table


def record(table: Table, tenant: str, key: Key) -> Record | None:
    """Return the record, perhaps a moment old, but never missing one just created."""
    if not is_id(key.id):
        return None
    place = place_of(tenant, key)
    # Reading what is a moment old costs half; only an absence has to be made sure of.
    row = table.cheap_item(place) or table.item(place)
    return record_of(key.type, row) if row is not None and is_live(row) else None


def latest_records(table: Table, tenant: str, keys: Iterable[Key]) -> dict[Key, Record]:
    """Return those of the keys that live, as of now."""
    places = {place_of(tenant, key): key for key in keys if is_id(key.id)}
    return _records(table.items(list(places)))


def records(table: Table, tenant: str, keys: Iterable[Key]) -> dict[Key, Record]:
    """Return those of the keys that live, perhaps a moment old."""
    places = {place_of(tenant, key): key for key in keys if is_id(key.id)}
    return _records(table.cheap_items(list(places)))


def record_page(
    table: Table, tenant: str, type_name: str, after: str | None, limit: int
) -> RecordPage:
    """Return up to `limit` live records of a type, behind the id `after`."""
    if limit < 1:
        return RecordPage((), None)
    found: list[Record] = []
    while True:
        rows = table.rows(partition_of_type(tenant, type_name), limit - len(found), after)
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
    dying = {key_named(text(row, "sk")) for row in table.rows(partition_of_reaps(tenant)).items}
    found: list[Edge] = []
    while True:
        rows = table.rows(partition_of_edges(tenant, source, attribute), limit - len(found), after)
        found += [edge for edge in map(edge_of, rows.items) if edge.target not in dying]
        after = text(rows.items[-1], "sk") if rows.has_more else None
        if after is None or len(found) == limit:
            return EdgePage(found, after)


def _records(rows: Iterable[Row]) -> dict[Key, Record]:
    live = [record_of(text(row, "pk").rsplit("#", 1)[1], row) for row in rows if is_live(row)]
    return {record.key: record for record in live}
