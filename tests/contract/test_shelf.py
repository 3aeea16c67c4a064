"""The fake shelf and the stored one keep the same contract."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from tests.fakes.definition_store import FakeShelf

from scim.bootstrap.store import access_in
from scim.store.access.definitions import StoredDefinitions
from tests.contract.shelf_contract import ShelfContract
from tests.contract.stores import moto_client, new_table

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@pytest.fixture(name="client", scope="module")
def _client() -> Iterator["DynamoDBClient"]:
    with moto_client() as client:
        yield client


class TestFakeShelf(ShelfContract):
    @pytest.fixture
    def definition_store(self) -> FakeShelf:
        return FakeShelf()


class TestStoredShelf(ShelfContract):
    @pytest.fixture
    def definition_store(self, client: "DynamoDBClient") -> StoredDefinitions:
        return access_in(client, new_table(client)).definitions
