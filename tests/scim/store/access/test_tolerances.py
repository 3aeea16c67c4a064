"""Liberties are counted by tenant, without a write for each."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pytest

from scim.errors import Unavailable
from scim.store.access.tolerances import PERIOD, ToleranceCount, ToleranceCounts
from scim.store.dynamodb.capacity import Meter
from scim.store.dynamodb.retry import Retry
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.write import Write
from scim_cli.fsck import violations

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

    def write(self, writes: Sequence[Write]) -> None:
        if self.is_failing:
            raise Unavailable("The store is busy.")
        super().write(writes)


@pytest.fixture(name="table")
def _table(client: "DynamoDBClient", table_name: str) -> Failing:
    table = Failing(client, table_name, Meter(), Retry(times=0))
    table.is_failing = False
    return table


def test_the_first_is_written_at_once_and_the_others_with_time(table: Failing) -> None:
    clock = Clock()
    tolerances = ToleranceCounts(table, clock)
    for _ in range(3):
        tolerances.note("acme", ["stringBoolean"])
    assert [each.count for each in tolerances.of_tenant("acme")] == [1]
    clock.time += PERIOD
    tolerances.note("acme", ["stringBoolean", "nullValues"])
    last = "2026-02-02T02:41:00.000Z"
    assert tolerances.of_tenant("acme") == [
        ToleranceCount("nullValues", 1, last),
        ToleranceCount("stringBoolean", 4, last),
    ]


def test_tenants_are_counted_apart(table: Failing) -> None:
    tolerances = ToleranceCounts(table, Clock())
    tolerances.note("acme", ["stringBoolean"])
    assert tolerances.of_tenant("other") == []


def test_instances_add_up(table: Failing) -> None:
    for _ in range(2):
        ToleranceCounts(table, Clock()).note("acme", ["stringBoolean"])
    assert [each.count for each in ToleranceCounts(table).of_tenant("acme")] == [2]


def test_what_cannot_be_written_is_written_later(table: Failing) -> None:
    tolerances = ToleranceCounts(table, Clock())
    table.is_failing = True
    tolerances.note("acme", ["stringBoolean"])
    table.is_failing = False
    tolerances.note("acme", ["stringBoolean"])
    assert [each.count for each in tolerances.of_tenant("acme")] == [2]


def test_what_is_stored_is_sound(table: Failing, client: "DynamoDBClient", table_name: str) -> None:
    ToleranceCounts(table, Clock()).note("acme", ["stringBoolean"])
    assert violations(client.scan(TableName=table_name)["Items"]) == []
