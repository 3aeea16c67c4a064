"""The reaper removes the rest of a deletion slice by slice, beside other workers."""

from dataclasses import replace
from itertools import count, zip_longest
from typing import TYPE_CHECKING

import pytest

from scim.resource.record import Key, Record
from scim.store.directory.adapter import DynamoDirectory
from scim.store.directory.reaper import Reaper
from scim.store.directory.resource_item import end_of_tombstone
from scim.store.dynamodb.retry import Retry
from scim.store.dynamodb.rows import Row
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.write import Write
from scim.store.keys.directory import (
    edges_partition,
    reap_key,
    reaps_partition,
    resource_key,
)
from tests.contract.samples import MUCH_LATER, NOW, deletion_of, group, user

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

ANN, STAFF, CREW = Key("User", "ann"), Key("Group", "staff"), Key("Group", "crew")
GROUPS = [Key("Group", f"g{n}") for n in range(5)]


@pytest.fixture
def directory(client: "DynamoDBClient", table_name: str) -> DynamoDirectory:
    return DynamoDirectory(client, table_name)


def record(directory: DynamoDirectory, key: Key) -> Record:
    return directory.read_latest("acme", [key])[key]


def tombstone(table: Table, key: Key) -> Row:
    return table.item(resource_key("acme", key)) or {}


def end_a_group(directory: DynamoDirectory) -> list[Key]:
    """Delete a group of three, return who they are; the reaper has to see to them."""
    people = [user(f"user{n}") for n in range(3)]
    for person in people:
        directory.create("acme", person)
    keys = sorted(person.key for person in people)
    directory.create("acme", replace(group("staff", keys), key=STAFF))
    directory.delete("acme", deletion_of(record(directory, STAFF)))
    return keys


def end_a_nested_group(directory: DynamoDirectory) -> None:
    """Delete a group of one that is in five groups; the reaper has to see to them."""
    directory.create("acme", replace(user("ann"), key=ANN))
    directory.create("acme", replace(group("crew", [ANN]), key=CREW))
    for key in GROUPS:
        directory.create("acme", replace(group(key.id, [CREW]), key=key))
    directory.delete("acme", deletion_of(record(directory, CREW)))


def reaper(table: Table, key: Key, width: int) -> Reaper:
    return Reaper(table, "acme", key, lambda: MUCH_LATER, width)


def work(table: Table, key: Key, width: int) -> int:
    """Let the reaper work to the end, return in how many transactions."""
    return sum(1 for _ in reaper(table, key, width).work())


def is_buried(table: Table, key: Key) -> bool:
    """Tell whether just the tombstone is left, with an end."""
    left = set(tombstone(table, key)) - {"pk", "sk", "k", "s", "c", "m", "gp", "gs"}
    return left == {"v", "d", "ttl", "by"} and not table.rows(reaps_partition("acme")).items


@pytest.mark.parametrize(("width", "transactions"), [(1, 4), (2, 3), (3, 2), (49, 2)])
@pytest.mark.sampled(2)
def test_edges_of_a_deleted_resource_are_removed_slice_by_slice(
    table: Table, directory: DynamoDirectory, width: int, transactions: int
) -> None:
    members = end_a_group(directory)
    assert work(table, STAFF, width) == transactions
    assert table.rows(edges_partition("acme", STAFF, "members")).items == []
    assert [record(directory, key).links for key in members] == [{}, {}, {}]
    assert is_buried(table, STAFF)


@pytest.mark.parametrize(("width", "transactions"), [(1, 7), (2, 5), (49, 3)])
def test_edges_to_a_deleted_resource_are_removed_slice_by_slice(
    table: Table, directory: DynamoDirectory, width: int, transactions: int
) -> None:
    end_a_nested_group(directory)
    assert work(table, CREW, width) == transactions
    groups = [record(directory, key) for key in GROUPS]
    assert {tuple(each.counts) for each in groups} == {()}
    assert {(each.version, each.last_modified) for each in groups} == {(2, MUCH_LATER)}
    assert record(directory, ANN).links == {}
    assert is_buried(table, CREW)


def test_each_slice_takes_its_own_time(table: Table, directory: DynamoDirectory) -> None:
    end_a_nested_group(directory)
    times = [f"2026-03-02T08:00:0{second}.000Z" for second in range(9)]
    clock = iter(times)
    reaping = Reaper(table, "acme", CREW, lambda: next(clock), 1).work()
    latest = [max(record(directory, key).last_modified for key in GROUPS) for _ in reaping]
    assert latest[: len(GROUPS)] == times[: len(GROUPS)]


def test_a_sweep_takes_longer_than_its_first_moment(
    client: "DynamoDBClient", table_name: str, directory: DynamoDirectory
) -> None:
    end_a_nested_group(directory)
    ticks = count()
    retry = Retry(clock=lambda: float(next(ticks)))
    DynamoDirectory(client, table_name, width=1, retry=retry).sweep(MUCH_LATER, 100)
    times = {record(directory, key).last_modified for key in GROUPS}
    assert len(times) == len(GROUPS)
    assert min(times) > MUCH_LATER


def test_a_tombstone_has_no_end_before_all_is_gone(
    table: Table, directory: DynamoDirectory
) -> None:
    end_a_group(directory)
    ends = [tombstone(table, STAFF).get("ttl") for _ in reaper(table, STAFF, 1).work()]
    assert ends == [None, None, None, end_of_tombstone(MUCH_LATER)]


def test_without_a_job_nothing_is_done(table: Table) -> None:
    assert work(table, STAFF, 1) == 0


def test_a_job_without_a_tombstone_is_forgotten(table: Table) -> None:
    item_key = reap_key("acme", STAFF)
    table.write([Write("Put", item_key, item={"k": "reap", "s": 1, "at": NOW})])
    assert work(table, STAFF, 1) == 1
    assert table.item(item_key) is None


@pytest.mark.parametrize("lead", range(4))
@pytest.mark.sampled(2)
def test_reapers_that_race_do_each_thing_once(
    table: Table, directory: DynamoDirectory, lead: int
) -> None:
    members = end_a_group(directory)
    first, second = (reaper(table, STAFF, 1).work() for _ in range(2))
    for _ in range(lead):
        next(first)
    for _ in zip_longest(second, first):
        pass
    assert [record(directory, key).links for key in members] == [{}, {}, {}]
    assert is_buried(table, STAFF)


@pytest.mark.parametrize("order", [(STAFF, CREW), (CREW, STAFF)], ids=["source", "target"])
def test_two_ends_of_an_edge_can_be_reaped_in_any_order(
    table: Table, directory: DynamoDirectory, order: tuple[Key, Key]
) -> None:
    directory.create("acme", replace(user("ann"), key=ANN))
    directory.create("acme", replace(group("crew", [ANN]), key=CREW))
    directory.create("acme", replace(group("staff", [CREW]), key=STAFF))
    for key in (STAFF, CREW):
        directory.delete("acme", deletion_of(record(directory, key)))
    for _ in zip_longest(*(reaper(table, key, 1).work() for key in order)):
        pass
    assert table.rows(edges_partition("acme", STAFF, "members")).items == []
    assert [is_buried(table, key) for key in order] == [True, True]
    assert record(directory, ANN).links == {}
