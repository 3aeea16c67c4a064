"""What a process remembers of lists, so that it asks once; their rules are `tests/contract`'s."""

from typing import TYPE_CHECKING

import pytest

from scim.resource.access_path import Direction
from scim.schema.loading import shipped_catalogue
from scim.schema.resource_type import Index, ResourceType
from scim.store.directory.adapter import DynamoDirectory
from tests.contract.samples import user

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

T = "acme"
TITLE = Index("title", is_late=True)


def _user_type() -> ResourceType:
    found = shipped_catalogue().resource_type("User")
    assert found is not None
    return found


@pytest.fixture(name="directory")
def _directory(client: "DynamoDBClient", table_name: str) -> DynamoDirectory:
    return DynamoDirectory(client, table_name)


def _trips(directory: DynamoDirectory) -> int:
    return directory.spent().round_trips


def test_the_secret_of_a_tenant_is_read_once(
    client: "DynamoDBClient", table_name: str, directory: DynamoDirectory
) -> None:
    secret = directory.sealing_key(T)
    before = _trips(directory)
    assert directory.sealing_key(T) == secret
    assert _trips(directory) == before
    assert DynamoDirectory(client, table_name).sealing_key(T) == secret
    assert directory.sealing_key("globex") != secret


def test_an_index_that_is_not_built_is_asked_for_until_it_is(directory: DynamoDirectory) -> None:
    assert not directory.is_built(T, "User", "title")
    assert list(directory.backfill(T, _user_type(), TITLE)) == [0]
    assert directory.is_built(T, "User", "title")
    before = _trips(directory)
    assert directory.is_built(T, "User", "title")
    assert _trips(directory) == before
    assert not directory.is_built("globex", "User", "title")
    assert not directory.is_built(T, "User", "nickName")


def test_what_lists_cost_is_told(directory: DynamoDirectory) -> None:
    directory.create(T, user("ann"))
    before = directory.spent()
    assert len(directory.records(T, "User", Direction.UP, None, 10).records) == 1
    after = directory.spent()
    assert after.round_trips == before.round_trips + 1
    assert after.rcu > before.rcu
