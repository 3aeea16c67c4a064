"""A moto with a bucket for each module, a bench on a table of its own for each test."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.contract.stores import moto_client
from tests.fakes.workshop import Workshop, workshop

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@pytest.fixture(scope="module")
def client() -> Iterator["DynamoDBClient"]:
    with moto_client() as moto:
        yield moto


@pytest.fixture
def shop(client: "DynamoDBClient") -> Workshop:
    return workshop(client)
