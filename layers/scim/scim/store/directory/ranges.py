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
from scim.store.directory.read import RangePart, reaped_keys_of
from scim.store.directory.resource_item import record_in
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
        part = RangePart(direction, beyond, limit - len(live_records))
        ends = part.ends((FIRST, LAST))
        page = table.some_between(pk, ends, direction, part.number, attributes)
        items = page.wire
        if beyond is not None and items and items[0]["sk"]["S"] == beyond:
            items = items[1:]
        has_more = page.has_more or len(items) > part.limit
        items = items[: part.limit]
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
    part = RangePart(direction, beyond, limit)
    match path:
        case IndexRange():
            return _entries(table, tenant, path, part)
        case IndexValue():
            return _holders(table, tenant, path, part)
        case RelationTargets():
            return _targets(table, tenant, path, part)
        case ChangedSince():
            return _changed(table, tenant, path, part)


def _entries(table: Table, tenant: str, path: IndexRange, part: RangePart) -> IdPage:
    upper = path.key_range.upper
    first, last = values_range(path.key_range)
    excluded = last if upper is not None and upper[1] is Limit.WITHOUT else None
    if part.direction is Direction.DOWN and part.beyond is None:
        part = part._replace(beyond=excluded)
    pk = index_partition(tenant, path.type, path.attribute)
    rows = part.of(table.between(pk, part.ends((first, last)), part.direction, part.number))
    return IdPage(
        [(text(row, "sk"), text(row, "i")) for row in rows.items if row["sk"] != excluded],
        rows.has_more,
    )


def _holders(table: Table, tenant: str, path: IndexValue, part: RangePart) -> IdPage:
    first, last = value_range(path.value)
    if part.beyond is not None:
        part = part._replace(beyond=first + SEPARATOR + part.beyond)
    pk = index_partition(tenant, path.type, path.attribute)
    rows = part.of(table.between(pk, part.ends((first, last)), part.direction, part.number))
    return IdPage([(text(row, "i"), text(row, "i")) for row in rows.items], rows.has_more)


def _targets(table: Table, tenant: str, path: RelationTargets, part: RangePart) -> IdPage:
    if not is_id(path.source.id):
        return IdPage()
    # Read the reap jobs before the edges: a job that ends in between has removed its edges.
    reaped_keys = reaped_keys_of(table, tenant)
    if path.source in reaped_keys:
        return IdPage()
    pk = edges_partition(tenant, path.source, path.attribute)
    positions: list[tuple[str, str]] = []
    limit = part.limit
    while True:
        ends = part.ends((FIRST, LAST))
        rows = part.of(table.between(pk, ends, part.direction, part.number))
        positions += [
            (text(row, "sk"), text(row, "sk"))
            for row in rows.items
            if row["t"] == path.type and Key(path.type, text(row, "sk")) not in reaped_keys
        ]
        if not rows.has_more or len(positions) >= limit:
            return IdPage(positions, rows.has_more)
        part = RangePart(part.direction, text(rows.items[-1], "sk"), limit - len(positions))


def _changed(table: Table, tenant: str, path: ChangedSince, part: RangePart) -> IdPage:
    hours = (path.since, LAST if path.until is None else path.until + HOUR_END)
    pk = type_partition(tenant, path.type)
    rows = part.of(table.indexed(pk, part.ends(hours), part.direction, part.number), "gs")
    return IdPage([(text(row, "gs"), text(row, "sk")) for row in rows.items], rows.has_more)
