"""Tolerances are counted by tenant, and no count is lost with an instance."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pytest

from scim.errors import Unavailable
from scim.fsck import violations
from scim.store.access.tolerances import ToleranceCount, ToleranceCounts
from scim.store.dynamodb.capacity import Meter
from scim.store.dynamodb.retry import Retry
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.values import SCHEMA
from scim.store.dynamodb.write import Write
from scim.store.keys.directory import tolerance_key

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

START = 1_770_000_000.0


class Clock:
    """Tells the time it was set to."""

    def __init__(self) -> None:
        self.time = START

    def __call__(self) -> float:
        return self.time


class Failing(Table):
    """A table that takes writes only when it is told to."""

    is_failing = True
    writes = 0

    def write(self, writes: Sequence[Write]) -> None:
        if self.is_failing:
            raise Unavailable("The store is busy.")
        self.writes += 1
        super().write(writes)


@pytest.fixture(name="table")
def _table(client: "DynamoDBClient", table_name: str) -> Failing:
    table = Failing(client, table_name, Meter(), Retry(times=0))
    table.is_failing = False
    return table


def test_a_burst_is_counted_whole_on_an_instance_that_dies(table: Failing) -> None:
    dying = ToleranceCounts(table, Clock())
    for _ in range(10):
        dying.note("acme", ["stringBoolean"])
    del dying
    assert [each.count for each in ToleranceCounts(table).of_tenant("acme")] == [10]


def test_a_count_has_the_moment_of_the_last(table: Failing) -> None:
    clock = Clock()
    tolerances = ToleranceCounts(table, clock)
    tolerances.note("acme", ["stringBoolean"])
    clock.time += 60
    tolerances.note("acme", ["stringBoolean", "nullValues"])
    clock.time += 60
    tolerances.note("acme", ["nullValues"])
    assert tolerances.of_tenant("acme") == [
        ToleranceCount("nullValues", 2, "2026-02-02T02:42:00.000Z"),
        ToleranceCount("stringBoolean", 2, "2026-02-02T02:41:00.000Z"),
    ]


def test_all_that_a_request_needed_is_one_write(table: Failing) -> None:
    ToleranceCounts(table, Clock()).note("acme", ["nullValues", "stringBoolean", "jsonText"])
    assert table.writes == 1


def test_counts_of_an_older_version_are_added(table: Failing) -> None:
    old = Write(
        "Update",
        tolerance_key("acme", "stringBoolean"),
        adds={"n": 4},
        sets={"k": "firing", "s": SCHEMA, "m": "2025-01-01T00:00:00.000Z"},
    )
    table.write([old])
    tolerances = ToleranceCounts(table, Clock())
    tolerances.note("acme", ["stringBoolean"])
    assert tolerances.of_tenant("acme") == [
        ToleranceCount("stringBoolean", 5, "2026-02-02T02:40:00.000Z")
    ]


def test_tenants_are_counted_apart(table: Failing) -> None:
    tolerances = ToleranceCounts(table, Clock())
    tolerances.note("acme", ["stringBoolean"])
    assert tolerances.of_tenant("other") == []


def test_instances_add_up(table: Failing) -> None:
    for _ in range(2):
        ToleranceCounts(table, Clock()).note("acme", ["stringBoolean"])
    assert [each.count for each in ToleranceCounts(table).of_tenant("acme")] == [2]


def test_counts_that_cannot_be_written_are_written_later(table: Failing) -> None:
    tolerances = ToleranceCounts(table, Clock())
    table.is_failing = True
    tolerances.note("acme", ["stringBoolean"])
    table.is_failing = False
    tolerances.note("acme", ["stringBoolean"])
    assert [each.count for each in tolerances.of_tenant("acme")] == [2]


def test_stored_counts_are_sound(table: Failing, client: "DynamoDBClient", table_name: str) -> None:
    ToleranceCounts(table, Clock()).note("acme", ["stringBoolean"])
    assert violations(client.scan(TableName=table_name)["Items"]) == []
