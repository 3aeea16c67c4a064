"""An opened table waits no longer than its callers and reports its use."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from local.environment import environment
from scim.bootstrap.connection import client as own_client
from scim.bootstrap.store import open_stores
from scim.store.access.rates import REPORTS, WINDOW
from tests.contract.samples import user

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

GATEWAY_GIVES_UP = 29
FIRST_REPORT = 25 * WINDOW // REPORTS
NOBODY = {
    "AWS_ACCESS_KEY_ID": "local",
    "AWS_SECRET_ACCESS_KEY": "local",
    "AWS_DEFAULT_REGION": "us-east-1",
}


@pytest.fixture(autouse=True)
def _function(client: "DynamoDBClient") -> Iterator[None]:
    with environment(NOBODY):
        yield


def test_retries_end_before_the_gateway_times_out() -> None:
    config: Any = own_client().meta.config
    attempts = config.retries["total_max_attempts"]
    assert (attempts, config.connect_timeout, config.read_timeout) == (1, 1, 2)
    assert attempts * (config.connect_timeout + config.read_timeout) < GATEWAY_GIVES_UP


def test_the_client_is_of_the_functions_own_region() -> None:
    assert own_client().meta.region_name == "us-east-1"


def test_the_cost_of_each_unit_of_work_is_reported(table_name: str) -> None:
    own = open_stores(table_name)
    assert own.cost() == "rt=0;rcu=0;wcu=0"
    own.directory.create("acme", ann := user("ann"))
    # The user and its entry in byLastModified, the entry of its name, and the counter.
    assert own.cost() == "rt=1;rcu=0;wcu=7"
    own.directory.read("acme", ann.key)
    assert own.cost() == "rt=1;rcu=1;wcu=0"
    assert own.cost() == "rt=0;rcu=0;wcu=0"


def test_a_deployment_may_read_for_half_the_price(table_name: str) -> None:
    own = open_stores(table_name, may_lag=True)
    own.directory.create("acme", ann := user("ann"))
    own.cost()
    own.directory.read("acme", ann.key)
    assert own.cost() == "rt=1;rcu=0.5;wcu=0"


def test_writes_of_the_rate_limiter_are_reported_apart(table_name: str) -> None:
    own = open_stores(table_name)
    told = []
    for _ in range(3 * FIRST_REPORT):
        own.rates.wait("acme", 25)
        told.append(own.cost())
    others = ["rt=0;rcu=0;wcu=0"] * (FIRST_REPORT - 1)
    assert told == [*others, "rt=0;rcu=0;wcu=0;limiter=1"] * 3


def test_work_after_an_answer_costs_no_request_and_outlives_its_deadline(
    table_name: str,
) -> None:
    own = open_stores(table_name, requests=(10, 60))
    own.cost()
    own.deadline.begin(lambda: -1.0)
    own.requests.note("acme", {"filter": own.requests.pseudonym("acme", "kim")})
    assert own.cost() == "rt=0;rcu=0;wcu=0"
    (entry,) = own.requests.after("acme", 0, 10)
    assert entry["filter"] == own.requests.pseudonym("acme", "kim") != "kim"
