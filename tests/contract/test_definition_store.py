"""The fake and the stored definitions keep the same contract."""

from typing import TYPE_CHECKING

import pytest

from scim.bootstrap.access import access_in
from scim.store.access.definitions import StoredDefinitions
from tests.contract.definition_store_contract import DefinitionStoreContract
from tests.contract.stores import new_table
from tests.fakes.definition_store import FakeDefinitionStore

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class TestFakeDefinitionStore(DefinitionStoreContract):
    @pytest.fixture
    def definition_store(self) -> FakeDefinitionStore:
        return FakeDefinitionStore()


class TestStoredShelf(DefinitionStoreContract):
    @pytest.fixture
    def definition_store(self, moto: "DynamoDBClient") -> StoredDefinitions:
        return access_in(moto, new_table(moto)).definitions
