"""A directory read from anywhere on: nothing is missing, nothing comes twice."""

import json
from dataclasses import replace
from typing import Any

import pytest

from scim.resource.access_path import Direction
from scim.resource.projection import Projection
from scim.schema.catalogue import Catalogue
from scim.schema.loading import shipped_catalogue
from scim.service.resources.create import create
from scim.service.transfer.export import AT_ONCE, Export, Mark, ordered
from scim.service.transfer.formats.ndjson_format import NdjsonWriter
from tests.fakes.endpoint import FakeDeployment

CATALOGUE: Catalogue = shipped_catalogue()
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"


def filled(people: int, members: int) -> FakeDeployment:
    deployment = FakeDeployment()
    everything = Projection
    users = [
        create(
            deployment.endpoint("User"),
            {"schemas": [USER], "userName": f"u{n}", "password": "a-secret-1"},
            everything.of(type_of("User")),
        )
        for n in range(people)
    ]
    values = [{"value": str((each.resource or {})["id"])} for each in users[:members]]
    for name in ("staff", "empty"):
        body = {
            "schemas": [GROUP],
            "displayName": name,
            "members": values if name == "staff" else [],
        }
        create(deployment.endpoint("Group"), body, everything.of(type_of("Group")))
    return deployment


def type_of(name: str) -> Any:
    return CATALOGUE.resource_type(name)


def export_of(deployment: FakeDeployment, until: str = "9999") -> Export:
    endpoints = [deployment.endpoint(each.name) for each in ordered(CATALOGUE.resource_types)]
    return Export(endpoints, NdjsonWriter(), until, most_values=3)


def test_types_that_refer_to_others_come_last_and_edges_not_at_all() -> None:
    assert [each.name for each in ordered(CATALOGUE.resource_types)] == ["User", "Group"]


def test_an_interrupted_export_is_complete() -> None:
    what = export_of(filled(AT_ONCE + 5, 8))
    whole = list(what.pieces(Mark()))
    assert sum(piece.resources for piece in whole) == AT_ONCE + 5 + 2
    for number, piece in enumerate(whole):
        if number % 20 == 0 or piece.mark.is_within:
            rest = list(what.pieces(piece.mark))
            assert [each.content for each in rest] == [each.content for each in whole[number + 1 :]]


def test_a_large_relation_comes_in_pieces() -> None:
    whole = b"".join(piece.content for piece in export_of(filled(8, 8)).pieces(Mark()))
    lines = [json.loads(line) for line in whole.splitlines()]
    staff = next(line for line in lines if line.get("displayName") == "staff")
    pieces = [line["members"] for line in lines if line["id"] == staff["id"]]
    assert [len(each) for each in pieces] == [3, 3, 2]
    ids = [member["value"] for each in pieces for member in each]
    assert sorted(ids) == sorted(line["id"] for line in lines if "userName" in line)


def test_resources_created_after_the_export_began_are_left_out() -> None:
    deployment = filled(3, 3)
    (record, *_) = (
        deployment.endpoint("User")
        .directory.records(deployment.endpoint("User").tenant, "User", Direction.UP, None, 1)
        .records
    )
    assert list(export_of(deployment, until="2000").pieces(Mark())) == []
    assert list(export_of(deployment, until=record.created).pieces(Mark()))


def test_values_that_are_never_returned_are_not_exported() -> None:
    whole = b"".join(piece.content for piece in export_of(filled(2, 1)).pieces(Mark()))
    assert b"password" not in whole
    assert b"a-secret-1" not in whole


def test_an_empty_directory_is_an_empty_export() -> None:
    assert list(export_of(FakeDeployment()).pieces(Mark())) == []


@pytest.mark.parametrize("name", ["User", "Group"])
def test_one_type_alone_is_written(name: str) -> None:
    deployment = filled(2, 1)
    what = replace(export_of(deployment), endpoints=[deployment.endpoint(name)])
    lines = [json.loads(piece.content) for piece in what.pieces(Mark())]
    assert {line["meta"]["resourceType"] for line in lines} == {name}
