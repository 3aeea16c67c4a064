"""The breaker lets through exactly the number of its window, and only an operator closes it again."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from scim.access.breaker import BreakerLimits
from scim.errors import BreakerOpen, ScimError
from scim.resource.change import Deletion
from scim.resource.record import Key, Stale
from scim.store.directory.adapter import DynamoDirectory
from scim.store.dynamodb.capacity import Meter
from scim.store.dynamodb.retry import Retry
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.values import encoded_key
from scim.store.guards.breaker import Breaker
from scim.store.keys.directory import breaker_key
from tests.contract.stores import local_client, new_table
from tests.fakes.endpoint import LATER, NOW, TENANT, FakeDeployment
from tests.scim.store.faults import losing

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

FIVE = BreakerLimits(number=5, percent=0, new_seconds=0)
NEXT_HOUR = "2026-03-01T11:00:00.000Z"


def _breaker(
    client: "DynamoDBClient", table_name: str, limits: BreakerLimits = FIVE
) -> tuple[Breaker, list[str]]:
    opened: list[str] = []
    table = Table(client, table_name, Meter(), Retry())
    return Breaker(table, limits, opened.append), opened


def _taken(breaker: Breaker, *removals: int, now: str = NOW) -> list[bool]:
    def taken(number: int) -> bool:
        try:
            breaker.take(TENANT, number, now)
        except BreakerOpen:
            return False
        return True

    return [taken(number) for number in removals]


@pytest.mark.parametrize(
    ("removals", "let_through"),
    [
        pytest.param([1] * 7, [True] * 5 + [False] * 2, id="one by one"),
        pytest.param([2, 3], [True, True], id="all that is left"),
        pytest.param([2, 4, 1], [True, False, False], id="open for what would have fitted"),
        pytest.param([6, 1], [False, False], id="too many at once"),
    ],
)
def test_a_window_lets_its_number_through(
    client: "DynamoDBClient", table_name: str, removals: list[int], let_through: list[bool]
) -> None:
    breaker, _ = _breaker(client, table_name)
    assert _taken(breaker, *removals) == let_through


def test_an_opened_breaker_is_reported_once(client: "DynamoDBClient", table_name: str) -> None:
    breaker, opened = _breaker(client, table_name)
    _taken(breaker, 6, 6, 1)
    assert opened == [TENANT]


def _left(breaker: Breaker) -> int | None:
    return breaker.state(TENANT).left


def test_removals_count_once_although_the_answer_got_lost(
    client: "DynamoDBClient", table_name: str
) -> None:
    breaker, opened = _breaker(client, table_name)
    _taken(breaker, 1)
    with losing(client, "UpdateItem"):
        assert _taken(breaker, 3) == [True]
    assert (_left(breaker), opened) == (1, [])
    with losing(client, "UpdateItem"):
        breaker.give_back(TENANT, 3)
    assert _left(breaker) == 4


def test_a_window_begins_once_although_the_answer_got_lost(
    client: "DynamoDBClient", table_name: str
) -> None:
    breaker, opened = _breaker(client, table_name)
    with losing(client, "UpdateItem"):
        assert _taken(breaker, 3) == [True]
    assert (_left(breaker), opened) == (2, [])


def test_a_breaker_that_opened_without_an_answer_is_reported(
    client: "DynamoDBClient", table_name: str
) -> None:
    breaker, opened = _breaker(client, table_name)
    _taken(breaker, 1)
    with losing(client, "UpdateItem"):
        assert _taken(breaker, 6) == [False]
    assert opened == [TENANT]


def test_a_window_ends_but_an_open_breaker_does_not(
    client: "DynamoDBClient", table_name: str
) -> None:
    breaker, _ = _breaker(client, table_name)
    assert _taken(breaker, 5) == [True]
    assert _taken(breaker, 5, now=NEXT_HOUR) == [True]
    assert _taken(breaker, 1, now=NEXT_HOUR) == [False]
    assert _taken(breaker, 1, now="2027-01-01T00:00:00.000Z") == [False]


def test_each_tenant_has_its_own_breaker(client: "DynamoDBClient", table_name: str) -> None:
    breaker, _ = _breaker(client, table_name)
    _taken(breaker, 6)
    breaker.take("other", 5, NOW)


@pytest.mark.parametrize(
    ("limits", "most"),
    [
        pytest.param(BreakerLimits(number=100, percent=50, minimum=1), 6, id="percent"),
        pytest.param(BreakerLimits(number=4, percent=50, minimum=1), 4, id="number"),
        pytest.param(BreakerLimits(number=0, percent=10, minimum=7), 7, id="minimum"),
    ],
)
def test_a_percentage_counts_from_the_resources_at_the_beginning_of_the_window(
    client: "DynamoDBClient", table_name: str, limits: BreakerLimits, most: int
) -> None:
    service = FakeDeployment(DynamoDirectory(client, table_name))
    for number in range(12):
        service.user(f"kim{number}")
    breaker, _ = _breaker(client, table_name, limits)
    assert _taken(breaker, most, 1) == [True, False]


def test_a_tenant_without_limits_may_remove_anything(
    client: "DynamoDBClient", table_name: str
) -> None:
    breaker, _ = _breaker(client, table_name)
    breaker.settle(TENANT, 0, 0)
    assert _taken(breaker, 10_000, 10_000) == [True, True]


def test_settling_and_releasing_leave_each_other_alone(
    client: "DynamoDBClient", table_name: str
) -> None:
    breaker, _ = _breaker(client, table_name)
    _taken(breaker, 6)
    breaker.settle(TENANT, 3, None)
    assert _taken(breaker, 1) == [False]
    breaker.release(TENANT, 0, None)
    assert _taken(breaker, 3, 1) == [True, False]


def test_a_removal_costs_one_unit_more_with_a_breaker(client: "DynamoDBClient") -> None:
    def spent(breaker: BreakerLimits | None) -> list[float]:
        meter = Meter()
        directory = DynamoDirectory(client, new_table(client), meter, breaker=breaker)
        service = FakeDeployment(directory)
        first, kim, bo = (service.user(f"kim{number}") for number in range(3))
        group = service.group("All", kim, bo)
        # The window begins with the first removal, which pays for that.
        service.delete("User", first)
        service.clock.time = LATER
        found = []
        for change in (
            lambda: service.modify("User", kim, {"op": "add", "path": "title", "value": "Dr"}),
            lambda: service.modify("User", kim, {"op": "add", "path": "active", "value": False}),
            lambda: service.modify("Group", group, {"op": "remove", "path": "members"}),
            lambda: service.delete("User", kim),
        ):
            meter.reset()
            change()
            found.append(meter.reading().wcu)
        return found

    plain, guarded = spent(None), spent(FIVE)
    assert [a - b for a, b in zip(guarded, plain, strict=True)] == [0, 1, 1, 1]


@pytest.mark.dynamodb
def test_exactly_the_limit_of_simultaneous_removals_is_let_through() -> None:
    def take(breaker: Breaker) -> bool:
        try:
            breaker.take(TENANT, 1, NOW)
        except BreakerOpen:
            return False
        except ScimError:
            return take(breaker)
        return True

    with local_client() as client:
        name, limits = new_table(client), BreakerLimits(number=40, percent=0, new_seconds=0)
        breakers = [_breaker(client, name, limits) for _ in range(8)]
        with ThreadPoolExecutor(8) as pool:
            through = list(pool.map(take, [breaker for breaker, _ in breakers] * 10))
        assert through.count(True) == 40
        assert sum(len(opened) for _, opened in breakers) == 1


def test_nothing_is_given_back_to_a_tenant_that_is_erased(
    client: "DynamoDBClient", table_name: str
) -> None:
    breaker, _ = _breaker(client, table_name)
    breaker.take(TENANT, 1, NOW)
    client.delete_item(TableName=table_name, Key=encoded_key(*breaker_key(TENANT)))
    breaker.give_back(TENANT, 1)
    assert client.scan(TableName=table_name)["Items"] == []


def test_a_removal_that_is_not_made_is_given_back(
    client: "DynamoDBClient", table_name: str
) -> None:
    directory = DynamoDirectory(client, table_name, breaker=FIVE)
    service = FakeDeployment(directory)
    key = Key("User", service.user("kim"))
    found = directory.read_latest(TENANT, [key])[key]
    for version in (9, 9, 9, 9, 9, 9, found.version):
        deletion = Deletion(replace(found, version=version), NOW, frozenset(), must_match=True)
        with nullcontext() if version == found.version else pytest.raises(Stale):
            directory.delete(TENANT, deletion)
    assert directory.read_latest(TENANT, [key]) == {}
