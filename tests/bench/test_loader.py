"""Directly loaded items equal those that the service writes."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from bench.loader import Loader
from scim.fsck import violations
from scim.resource.access_path import Direction
from scim.resource.record import Key
from scim.store.directory.adapter import DynamoDirectory
from tests.contract.stores import moto_client, new_table
from tests.fakes.endpoint import NOW

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@pytest.fixture(name="client")
def _client() -> Iterator["DynamoDBClient"]:
    with moto_client() as client:
        yield client


def test_loaded_groups_are_sound_and_can_be_read(client: "DynamoDBClient") -> None:
    name = new_table(client)
    loader = Loader(client, name, "acme", NOW)
    groups = loader.load((3, 40), "first")
    loader.load((2,), "second")
    user, joined = loader.load_joiner(30, "joiner")
    items = client.scan(TableName=name)["Items"]
    assert violations(items) == []
    directory = DynamoDirectory(client, name)
    for size, group in groups.items():
        page = directory.edges("acme", Key("Group", group), "members", Direction.UP, None, 100)
        assert len(page.edges) == size
    (record,) = directory.read_latest("acme", [Key("User", user)]).values()
    assert [sorted(ids) for ids in record.links.values()] == [sorted(joined)]
    assert (directory.count("acme", "User"), directory.count("acme", "Group")) == (43, 33)
