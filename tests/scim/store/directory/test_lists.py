"""What a process remembers of lists, so that it asks once; their rules are `tests/contract`'s."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from scim.resource.access_path import Direction
from scim.resource.record import Link, Pointer, Record
from scim.schema.catalogue import RelationNames
from scim.schema.loading import shipped_catalogue
from scim.schema.resource_type import Index, OnDelete, Referrer
from scim.store.directory.adapter import DynamoDirectory
from scim.store.directory.lists import REMEMBERED
from scim.store.dynamodb.capacity import Meter
from scim.store.dynamodb.expressions import projected
from scim.store.dynamodb.retry import Retry
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.write import Write
from scim.store.keys.lists import build_key, seal_key
from tests.contract.samples import group, user
from tests.fakes.endpoint import type_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

T = "acme"
TITLE = Index("title", is_late=True)


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
    assert list(directory.backfill(T, type_of("User"), TITLE)) == [0]
    assert directory.is_built(T, "User", "title")
    before = _trips(directory)
    assert directory.is_built(T, "User", "title")
    assert _trips(directory) == before
    assert not directory.is_built("globex", "User", "title")
    assert not directory.is_built(T, "User", "nickName")


def test_memory_of_a_tenant_ends_soon_after_the_tenant_is_erased(
    client: "DynamoDBClient", table_name: str, table: Table
) -> None:
    now = 0.0
    directory = DynamoDirectory(client, table_name, retry=Retry(clock=lambda: now))
    list(directory.backfill(T, type_of("User"), TITLE))
    assert directory.is_built(T, "User", "title")
    secret = directory.sealing_key(T)
    erased_keys = seal_key(T), build_key(T, "User", "title")
    table.write([Write("Delete", item_key) for item_key in erased_keys])
    secret_of_later_tenant = DynamoDirectory(client, table_name).sealing_key(T)
    now = REMEMBERED - 1
    assert directory.sealing_key(T) == secret
    now = REMEMBERED
    assert directory.sealing_key(T) == secret_of_later_tenant != secret
    assert not directory.is_built(T, "User", "title")


def test_the_cost_of_lists_is_counted(directory: DynamoDirectory) -> None:
    directory.create(T, user("ann"))
    before = directory.spent()
    assert len(directory.records(T, "User", Direction.UP, None, 10).records) == 1
    after = directory.spent()
    assert after.round_trips == before.round_trips + 1
    assert after.rcu > before.rcu


USER = shipped_catalogue().relation_names_of("User")
assert USER is not None
NAMES = USER._replace(referrers=(Referrer("Group", "owner", OnDelete.CLEAR),))


def _listed(
    directory: DynamoDirectory, related: RelationNames | None
) -> tuple[Record, Record, Record]:
    one, two, three = directory.records(T, "User", Direction.UP, None, 10, related).records
    return one, two, three


def test_a_list_reads_only_the_attributes_it_needs(
    client: "DynamoDBClient", table_name: str
) -> None:
    directory = DynamoDirectory(client, table_name, meter=Meter(counts=False))
    people = [user(name) for name in ("ann", "bob", "cy")]
    for each in people:
        directory.create(T, each)
    owner = Pointer("owner", people[2].key)
    directory.create(T, replace(group("crew", [people[0].key]), pointers=frozenset({owner})))
    directory.create(T, group("old", [people[1].key], "friends"))
    asked: list[Mapping[str, Any]] = []

    def note(params: Mapping[str, Any], **_: Any) -> None:
        asked.append(json.loads(params["body"]))

    client.meta.events.register("before-call.dynamodb.Query", note)
    try:
        whole, shown = _listed(directory, None), _listed(directory, NAMES)
    finally:
        client.meta.events.unregister("before-call.dynamodb.Query", note)
    assert "ProjectionExpression" not in asked[0]
    named = asked[1]["ExpressionAttributeNames"]
    assert sorted(named) == sorted(asked[1]["ProjectionExpression"].split(","))
    assert {"z", "g.Group.members"} <= set(named.values())
    assert not {"by", "gp", "gs", "g.Group.friends"} & set(named.values())
    by_key = {each.key: each for each in shown}
    # Of a relation that no type has any more nothing is shown.
    old = Link("Group", "friends")
    for each in whole:
        links = {link: ids for link, ids in each.links.items() if link != old}
        assert by_key[each.key] == replace(each, links=links)
    assert any(old in each.links for each in whole)
    assert by_key[owner.target].referrers == {Link("Group", "owner"): 1}


def test_a_counting_meter_sees_whole_items(client: "DynamoDBClient", table_name: str) -> None:
    directory = DynamoDirectory(client, table_name)
    directory.create(T, user("ann", title="x" * 9000))
    spent = []
    for related in (None, NAMES):
        directory.meter.reset()
        directory.records(T, "User", Direction.UP, None, 10, related)
        spent.append(directory.meter.reading())
    assert spent[0] == spent[1]


def test_with_too_many_names_a_list_reads_all_attributes() -> None:
    assert projected(("a", "b")) == {
        "ProjectionExpression": "#0,#1",
        "ExpressionAttributeNames": {"#0": "a", "#1": "b"},
    }
    assert projected(tuple(f"g.T{number}.members" for number in range(1000))) == {}
