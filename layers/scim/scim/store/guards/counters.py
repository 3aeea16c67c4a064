"""The number of live resources of a type: counter shards, written with every create and delete."""

from scim.store.dynamodb.table import Table
from scim.store.dynamodb.values import SCHEMA, number
from scim.store.dynamodb.write import Write
from scim.store.keys.directory import counter_key, counters_partition, counters_range

SHARDS = 16


def counter_changed(tenant: str, type_name: str, by: int, chance: float) -> Write:
    """Return the step that adds `by` to the counter; `chance`, from 0 up to 1, selects the shard."""
    return Write(
        "Update",
        counter_key(tenant, type_name, int(chance * SHARDS)),
        sets={"k": "count", "s": SCHEMA},
        adds={"n": by},
    )


def count(table: Table, tenant: str, type_name: str) -> int:
    """Return the number of live resources of the type."""
    shards = table.rows(counters_partition(tenant), key_range=counters_range(type_name))
    return sum(number(shard, "n") for shard in shards.items)
