"""The number of live resources is the sum of counters that writes are spread over."""

from typing import TYPE_CHECKING

import pytest

from scim.store.dynamodb.table import Table
from scim.store.guards.counters import count, counter_changed

if TYPE_CHECKING:
    pass


@pytest.mark.parametrize(
    ("chance", "shard"),
    [(0.0, "User#00"), (0.0624, "User#00"), (0.0625, "User#01"), (0.9999, "User#15")],
)
def test_chance_picks_one_of_sixteen_shards(chance: float, shard: str) -> None:
    assert counter_changed("acme", "User", 1, chance).item_key == ("T#acme#count", shard)


def test_a_type_without_counters_has_none(table: Table) -> None:
    assert count(table, "acme", "User") == 0


def test_the_shards_of_a_type_are_added_up(table: Table) -> None:
    table.write([counter_changed("acme", "User", 1, chance) for chance in (0.0, 0.5, 0.99)])
    table.write([counter_changed("acme", "User", 1, 0.5)])
    # A shard may go below zero: a deletion need not meet the shard of its creation.
    table.write([counter_changed("acme", "User", -1, 0.3)])
    assert count(table, "acme", "User") == 3


def test_types_and_tenants_are_counted_apart(table: Table) -> None:
    table.write(
        [counter_changed("acme", "User", 1, 0.0), counter_changed("acme", "UserRole", 5, 0.0)]
    )
    table.write([counter_changed("other", "User", 7, 0.0)])
    assert count(table, "acme", "User") == 1
