"""Ranges: parts of ordered lists, read upwards or downwards."""

from scim.resource.access_path import (
    AccessPath,
    ChangedSince,
    Direction,
    IdPage,
    IndexRange,
    IndexValue,
    Limit,
    RecordPage,
    RelationTargets,
)
from scim.resource.record import LINK, Key, Record
from scim.store.directory.read import reaped_keys_of
from scim.store.directory.resource_item import record_in
from scim.store.dynamodb.rows import Rows
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.values import text
from scim.store.keys.directory import (
    FIRST,
    LAST,
    SEPARATOR,
    edges_partition,
    index_partition,
    is_id,
    type_partition,
    value_range,
)
from scim.store.keys.lists import values_range

HEAVY = 4_000_000
"""Characters of bodies and links after which a page of records ends, to bound memory."""

HOUR_END = "$"
"""Sorts after the # that ends an hour in byLastModified."""


def records(
    table: Table,
    tenant: str,
    type_name: str,
    direction: Direction,
    beyond: str | None,
    limit: int,
    attributes: tuple[str, ...] | None = None,
) -> RecordPage:
    """Return up to `limit` live records of a type in id order, fewer if they are large.

    `attributes` are the attributes to read from their items, None for all.
    """
    pk = type_partition(tenant, type_name)
    live_records: list[Record] = []
    weight = 0
    while True:
        ends, room = _ends((FIRST, LAST), direction, beyond), limit - len(live_records)
        page = table.some_between(pk, ends, direction, _room(room, beyond), attributes)
        items = page.wire
        if beyond is not None and items and items[0]["sk"]["S"] == beyond:
            items = items[1:]
        has_more = page.has_more or len(items) > room
        items = items[:room]
        for item in items:
            if "v" not in item or "d" in item:
                continue
            if weight >= HEAVY:
                return RecordPage(live_records, has_more=True)
            record = record_in(type_name, item)
            live_records.append(record)
            weight += len(record.text) + LINK * record.linked
        if not has_more or len(live_records) >= limit or weight >= HEAVY:
            return RecordPage(live_records, has_more)
        if items:
            beyond = str(items[-1]["sk"]["S"])


def skipped(
    table: Table, tenant: str, type_name: str, after: str | None, number: int
) -> tuple[str | None, int]:
    """Return the id of the last of up to `number` live records after `after`, and their number."""
    pk = type_partition(tenant, type_name)
    count = 0
    while count < number:
        counted = table.counted(pk, after, number - count, "d")
        count += counted.number
        if counted.after is None:
            return LAST, count
        after = counted.after
    return after, count


def ids(
    table: Table,
    tenant: str,
    path: AccessPath,
    direction: Direction,
    beyond: str | None,
    limit: int,
) -> IdPage:
    """Return up to `limit` positions of an access path, each with the id found there."""
    match path:
        case IndexRange():
            return _entries(table, tenant, path, direction, beyond, limit)
        case IndexValue():
            return _holders(table, tenant, path, direction, beyond, limit)
        case RelationTargets():
            return _targets(table, tenant, path, direction, beyond, limit)
        case ChangedSince():
            return _changed(table, tenant, path, direction, beyond, limit)


def _entries(
    table: Table,
    tenant: str,
    path: IndexRange,
    direction: Direction,
    beyond: str | None,
    limit: int,
) -> IdPage:
    upper = path.key_range.upper
    first, last = values_range(path.key_range)
    excluded = last if upper is not None and upper[1] is Limit.WITHOUT else None
    if direction is Direction.DOWN and beyond is None:
        beyond = excluded
    rows = table.between(
        index_partition(tenant, path.type, path.attribute),
        _ends((first, last), direction, beyond),
        direction,
        _room(limit, beyond),
    )
    rows = _beyond(rows, limit, beyond)
    return IdPage(
        [(text(row, "sk"), text(row, "i")) for row in rows.items if row["sk"] != excluded],
        rows.has_more,
    )


def _holders(
    table: Table,
    tenant: str,
    path: IndexValue,
    direction: Direction,
    beyond: str | None,
    limit: int,
) -> IdPage:
    first, last = value_range(path.value)
    key = None if beyond is None else first + SEPARATOR + beyond
    rows = table.between(
        index_partition(tenant, path.type, path.attribute),
        _ends((first, last), direction, key),
        direction,
        _room(limit, key),
    )
    rows = _beyond(rows, limit, key)
    return IdPage([(text(row, "i"), text(row, "i")) for row in rows.items], rows.has_more)


def _targets(
    table: Table,
    tenant: str,
    path: RelationTargets,
    direction: Direction,
    beyond: str | None,
    limit: int,
) -> IdPage:
    if not is_id(path.source.id):
        return IdPage()
    # Read the reap jobs before the edges: a job that ends in between has removed its edges.
    reaped_keys = reaped_keys_of(table, tenant)
    if path.source in reaped_keys:
        return IdPage()
    pk = edges_partition(tenant, path.source, path.attribute)
    positions: list[tuple[str, str]] = []
    while True:
        ends = _ends((FIRST, LAST), direction, beyond)
        room = limit - len(positions)
        rows = _beyond(table.between(pk, ends, direction, _room(room, beyond)), room, beyond)
        positions += [
            (text(row, "sk"), text(row, "sk"))
            for row in rows.items
            if row["t"] == path.type and Key(path.type, text(row, "sk")) not in reaped_keys
        ]
        if not rows.has_more or len(positions) >= limit:
            return IdPage(positions, rows.has_more)
        beyond = text(rows.items[-1], "sk")


def _changed(
    table: Table,
    tenant: str,
    path: ChangedSince,
    direction: Direction,
    beyond: str | None,
    limit: int,
) -> IdPage:
    hours = (path.since, LAST if path.until is None else path.until + HOUR_END)
    rows = table.indexed(
        type_partition(tenant, path.type),
        _ends(hours, direction, beyond),
        direction,
        _room(limit, beyond),
    )
    rows = _beyond(rows, limit, beyond, "gs")
    return IdPage([(text(row, "gs"), text(row, "sk")) for row in rows.items], rows.has_more)


def _ends(key_range: tuple[str, str], direction: Direction, beyond: str | None) -> tuple[str, str]:
    """Return the part of the range from `beyond` on; `beyond` itself is still in it."""
    return key_range if beyond is None else _from(key_range, direction, beyond)


def _from(key_range: tuple[str, str], direction: Direction, start: str) -> tuple[str, str]:
    first, last = key_range
    return (max(first, start), last) if direction is Direction.UP else (first, min(last, start))


def _room(limit: int, beyond: str | None) -> int:
    """Return how many items to ask for: the key to continue beyond is read again and dropped."""
    return limit if beyond is None else limit + 1


def _beyond(rows: Rows, limit: int, beyond: str | None, sort: str = "sk") -> Rows:
    items = [row for row in rows.items if row[sort] != beyond]
    return Rows(items[:limit], rows.has_more or len(items) > limit)
