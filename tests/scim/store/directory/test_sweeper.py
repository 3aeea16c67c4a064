"""The sweeper serves each tenant in turn, whatever work others have open."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from scim.resource.record import Key
from scim.store.directory.adapter import DynamoDirectory
from scim.store.directory.sweeper import PAGE, Sweep, Swept
from scim.store.dynamodb.capacity import Meter
from scim.store.dynamodb.retry import Retry
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.values import SCHEMA, deflated
from scim.store.dynamodb.write import Write
from scim.store.keys.directory import (
    OPEN_WORK,
    ItemKey,
    chunk_key,
    closing_key,
    edges_partition,
    journals_partition,
    reap_key,
    reaps_partition,
    resource_key,
    tenant_key,
)
from tests.contract.samples import MUCH_LATER, deletion_of, group, user
from tests.scim.store.faults import dying, full

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

STAFF = Key("Group", "staff")
WIDTH = 1


@pytest.fixture
def directory(client: "DynamoDBClient", table_name: str) -> DynamoDirectory:
    return DynamoDirectory(client, table_name, width=WIDTH)


def leave_a_reap_job(directory: DynamoDirectory, tenant: str, members: int) -> None:
    """Leave a job of so many slices and its end."""
    people = [user(f"user{n}") for n in range(members)]
    for person in people:
        directory.create(tenant, person)
    directory.create(tenant, replace(group("staff", [p.key for p in people]), key=STAFF))
    directory.delete(tenant, deletion_of(directory.read_latest(tenant, [STAFF])[STAFF]))


def leave_a_journal(client: "DynamoDBClient", directory: DynamoDirectory, tenant: str) -> None:
    """Leave a journal of two slices and its end."""
    people = [user(f"user{n}") for n in range(2)]
    for person in people:
        directory.create(tenant, person)
    with dying(client, "before-call", 1):
        directory.create(tenant, replace(group("staff", [p.key for p in people]), key=STAFF))


def is_open(table: Table, tenant: str) -> bool:
    partitions = (journals_partition(tenant), reaps_partition(tenant))
    return any(table.rows(partition).items for partition in partitions)


def edges_left(table: Table, tenant: str) -> int:
    return len(table.rows(edges_partition(tenant, STAFF, "members")).items)


def test_an_empty_table_is_done(table: Table) -> None:
    assert Sweep(table, lambda: MUCH_LATER, WIDTH, 0.5).of_open_work(10) == Swept(0, is_done=True)


def test_a_small_tenant_does_not_wait_for_a_large_one(
    directory: DynamoDirectory, table: Table
) -> None:
    leave_a_reap_job(directory, "large", members=9)
    leave_a_reap_job(directory, "small", members=1)
    assert Sweep(table, lambda: MUCH_LATER, WIDTH, 0.0).of_open_work(4) == Swept(4, is_done=False)
    assert [is_open(table, tenant) for tenant in ("large", "small")] == [True, False]


@pytest.mark.parametrize(
    ("chance", "served"),
    [(0.0, "a"), (0.33, "a"), (0.34, "b"), (0.66, "b"), (0.67, "c"), (0.999, "c")],
)
@pytest.mark.sampled(3)
def test_with_more_tenants_than_budget_chance_picks_who_is_served(
    directory: DynamoDirectory, table: Table, chance: float, served: str
) -> None:
    for tenant in "abc":
        leave_a_reap_job(directory, tenant, members=1)
    Sweep(table, lambda: MUCH_LATER, WIDTH, chance).of_open_work(1)
    assert {tenant: edges_left(table, tenant) for tenant in "abc"} == {
        **dict.fromkeys("abc", 1),
        served: 0,
    }


def test_the_round_goes_on_behind_the_last_tenant(directory: DynamoDirectory, table: Table) -> None:
    for tenant in "abc":
        leave_a_reap_job(directory, tenant, members=1)
    assert Sweep(table, lambda: MUCH_LATER, WIDTH, 0.5).of_open_work(100) == Swept(6, is_done=True)
    assert [is_open(table, tenant) for tenant in "abc"] == [False, False, False]


def test_an_interrupted_change_is_finished(
    client: "DynamoDBClient", directory: DynamoDirectory, table: Table
) -> None:
    leave_a_journal(client, directory, "acme")
    assert Sweep(table, lambda: MUCH_LATER, WIDTH, 0.0).of_open_work(3) == Swept(3, is_done=False)
    assert not is_open(table, "acme")
    assert directory.read_latest("acme", [STAFF])[STAFF].counts == {"members": 2}


def test_a_broken_job_stops_no_other_and_is_reported_at_the_end(
    client: "DynamoDBClient", directory: DynamoDirectory, table: Table
) -> None:
    leave_a_journal(client, directory, "broken")
    leave_a_reap_job(directory, "whole", members=3)
    (header,) = table.rows(journals_partition("broken")).items
    chunk = chunk_key("broken", STAFF, str(header["j"]), 0)
    table.write([Write("Delete", chunk)])
    with pytest.raises(ExceptionGroup, match="some open work cannot go on") as told:
        Sweep(table, lambda: MUCH_LATER, WIDTH, 0.0).of_open_work(100)
    assert [str(error) for error in told.value.exceptions] == [
        "a journal that cannot go on: a chunk or its mark is missing"
    ]
    assert not is_open(table, "whole")


@pytest.mark.parametrize("content", [b"\x01\xff\xff", deflated("[1")], ids=["damaged", "cut off"])
def test_work_that_cannot_be_read_stops_no_other(
    directory: DynamoDirectory, table: Table, content: bytes
) -> None:
    keys = {"gp": OPEN_WORK, "gs": f"broken#closing#{STAFF.type}#{STAFF.id}"}
    closing = {"k": "closing", "s": SCHEMA, "at": "", "z": content, **keys}
    table.put(closing_key("broken", STAFF), closing)
    leave_a_reap_job(directory, "whole", members=3)
    with pytest.raises(ExceptionGroup, match="some open work cannot go on"):
        directory.sweep(MUCH_LATER, 100)
    assert not is_open(table, "whole")


def test_a_resource_without_room_for_its_change_stops_no_other(
    client: "DynamoDBClient", directory: DynamoDirectory, table: Table
) -> None:
    leave_a_journal(client, directory, "broken")
    leave_a_reap_job(directory, "whole", members=3)
    with (
        full(client, resource_key("broken", STAFF), added="n."),
        pytest.raises(ExceptionGroup, match="some open work cannot go on"),
    ):
        Sweep(table, lambda: MUCH_LATER, WIDTH, 0.0).of_open_work(100)
    assert not is_open(table, "whole")


def test_the_directory_begins_with_any_tenant(client: "DynamoDBClient", table_name: str) -> None:
    retry = Retry(chance=lambda: 0.9)
    directory = DynamoDirectory(client, table_name, retry=retry, width=WIDTH)
    for tenant in ("first", "last"):
        leave_a_reap_job(directory, tenant, members=1)
    directory.sweep(MUCH_LATER, 1)
    table = Table(client, table_name, Meter(), retry)
    assert [edges_left(table, tenant) for tenant in ("first", "last")] == [1, 0]


@pytest.mark.parametrize("tenants", [50, pytest.param(1000, marks=pytest.mark.long)])
def test_idle_tenants_cost_one_query_however_many(
    client: "DynamoDBClient", table: Table, table_name: str, tenants: int
) -> None:
    for number in range(tenants):
        item_key = tenant_key(f"tenant{number}")
        table.put(item_key, {"k": "tenant", "s": SCHEMA})
    directory = DynamoDirectory(client, table_name, width=WIDTH)
    assert directory.sweep(MUCH_LATER, 500) == Swept(0, is_done=True)
    assert directory.meter.reading().round_trips == 1
    assert directory.meter.reading().rcu <= 0.5


def test_work_missing_from_the_index_is_found_tenant_by_tenant(
    directory: DynamoDirectory, table: Table
) -> None:
    leave_a_reap_job(directory, "old", members=2)
    (job,) = table.rows(reaps_partition("old")).items
    table.write([Write("Update", reap_key("old", STAFF), removes=("gp", "gs"))])
    assert job["gp"] == OPEN_WORK
    assert directory.sweep(MUCH_LATER, 100) == Swept(0, is_done=True)
    assert is_open(table, "old")
    assert directory.sweep_tenants(MUCH_LATER, 100) == Swept(3, is_done=True)
    assert not is_open(table, "old")


def test_work_that_cannot_go_on_hides_no_other_of_the_same_tenant(
    directory: DynamoDirectory, table: Table
) -> None:
    for number in range(PAGE + 5):
        gone = Key("Group", f"a{number:03d}")
        keys = {"gp": OPEN_WORK, "gs": f"acme#journal#{gone.type}#{gone.id}"}
        broken = {"k": "journal", "s": SCHEMA, **keys}
        table.put(ItemKey(journals_partition("acme"), f"{gone.type}#{gone.id}"), broken)
    leave_a_reap_job(directory, "acme", members=1)
    with pytest.raises(ExceptionGroup, match="some open work cannot go on"):
        directory.sweep(MUCH_LATER, 1000)
    assert edges_left(table, "acme") == 0


def test_work_of_a_later_version_stops_no_other(directory: DynamoDirectory, table: Table) -> None:
    leave_a_reap_job(directory, "acme", members=1)
    for tenant in ("acme", "early"):
        keys = {"gp": OPEN_WORK, "gs": f"{tenant}#later#Group#a"}
        table.put(ItemKey(f"T#{tenant}#later", "Group#a"), {"k": "later", "s": SCHEMA, **keys})
    assert directory.sweep(MUCH_LATER, 1000).is_done
    assert edges_left(table, "acme") == 0
