"""Page markers: positions of walks, where their next pages begin. Also the secret that seals cursors."""

import secrets
from collections.abc import Mapping

from scim.resource.access_path import Direction, WalkMark
from scim.store.dynamodb.rows import Row
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.values import SCHEMA, Item, binary, number, packed, packed_object, text
from scim.store.dynamodb.write import ConditionFailed, Write, absent, equals
from scim.store.keys.directory import LAST, ItemKey
from scim.store.keys.lists import INDEX_DIGITS, mark_key, places_of_walk, seal_key

SECRET_BYTES = 64


AT_ONCE = 8
"""Markers in one read: there are rarely several at one index."""


def mark(table: Table, tenant: str, walk_mark: WalkMark) -> None:
    """Store the position of a walk. Losing a marker costs time, nothing else."""
    table.increased(_key(tenant, walk_mark), _item(walk_mark))


def mark_last(table: Table, tenant: str, walk_mark: WalkMark, first: tuple[int, str, int]) -> None:
    """Store where a walk ended, and remove its first marker unless another walk has left the same one."""
    index, name, times = first
    first_key = mark_key(tenant, walk_mark.walk, index, name)
    try:
        table.write(
            [
                Write("Put", _key(tenant, walk_mark), item=_item(walk_mark)),
                Write("Delete", first_key, (equals("n", times),)),
            ]
        )
    except ConditionFailed:
        mark(table, tenant, walk_mark)


def page_markers(
    table: Table, tenant: str, walk: str, index: int
) -> list[tuple[int, Mapping[str, object]]]:
    """Return all markers at the nearest index up to `index`."""
    pk, prefix = places_of_walk(tenant, walk)
    ends = (prefix, mark_key(tenant, walk, index, LAST).sk)
    limit = AT_ONCE
    while True:
        rows = table.between(pk, ends, Direction.DOWN, limit)
        marks = [(int(text(row, "sk")[len(prefix) :][:INDEX_DIGITS]), row) for row in rows.items]
        markers = [
            (marker_index, _content(row))
            for marker_index, row in marks
            if marker_index == marks[0][0]
        ]
        if len(markers) < len(marks) or not rows.has_more:
            return markers
        limit *= AT_ONCE


def sealing_key(table: Table, tenant: str) -> bytes:
    """Return the tenant's secret; the first call creates it."""
    item_key = seal_key(tenant)
    row = table.item(item_key)
    if row is not None:
        return binary(row, "z")
    secret = secrets.token_bytes(SECRET_BYTES)
    item: Item = {"k": "seal", "s": SCHEMA, "z": secret}
    try:
        table.write([Write("Put", item_key, (absent(),), item=item)])
    except ConditionFailed as failed_condition:
        return binary(failed_condition.failures[0].item, "z")
    return secret


def _key(tenant: str, walk_mark: WalkMark) -> ItemKey:
    return mark_key(tenant, walk_mark.walk, walk_mark.index, walk_mark.name)


def _item(walk_mark: WalkMark) -> Item:
    return {"k": "page", "s": SCHEMA, "z": packed(walk_mark.content), "ttl": walk_mark.end}


def _content(row: Row) -> Mapping[str, object]:
    times = number(row, "n") if "n" in row else 1
    return {**packed_object(row, "z"), "end": number(row, "ttl"), "times": times}
