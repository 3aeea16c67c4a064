"""The stores that must keep the contract: moto, and DynamoDB Local for the tests marked `dynamodb`."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.contract.stores import local_client, moto_client

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@pytest.fixture(scope="module")
def moto() -> Iterator["DynamoDBClient"]:
    with moto_client() as client:
        yield client


@pytest.fixture(scope="module")
def dynamodb() -> Iterator["DynamoDBClient"]:
    with local_client() as client:
        yield client
