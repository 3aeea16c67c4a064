"""A tenant's settings in one item, as packed JSON: changed without losing what others change at the same time."""

from collections.abc import Callable, Mapping
from typing import Any

from scim.errors import Unavailable
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.values import SCHEMA, Item, packed, packed_object
from scim.store.dynamodb.write import Write, absent, equals
from scim.store.keys.directory import ItemKey

Settings = Mapping[str, Any]
ROUNDS = 8
"""How many times in a row other writers may win."""


def settings_in(table: Table, item_key: ItemKey) -> Settings:
    """Return the settings in an item, strongly consistent; none if there is no item."""
    row = table.item(item_key)
    return {} if row is None else packed_object(row, "z")


def change_settings(
    table: Table, item_key: ItemKey, kind: str, change: Callable[[Settings], Settings]
) -> Settings:
    """Store what `change` makes of the settings in an item of a kind, and return it.

    If others store the item in between, `change` is called again. Raises Unavailable under contention.
    """
    for _ in range(ROUNDS):
        row = table.item(item_key)
        before = {} if row is None else packed_object(row, "z")
        after = change(before)
        if after == before:
            return after
        as_read = absent() if row is None else equals("z", row["z"])
        item: Item = {"k": kind, "s": SCHEMA, "z": packed(dict(after))}
        if table.put_alone(Write("Put", item_key, (as_read,), item=item)):
            return after
    raise Unavailable("Others change the same settings at the moment; try again.")
