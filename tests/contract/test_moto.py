"""The store on moto keeps the contract of the port."""

from typing import TYPE_CHECKING

import pytest

from scim.store.directory.adapter import DynamoDirectory
from tests.contract.directory_contract import DirectoryContract
from tests.contract.stores import new_table

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class TestStoreOnMoto(DirectoryContract):
    # Transactions of a few edges: the same code with a tenth of the members.
    many = 100

    @pytest.fixture
    def directory(self, moto: "DynamoDBClient") -> DynamoDirectory:
        return DynamoDirectory(moto, new_table(moto), width=4)
