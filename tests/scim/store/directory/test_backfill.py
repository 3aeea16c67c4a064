"""A late index is filled during other writes and used once it is complete."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from scim.fsck import violations
from scim.schema.catalogue import Catalogue
from scim.schema.loading import shipped_catalogue
from scim.schema.resource_type import Index, ResourceType
from scim.store.directory import backfill as building
from scim.store.directory.adapter import DynamoDirectory
from tests.fakes.endpoint import TENANT, FakeDeployment, names_in

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

TITLE = Index("title", is_late=True)
TYPES = tuple(
    replace(each, indexes=(*each.indexes, TITLE)) if each.name == "User" else each
    for each in shipped_catalogue().resource_types
)
LATER = Catalogue(shipped_catalogue().schemas, TYPES)


def _user_type() -> ResourceType:
    found = LATER.resource_type("User")
    assert found is not None
    return found


@pytest.fixture(name="before")
def _before(client: "DynamoDBClient", table_name: str) -> FakeDeployment:
    deployment = FakeDeployment(directory=DynamoDirectory(client, table_name))
    for n in range(7):
        deployment.user(f"user{n}", title=f"T{n % 2}")
    return deployment


def _after(client: "DynamoDBClient", table_name: str, before: FakeDeployment) -> FakeDeployment:
    """Return the same directory served by a deployment that declares the index."""
    return replace(before, directory=DynamoDirectory(client, table_name), catalogue=LATER)


def _plan(deployment: FakeDeployment) -> object:
    explanation = deployment.search("User", filter='title eq "t0"', is_explained=True).explanation
    assert explanation is not None
    (plan,) = explanation["plans"]  # type: ignore[misc]
    return plan["plan"]


def _wrong(client: "DynamoDBClient", table_name: str) -> list[str]:
    items = client.scan(TableName=table_name, ConsistentRead=True)["Items"]
    return violations(items, late={("User", "title")})


def test_a_late_index_is_not_used_before_it_is_complete(
    client: "DynamoDBClient", table_name: str, before: FakeDeployment
) -> None:
    after = _after(client, table_name, before)
    assert (_plan(after), after.search("User", filter='title eq "t0"').total) == ("scan", 4)
    assert isinstance(after.directory, DynamoDirectory)
    assert sum(after.directory.backfill(TENANT, _user_type(), TITLE)) == 7
    assert (_plan(after), after.search("User", filter='title eq "t0"').total) == ("index", 4)
    assert names_in(after.search("User", sort_by="title", count=1)) == ["user0"]
    assert _wrong(client, table_name) == []


def test_changes_during_the_backfill_keep_the_index_right(
    client: "DynamoDBClient",
    table_name: str,
    before: FakeDeployment,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(building, "PAGE", 2)
    after = _after(client, table_name, before)
    users = {str(each["userName"]): str(each["id"]) for each in before.search("User").resources}
    assert isinstance(after.directory, DynamoDirectory)
    pages = after.directory.backfill(TENANT, _user_type(), TITLE)
    next(pages)
    for name in ("user0", "user6"):
        after.modify("User", users[name], {"op": "replace", "path": "title", "value": "new"})
    after.delete("User", users["user1"])
    after.delete("User", users["user5"])
    after.user("user7", title="new")
    assert _wrong(client, table_name) == []
    # The one who built it is gone; another goes on.
    again = DynamoDirectory(client, table_name)
    assert sum(again.backfill(TENANT, _user_type(), TITLE)) < 7
    assert list(again.backfill(TENANT, _user_type(), TITLE)) == []
    found = after.search("User", filter='title eq "new"')
    assert sorted(map(str, names_in(found))) == ["user0", "user6", "user7"]
    assert (_plan(after), _wrong(client, table_name)) == ("index", [])


def test_a_change_while_a_page_is_written_makes_it_read_again(
    client: "DynamoDBClient",
    table_name: str,
    before: FakeDeployment,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    after = _after(client, table_name, before)
    victim = str(before.search("User").resources[3]["id"])
    read, times = building.records, iter(range(100))

    def disturbed(*arguments: object) -> object:
        page = read(*arguments)  # type: ignore[arg-type]
        if next(times) == 0:
            after.modify("User", victim, {"op": "replace", "path": "title", "value": "meanwhile"})
        return page

    monkeypatch.setattr(building, "records", disturbed)
    assert isinstance(after.directory, DynamoDirectory)
    assert list(after.directory.backfill(TENANT, _user_type(), TITLE)) == [7]
    assert after.search("User", filter='title eq "meanwhile"').total == 1
    assert _wrong(client, table_name) == []


def test_an_index_over_nothing_is_complete_at_once(
    client: "DynamoDBClient", table_name: str
) -> None:
    directory = DynamoDirectory(client, table_name)
    assert not directory.is_built("empty", "User", "title")
    assert list(directory.backfill("empty", _user_type(), TITLE)) == [0]
    assert directory.is_built("empty", "User", "title")


def test_tenants_are_built_apart(
    client: "DynamoDBClient", table_name: str, before: FakeDeployment
) -> None:
    directory = DynamoDirectory(client, table_name)
    pages: Iterator[int] = directory.backfill("other", _user_type(), TITLE)
    assert list(pages) == [0]
    assert not directory.is_built(TENANT, "User", "title")
