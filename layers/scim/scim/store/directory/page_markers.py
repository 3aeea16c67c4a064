"""Marks: where walks through lists are, so that their next pages begin there; and the cursors' secret."""

import secrets
from collections.abc import Mapping

from scim.resource.access_path import Direction
from scim.store.dynamodb.codec import packed, unpacked
from scim.store.dynamodb.table import Row, Table
from scim.store.dynamodb.values import SCHEMA, Item, binary, number, text
from scim.store.dynamodb.write import ConditionFailed, Write, absent
from scim.store.keys.lists import mark_key, places_of_walk, seal_key

SECRET_BYTES = 64


def mark(
    table: Table, tenant: str, walk: str, index: int, content: Mapping[str, object], end: int
) -> None:
    """Remember where a walk is; a mark that gets lost costs time, nothing else."""
    item: Item = {"k": "page", "s": SCHEMA, "z": packed(content), "ttl": end}
    table.put(mark_key(tenant, walk, index), item)


def page_marker(table: Table, tenant: str, walk: str, index: int) -> Mapping[str, object] | None:
    """Return what was remembered at just that index."""
    row = table.item(mark_key(tenant, walk, index))
    return None if row is None else _content(row)


def page_marker_before(
    table: Table, tenant: str, walk: str, index: int
) -> tuple[int, Mapping[str, object]] | None:
    """Return the nearest mark up to an index."""
    pk, prefix = places_of_walk(tenant, walk)
    ends = (prefix, mark_key(tenant, walk, index).sk)
    rows = table.between(pk, ends, Direction.DOWN, 1).items
    if not rows:
        return None
    return int(text(rows[0], "sk").removeprefix(prefix)), _content(rows[0])


def sealing_key(table: Table, tenant: str) -> bytes:
    """Return the tenant's secret; whoever asks first makes it."""
    item_key = seal_key(tenant)
    row = table.item(item_key)
    if row is not None:
        return binary(row, "z")
    made = secrets.token_bytes(SECRET_BYTES)
    item: Item = {"k": "seal", "s": SCHEMA, "z": made}
    try:
        table.write([Write("Put", item_key, (absent(),), item=item)])
    except ConditionFailed as failed_condition:
        return binary(failed_condition.failures[0].item, "z")
    return made


def _content(row: Row) -> Mapping[str, object]:
    content = unpacked(binary(row, "z"))
    if not isinstance(content, Mapping):
        raise TypeError("a mark holds an object")
    return {**content, "end": number(row, "ttl")}
