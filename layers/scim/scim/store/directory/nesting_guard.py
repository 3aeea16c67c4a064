"""The guard against cycles: one item for each relation of a type to itself, in each tenant.

A request that adds an edge between two resources of the type reads the guard, searches upwards from the
source for the target, and makes the change on condition that the guard's state is unchanged. A journaled
change holds the guard until all its edges exist: a request that finds it held completes that change first.
"""

from collections.abc import Sequence

from scim.resource.change import Guard
from scim.resource.record import Key
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.values import SCHEMA, Item, number, text
from scim.store.dynamodb.write import Write, absent, counts
from scim.store.keys.directory import journal_key, key_named, nesting_key


def guard_item(table: Table, tenant: str, type_name: str, attribute: str) -> Item:
    """Return the guard, strongly consistent; empty before its first change."""
    return table.item(nesting_key(tenant, type_name, attribute)) or {}


def state_of(guard: Item) -> int:
    """Return how many times the guard has moved on."""
    return number(guard, "n")


def holder_of(guard: Item) -> Key | None:
    """Return the resource whose journal holds the guard, None if it is free."""
    return key_named(text(guard, "j")) if "j" in guard else None


def guards_advanced(tenant: str, type_name: str, guards: Sequence[Guard]) -> list[Write]:
    """Return the steps that move guards on. They are refused if a guard has moved on or is held."""
    return [
        Write(
            "Update",
            nesting_key(tenant, type_name, guard.attribute),
            (counts("n", guard.state), absent("j")),
            sets={"k": "nesting", "s": SCHEMA},
            adds={"n": 1},
        )
        for guard in guards
    ]


def guards_held(tenant: str, key: Key, guards: Sequence[Guard]) -> list[Write]:
    """Return the steps that move guards on and hold them until the resource's journal ends."""
    holder = journal_key(tenant, key).sk
    return [
        write._replace(sets={**write.sets, "j": holder})
        for write in guards_advanced(tenant, key.type, guards)
    ]


def guards_freed(tenant: str, type_name: str, attributes: Sequence[str]) -> list[Write]:
    """Return the steps that free guards."""
    return [
        Write("Update", nesting_key(tenant, type_name, attribute), removes=("j",))
        for attribute in attributes
    ]
