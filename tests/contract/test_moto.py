"""The store on moto keeps the contract of the port."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from scim.store.directory.adapter import DynamoDirectory
from tests.contract.directory_contract import DirectoryContract
from tests.contract.stores import moto_client, new_table

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@pytest.fixture(scope="module")
def client() -> Iterator["DynamoDBClient"]:
    with moto_client() as moto:
        yield moto


class TestStoreOnMoto(DirectoryContract):
    # Transactions of a few edges: the same code with a tenth of the members.
    many = 100

    @pytest.fixture
    def directory(self, client: "DynamoDBClient") -> DynamoDirectory:
        return DynamoDirectory(client, new_table(client), width=4)
