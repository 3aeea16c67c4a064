"""The store on DynamoDB Local keeps the contract of the port."""

from typing import TYPE_CHECKING

import pytest

from scim.store.directory.adapter import DynamoDirectory
from tests.contract.directory_contract import DirectoryContract
from tests.contract.reference_contract import ReferenceContract
from tests.contract.stores import new_table

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

pytestmark = pytest.mark.dynamodb


class TestStoreOnDynamoDBLocal(DirectoryContract):
    @pytest.fixture
    def directory(self, dynamodb: "DynamoDBClient") -> DynamoDirectory:
        return DynamoDirectory(dynamodb, new_table(dynamodb))


class TestReferencesOnDynamoDBLocal(ReferenceContract):
    @pytest.fixture
    def directory(self, dynamodb: "DynamoDBClient") -> DynamoDirectory:
        return DynamoDirectory(dynamodb, new_table(dynamodb), width=4)
