"""Resources in a file as the operations they stand for."""

import json
from typing import Any

import pytest

from scim.errors import InvalidSyntax, InvalidValue
from scim.schema.catalogue import Catalogue
from scim.schema.documents import STORAGE_URN
from scim.schema.loading import shipped_catalogue
from scim.service.bulk.request import BulkOperation, Method
from scim.service.transfer.formats.ndjson_format import NdjsonReader
from scim.service.transfer.operations import Resources, refused

RESOURCES = Resources(shipped_catalogue())
READER = NdjsonReader(RESOURCES)
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"


def operation(**resource: Any) -> BulkOperation:
    return RESOURCES.operation(resource, 7, 8)


def test_a_resource_is_made_under_its_id() -> None:
    found = operation(id="g1", meta={"resourceType": "group"}, displayName="g")
    assert (found.method, found.segment, found.bulk_id) == (Method.POST, "Groups", "g1")
    assert (found.position, found.line, found.data) == (
        7, 8, {"schemas": [GROUP], "displayName": "g"},
    )  # fmt: skip


def test_a_type_is_known_by_its_schema() -> None:
    assert operation(schemas=[GROUP.upper()], displayName="g").segment == "Groups"


@pytest.mark.parametrize(
    "resource",
    [
        {"schemas": GROUP},
        {"Schemas": [GROUP]},
        {"Meta": {"ResourceType": "Group"}},
        {"ID": 7, "META": {"resourcetype": "GROUP"}},
    ],
)
def test_a_type_is_known_in_any_case_and_by_one_schema(resource: dict[str, Any]) -> None:
    found = operation(**resource, displayName="g")
    assert (found.fault, found.segment, found.data["displayName"]) == (None, "Groups", "g")


def test_an_id_may_be_a_number() -> None:
    assert operation(id=7, schemas=[GROUP], displayName="g").bulk_id == "7"
    found = operation(id=7, meta={"resourceType": "Group"}, members=[{"value": 8}, 9])
    assert (found.method, found.id) == (Method.PATCH, "7")
    assert READER.names(found) == {"7", "8", "9"}
    assert READER.linked(found, {"8", "9"}).data["Operations"] == [
        {"op": "add", "path": "members", "value": [{"value": "bulkId:8"}, "bulkId:9"]}
    ]


BADGE = "urn:example:Badge"
BADGES = Catalogue.of(
    {
        "Badge": json.dumps(
            {
                "id": BADGE,
                "name": "Badge",
                "attributes": [{"name": "number", "type": "integer", "uniqueness": "server"}],
            }
        )
    },
    {
        "Badge": json.dumps(
            {
                "name": "Badge",
                "endpoint": "/Badges",
                "schema": BADGE,
                STORAGE_URN: {"indexes": [{"attribute": "number", "unique": True}]},
            }
        )
    },
)


@pytest.mark.parametrize(
    ("catalogue", "schema", "name"),
    [
        (shipped_catalogue(), "urn:ietf:params:scim:schemas:core:2.0:User", "userName"),
        (BADGES, BADGE, "number"),
    ],
    ids=["a text", "a number"],
)
def test_a_number_identifies_a_resource_as_its_text_does(
    catalogue: Catalogue, schema: str, name: str
) -> None:
    resources = Resources(catalogue)
    by_number, by_text, other = (
        NdjsonReader(resources).identity(
            resources.operation({"schemas": [schema], name: value}, 7, 8)
        )
        for value in (70123, "70123", 70124)
    )
    assert by_number is not None
    assert by_number == by_text
    assert by_number != other


def test_a_resource_without_an_id_has_a_name_of_its_own() -> None:
    assert operation(schemas=[GROUP], displayName="g").bulk_id == "line 8"


def test_a_resource_with_nothing_but_relations_has_them_added() -> None:
    found = operation(id="g1", meta={"resourceType": "Group"}, members=[{"value": "u1"}])
    assert (found.method, found.segment, found.id) == (Method.PATCH, "Groups", "g1")
    assert READER.names(found) == {"g1", "u1"}
    linked = READER.linked(found, {"g1", "u1"})
    assert linked.id == "bulkId:g1"
    assert linked.data["Operations"] == [
        {"op": "add", "path": "members", "value": [{"value": "bulkId:u1"}]}
    ]
    assert READER.linked(found, {"u1"}).id == "g1"


@pytest.mark.parametrize(
    ("key", "reference"),
    [
        ("Ann", " ann "),
        ("jose\u0301", "jose\u0301"),
        ("jose\u0301", "jos\u00e9"),
        ("a\u00a0b", "a\u00a0b"),
        ("\uff21nn", "\uff21nn"),
        ("ann\u200b", "ann"),
    ],
    ids=["case", "decomposed", "composed", "blank", "full width", "invisible"],
)
def test_a_reference_by_a_key_finds_what_the_directory_would_find(key: str, reference: str) -> None:
    resources = Resources(shipped_catalogue(), key="userName")
    schemas = ["urn:ietf:params:scim:schemas:core:2.0:User"]
    boss = resources.operation({"schemas": schemas, "userName": key}, 0, 1)
    group = {"schemas": [GROUP], "displayName": "g", "members": [{"value": reference}]}
    found = resources.operation(group, 1, 2)
    assert NdjsonReader(resources).names(found) == {boss.bulk_id}
    linked = NdjsonReader(resources).linked(found, {str(boss.bulk_id)})
    assert linked.data["members"] == [{"value": f"bulkId:{boss.bulk_id}"}]


def test_references_of_a_new_resource_are_known() -> None:
    found = operation(schemas=[GROUP], displayName="g", members=[{"value": "u1"}])
    assert READER.names(found) == {"u1"}
    assert READER.linked(found, {"u1"}).data["members"] == [{"value": "bulkId:u1"}]
    assert READER.linked(found, set()) is found


@pytest.mark.parametrize(
    "resource",
    [
        {"displayName": "g"},
        {"meta": {"resourceType": "Robot"}},
        {"schemas": ["urn:other"]},
        {"meta": {"resourceType": "Group"}, "id": True},
    ],
    ids=["no type", "unknown type", "unknown schema", "an id that is no text"],
)
def test_an_object_without_a_known_type_is_refused(resource: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue):
        RESOURCES.operation(resource, 0, 1)


def test_a_refused_line_says_where_it_is() -> None:
    for error in (InvalidSyntax("broken"), InvalidValue("broken")):
        found = refused(3, 4, error)
        assert type(found.fault) is type(error)
        assert str(found.fault) == "Line 4: broken"
        assert READER.names(found) == frozenset()
        assert READER.linked(found, {"a"}) is found
