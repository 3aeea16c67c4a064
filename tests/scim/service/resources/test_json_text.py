"""A spliced resource equals the full view byte for byte."""

import json
from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

import pytest

from scim.http.message.response import encoded
from scim.resource.access_path import Direction
from scim.resource.projection import Projection
from scim.resource.record import Key, Link, Record
from scim.service.resources.json_text import as_spliced, spliced
from scim.service.resources.view import Spliced, full_views
from scim.store.directory.adapter import DynamoDirectory
from tests.contract.stores import moto_client, new_table
from tests.fakes.endpoint import ENTERPRISE_URN, NOW, TENANT, FakeDeployment, id_, type_of
from tests.fakes.observed import ObservedDirectory
from tests.sampled import sampled
from tests.scim.service.people import populate

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

ENDPOINT = FakeDeployment().endpoint("User")
BODIES = [
    {"userName": "anna"},
    {"userName": 'a"\\b\u2028é😀', "active": False, "name": {"familyName": "Ng"}},
    {
        "userName": "x",
        "emails": [{"value": "a@b", "primary": True}],
        ENTERPRISE_URN: {"department": "d"},
    },
    {},
]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _record(body: dict[str, object]) -> Record:
    return Record(Key("User", id_(1)), 3, NOW, NOW, body, text=_json(body))


@pytest.fixture(name="moto", scope="module")
def _moto() -> "Iterator[DynamoDBClient]":
    with moto_client() as client:
        yield client


@pytest.mark.parametrize("body", BODIES, ids=str)
def test_a_spliced_resource_equals_its_full_view(body: dict[str, object]) -> None:
    record = _record(body)
    found = spliced(ENDPOINT, [record])[record.key]
    (view,) = full_views(ENDPOINT, [record], Projection.of(type_of("User")))
    assert found.text == _json(view)
    assert found == view
    assert [*found] == [*view]
    assert len(found) == len(view)


@pytest.mark.parametrize("seed", sampled(range(4), 4))
@pytest.mark.parametrize("type_name", ["User", "Group"])
def test_generated_resources_are_spliced_as_they_are_put_together(
    moto: "DynamoDBClient", seed: int, type_name: str
) -> None:
    directory = DynamoDirectory(moto, new_table(moto))
    deployment = FakeDeployment(directory=directory)
    populate(deployment, Random(seed), 30)
    groups = directory.records(TENANT, "Group", Direction.UP, None, 100).records
    outer = deployment.group("Outer", *(each.key.id for each in groups[:2]))
    deployment.group("Outermost", outer)
    deployment.group("Empty")
    records = directory.records(TENANT, type_name, Direction.UP, None, 100).records
    endpoint = deployment.endpoint(type_name)
    views = full_views(endpoint, records, Projection.of(type_of(type_name)))
    assembled = {record.key: _json(view) for record, view in zip(records, views, strict=True)}
    found = {key: each.text for key, each in spliced(endpoint, records).items()}
    is_spliced = {record.key: not record.counts for record in records}
    assert found == {key: text for key, text in assembled.items() if is_spliced[key]}
    if type_name == "User":
        assert any('"type":"indirect"' in text for text in found.values())
        assert len(found) == len(records)


def test_groups_are_read_for_all_users_together() -> None:
    directory = ObservedDirectory()
    deployment = FakeDeployment(directory)
    users = [deployment.user(f"user{n}") for n in range(5)]
    for n in range(3):
        deployment.group(f"group{n}", *users[n:])
    records = [
        replace(record, text=_json(record.body))
        for record in directory.records(TENANT, "User", Direction.UP, None, 9).records
    ]
    directory.asked.clear()
    found = spliced(deployment.endpoint("User"), records)
    assert [len(list(found[r.key].get("groups", ()))) for r in records] == [1, 2, 3, 3, 3]  # type: ignore[call-overload]
    assert directory.asked == ["read_named"]


def test_a_link_to_what_has_gone_is_not_shown() -> None:
    record = replace(_record(BODIES[0]), links={Link("Group", "members"): frozenset({id_(2)})})
    assert "groups" not in spliced(ENDPOINT, [record])[record.key]


@pytest.mark.parametrize(
    "record",
    [
        replace(_record(BODIES[0]), text=""),
        replace(_record(BODIES[0]), counts={"members": 1}),
        _record({"userName": "anna", "password": "secret"}),
    ],
    ids=["no text", "related", "hidden"],
)
def test_a_resource_that_needs_more_than_splicing_is_left_to_the_full_view(record: Record) -> None:
    assert spliced(ENDPOINT, [record]) == {}
    others = [replace(_record(BODIES[0]), key=Key("User", id_(number))) for number in (7, 8)]
    assert [*spliced(ENDPOINT, [others[0], record, others[1]])] == [each.key for each in others]


def test_a_view_becomes_text_once() -> None:
    text = as_spliced({"a": "é", "b": [1, True]})
    assert text.text == '{"a":"é","b":[1,true]}'
    assert as_spliced(text) is text


def test_a_list_takes_texts_as_they_are() -> None:
    body = {"totalResults": 2, "Resources": [Spliced('{"a":1}'), {"b": "é"}], "itemsPerPage": 2}
    assert encoded(body) == '{"totalResults":2,"itemsPerPage":2,"Resources":[{"a":1},{"b":"é"}]}'
