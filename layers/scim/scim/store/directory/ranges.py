"""Stretches: parts of ordered lists, read upwards or downwards."""

from collections.abc import Sequence
from dataclasses import dataclass

from scim.resource.key_range import Direction, KeyRange, Limit
from scim.resource.record import Key, Record
from scim.store.directory.resource_item import is_live, record_of
from scim.store.dynamodb.table import Rows, Table
from scim.store.dynamodb.values import text
from scim.store.keys.directory import (
    LAST,
    SEPARATOR,
    edges_partition,
    index_partition,
    key_named,
    reaps_partition,
    type_partition,
    value_range,
)
from scim.store.keys.lists import values_range

FIRST = "\x01"
HEAVY = 4_000_000
"""Characters of bodies after which a stretch of records ends: memory is bounded."""

HOUR_END = "$"
"""Sorts behind the # that ends an hour in byLastModified."""


@dataclass(frozen=True, slots=True)
class RecordStretch:
    """Some records in the order of the walk."""

    records: Sequence[Record]
    has_more: bool


@dataclass(frozen=True, slots=True)
class IdStretch:
    """Some places, each a sort key and an id, in the order of the walk."""

    places: Sequence[tuple[str, str]]
    has_more: bool


def records(
    table: Table, tenant: str, type_name: str, direction: Direction, beyond: str | None, limit: int
) -> RecordStretch:
    """Return up to `limit` live records of a type in id order, fewer where they are large."""
    pk = type_partition(tenant, type_name)
    found: list[Record] = []
    weight = 0
    while True:
        ends, left = _ends((FIRST, LAST), direction, beyond), limit - len(found)
        rows = _beyond(table.some_between(pk, ends, direction, _room(left, beyond)), left, beyond)
        for row in filter(is_live, rows.items):
            if weight >= HEAVY:
                return RecordStretch(found, has_more=True)
            found.append(record_of(type_name, row))
            weight += len(found[-1].text)
        if not rows.has_more or len(found) >= limit or weight >= HEAVY:
            return RecordStretch(found, rows.has_more)
        if rows.items:
            beyond = text(rows.items[-1], "sk")


def skipped(
    table: Table, tenant: str, type_name: str, after: str | None, number: int
) -> tuple[str | None, int]:
    """Return the id of the last of up to `number` live records, and how many they are."""
    pk = type_partition(tenant, type_name)
    done = 0
    while done < number:
        counted = table.counted(pk, after, number - done, "d")
        done += counted.number
        if counted.after is None:
            return LAST, done
        after = counted.after
    return after, done


def entries(
    table: Table,
    item_key: tuple[str, str, str],
    key_range: KeyRange,
    direction: Direction,
    beyond: str | None,
    limit: int,
) -> IdStretch:
    """Return up to `limit` entries of an index within a span of its values."""
    first, last = values_range(key_range)
    excluded = last if key_range.upper is not None and key_range.upper[1] is Limit.WITHOUT else None
    if direction is Direction.DOWN and beyond is None:
        beyond = excluded
    rows = table.between(
        index_partition(*item_key),
        _ends((first, last), direction, beyond),
        direction,
        _room(limit, beyond),
    )
    rows = _beyond(rows, limit, beyond)
    return IdStretch(
        [(text(row, "sk"), text(row, "i")) for row in rows.items if row["sk"] != excluded],
        rows.has_more,
    )


def holders(
    table: Table,
    item_key: tuple[str, str, str],
    value: str,
    direction: Direction,
    start: str | None,
    limit: int,
) -> IdStretch:
    """Return up to `limit` ids whose attribute has that value, from the id `start` on."""
    first, last = value_range(value)
    ends = (
        (first, last)
        if start is None
        else _from((first, last), direction, first + SEPARATOR + start)
    )
    rows = table.between(index_partition(*item_key), ends, direction, limit)
    return IdStretch([(text(row, "sk"), text(row, "i")) for row in rows.items], rows.has_more)


def targets(
    table: Table,
    tenant: str,
    relation: tuple[Key, str],
    type_name: str,
    direction: Direction,
    start: str | None,
    limit: int,
) -> IdStretch:
    """Return up to `limit` live targets of a type, from the id `start` on."""
    source, attribute = relation
    # First the jobs, then the edges: a job that ends in between has removed its edges.
    dying = {key_named(text(row, "sk")) for row in table.rows(reaps_partition(tenant)).items}
    if source in dying:
        return IdStretch((), has_more=False)
    pk = edges_partition(tenant, source, attribute)
    found: list[tuple[str, str]] = []
    while True:
        ends = (FIRST, LAST) if start is None else _from((FIRST, LAST), direction, start)
        rows = table.between(pk, ends, direction, limit + 1)
        found += [
            (text(row, "sk"), text(row, "sk"))
            for row in rows.items
            if row["t"] == type_name and Key(type_name, text(row, "sk")) not in dying
        ]
        if not rows.has_more or len(found) >= limit:
            return IdStretch(found, rows.has_more)
        start = _next_to(text(rows.items[-1], "sk"), direction)


def changed(
    table: Table,
    item_key: tuple[str, str],
    hours: tuple[str, str | None],
    direction: Direction,
    beyond: str | None,
    limit: int,
) -> IdStretch:
    """Return up to `limit` resources last modified in these hours, perhaps a moment late."""
    since, until = hours
    key_range = (since, LAST if until is None else until + HOUR_END)
    rows = table.indexed(
        type_partition(*item_key),
        _ends(key_range, direction, beyond),
        direction,
        _room(limit, beyond),
    )
    rows = _beyond(rows, limit, beyond, "gs")
    return IdStretch([(text(row, "gs"), text(row, "sk")) for row in rows.items], rows.has_more)


def _ends(key_range: tuple[str, str], direction: Direction, beyond: str | None) -> tuple[str, str]:
    """Return the span as far as it lies beyond the key, which is still in it."""
    return key_range if beyond is None else _from(key_range, direction, beyond)


def _from(key_range: tuple[str, str], direction: Direction, start: str) -> tuple[str, str]:
    first, last = key_range
    return (max(first, start), last) if direction is Direction.UP else (first, min(last, start))


def _room(limit: int, beyond: str | None) -> int:
    """Return how many items to ask for: the key to go on beyond is read again and dropped."""
    return limit if beyond is None else limit + 1


def _beyond(rows: Rows, limit: int, beyond: str | None, sort: str = "sk") -> Rows:
    items = [row for row in rows.items if row[sort] != beyond]
    return Rows(items[:limit], rows.has_more or len(items) > limit)


def _next_to(id_: str, direction: Direction) -> str:
    """Return a text no id is, next to the id on the way: ids hold neither blanks nor braces."""
    return id_ + " " if direction is Direction.UP else id_[:-1] + chr(ord(id_[-1]) - 1) + "~"
