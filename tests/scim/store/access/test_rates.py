"""Within the limit nobody waits; beyond it every instance makes callers wait."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from scim.fsck import violations
from scim.store.access.rates import REPORTS, WINDOW, Rates

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

START = 1_770_000_000


class Counting:
    """A client that counts its calls, and fails when told to."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.calls = 0
        self.error: Exception | None = None

    @property
    def update_item(self) -> Callable[..., Any]:
        def call(**request: Any) -> Any:
            self.calls += 1
            if self.error is not None:
                raise self.error
            return self._client.update_item(**request)

        return call


class Clock:
    """Tells the time it was set to."""

    def __init__(self) -> None:
        self.time = float(START)

    def __call__(self) -> float:
        return self.time


@pytest.fixture(name="counting")
def _counting(client: "DynamoDBClient") -> Counting:
    return Counting(client)


def _passed(rates: Rates, times: int, rate: int = 25, tenant: str = "acme") -> int:
    return [rates.wait(tenant, rate) for _ in range(times)].count(0)


def test_a_tenant_at_its_limit_never_waits(counting: Counting, table_name: str) -> None:
    clock = Clock()
    rates = Rates(counting, table_name, clock)
    for second in range(30):
        clock.time = START + second
        assert _passed(rates, 25) == 25


def test_a_request_beyond_the_limit_waits_for_the_window_to_end(
    counting: Counting, table_name: str
) -> None:
    clock = Clock()
    rates = Rates(counting, table_name, clock)
    clock.time = START + 3.7
    assert _passed(rates, 300) == 25 * WINDOW
    assert rates.wait("acme", 25) == WINDOW - 3
    clock.time = START + 9.9
    assert rates.wait("acme", 25) == 1
    clock.time = START + WINDOW
    assert rates.wait("acme", 25) == 0


def test_tenants_are_counted_apart(counting: Counting, table_name: str) -> None:
    rates = Rates(counting, table_name, Clock())
    _passed(rates, 300, tenant="acme")
    assert _passed(rates, 10, tenant="other") == 10


def test_instances_count_together_and_never_refuse_what_is_within(
    counting: Counting, table_name: str
) -> None:
    instances = [Rates(counting, table_name, Clock()) for _ in range(10)]
    passed = sum(rates.wait("acme", 25) == 0 for _ in range(100) for rates in instances)
    least, stride = 25 * WINDOW, 25 * WINDOW // REPORTS
    assert least <= passed <= least + len(instances) * stride


def test_counting_costs_a_write_for_many_requests_and_none_for_few(
    counting: Counting, table_name: str
) -> None:
    rates = Rates(counting, table_name, Clock())
    _passed(rates, 4)
    assert counting.calls == 0
    _passed(rates, 246)
    assert counting.calls == REPORTS
    _passed(rates, 1000)
    assert counting.calls == REPORTS


@pytest.mark.parametrize("rate", [1, 3])
def test_a_small_limit_holds_as_well(counting: Counting, table_name: str, rate: int) -> None:
    rates = Rates(counting, table_name, Clock())
    assert _passed(rates, 100, rate) == rate * WINDOW


def test_without_the_table_an_instance_counts_for_itself(
    counting: Counting, table_name: str
) -> None:
    counting.error = ClientError({"Error": {"Code": "ThrottlingException"}}, "UpdateItem")
    assert _passed(Rates(counting, table_name, Clock()), 300) == 25 * WINDOW


def test_the_number_of_writes_is_reported_once(counting: Counting, table_name: str) -> None:
    rates = Rates(counting, table_name, Clock())
    _passed(rates, 12)
    assert (rates.written(), rates.written()) == (2, 0)
    counting.error = ClientError({"Error": {"Code": "ThrottlingException"}}, "UpdateItem")
    _passed(rates, 5)
    assert (counting.calls, rates.written()) == (3, 0)


def test_the_counts_go_away_by_themselves(
    client: "DynamoDBClient", counting: Counting, table_name: str
) -> None:
    _passed(Rates(counting, table_name, Clock()), 10)
    (item,) = client.scan(TableName=table_name)["Items"]
    assert item["n"] == {"N": "10"}
    assert int(item["ttl"]["N"]) > START
    assert violations([item]) == []
