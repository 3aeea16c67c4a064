"""A table of its own on moto for each test of the store."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from scim.store.dynamodb.capacity import Meter
from scim.store.dynamodb.retry import Retry
from scim.store.dynamodb.table import Table
from tests.contract.stores import moto_client, new_table

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@pytest.fixture(scope="module")
def client() -> Iterator["DynamoDBClient"]:
    with moto_client() as moto:
        yield moto


@pytest.fixture
def table_name(client: "DynamoDBClient") -> str:
    return new_table(client)


@pytest.fixture
def table(client: "DynamoDBClient", table_name: str) -> Table:
    return Table(client, table_name, Meter(), Retry())


@pytest.fixture
def make_table(client: "DynamoDBClient") -> Callable[[], str]:
    return lambda: new_table(client)
