"""The fake and the store on moto keep the contract for resources that refer to others."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from scim.fsck import violations
from scim.store.directory.adapter import DynamoDirectory
from tests.contract.reference_contract import ReferenceContract
from tests.contract.stores import new_table, stored_items
from tests.fakes.directory import FakeDirectory

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class TestFakeReferences(ReferenceContract):
    @pytest.fixture
    def directory(self) -> FakeDirectory:
        return FakeDirectory()


class TestStoredReferences(ReferenceContract):
    @pytest.fixture
    def directory(self, moto: "DynamoDBClient") -> Iterator[DynamoDirectory]:
        table = new_table(moto)
        yield DynamoDirectory(moto, table, width=4)
        assert violations(stored_items(moto, table)) == []
