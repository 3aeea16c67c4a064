"""The store on DynamoDB Local keeps the contract of the port."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from scim.store.directory.adapter import DynamoDirectory
from tests.contract.directory_contract import DirectoryContract
from tests.contract.reference_contract import ReferenceContract
from tests.contract.stores import local_client, new_table

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

pytestmark = pytest.mark.dynamodb


@pytest.fixture(scope="module")
def client() -> Iterator["DynamoDBClient"]:
    with local_client() as dynamodb:
        yield dynamodb


class TestStoreOnDynamoDBLocal(DirectoryContract):
    @pytest.fixture
    def directory(self, client: "DynamoDBClient") -> DynamoDirectory:
        return DynamoDirectory(client, new_table(client))


class TestReferencesOnDynamoDBLocal(ReferenceContract):
    @pytest.fixture
    def directory(self, client: "DynamoDBClient") -> DynamoDirectory:
        return DynamoDirectory(client, new_table(client), width=4)
