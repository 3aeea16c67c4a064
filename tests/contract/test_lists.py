"""Every store keeps the contract of the port `Lists`."""

from typing import TYPE_CHECKING

import pytest

from scim.store.directory.adapter import DynamoDirectory
from tests.contract.lists_contract import ListsContract
from tests.contract.stores import new_table
from tests.fakes.directory import FakeDirectory

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class TestListsOfTheFake(ListsContract):
    @pytest.fixture
    def directory(self) -> FakeDirectory:
        return FakeDirectory()


class TestListsOnMoto(ListsContract):
    @pytest.fixture
    def directory(self, moto: "DynamoDBClient") -> DynamoDirectory:
        return DynamoDirectory(moto, new_table(moto))


@pytest.mark.dynamodb
class TestListsOnDynamoDBLocal(ListsContract):
    @pytest.fixture
    def directory(self, dynamodb: "DynamoDBClient") -> DynamoDirectory:
        return DynamoDirectory(dynamodb, new_table(dynamodb))
