"""A directory read from anywhere on: nothing is missing, nothing comes twice."""

import json
from dataclasses import replace
from typing import Any

import pytest

from scim.profile import Profile
from scim.profile.parts import Wire
from scim.resource.access_path import Direction
from scim.resource.projection import Projection
from scim.schema.catalogue import Catalogue
from scim.schema.loading import shipped_catalogue
from scim.service.resources.create import create
from scim.service.transfer.export import AT_ONCE, Export, Mark, ordered
from scim.service.transfer.formats.bulk_format import BulkWriter
from scim.service.transfer.formats.ndjson_format import NdjsonWriter
from scim.service.transfer.port import Writer
from tests.fakes.endpoint import FakeDeployment

CATALOGUE: Catalogue = shipped_catalogue()
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


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


def exported(deployment: FakeDeployment, writer: Writer, *names: str) -> str:
    """Return the file of some types, with at most two values of a relation in one piece."""
    endpoints = [deployment.endpoint(name) for name in names]
    pieces = Export(endpoints, writer, "9999", most_values=2).pieces(Mark())
    return b"".join(piece.content for piece in pieces).decode()


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


def test_numbers_have_their_type_before_them_where_several_types_count() -> None:
    deployment = FakeDeployment(profile=Profile(wire=Wire(ids={"/Users": "number"})))
    boss = deployment.user("boss")
    manager = {"manager": {"value": boss}}
    user = deployment.user("kim", **{ENTERPRISE: manager})
    others = [deployment.user(f"u{n}") for n in range(3)]
    group = deployment.group("staff", boss, user, *others)
    deployment.group("nested", group)
    file = exported(deployment, NdjsonWriter(), "User", "Group")
    lines = [json.loads(line) for line in file.splitlines()]
    assert {line["id"] for line in lines} >= {f"User:{user}", f"Group:{group}"}
    (kim,) = (line for line in lines if line.get("userName") == "kim")
    assert kim[ENTERPRISE] == {"manager": {"value": f"User:{boss}"}}
    pieces = [line["members"] for line in lines if line["id"] == f"Group:{group}"]
    assert [len(values) for values in pieces] == [2, 2, 1]
    members = {value["value"] for values in pieces for value in values}
    assert members == {f"User:{id_}" for id_ in (boss, user, *others)}
    operations = exported(deployment, BulkWriter(CATALOGUE), "User", "Group")
    assert f'"value":"bulkId:User:{boss}"' in operations
    assert f'"path":"/Groups/bulkId:Group:{group}"' in operations
    # One type alone has no number twice.
    alone = [
        json.loads(line) for line in exported(deployment, NdjsonWriter(), "Group").splitlines()
    ]
    assert group in {line["id"] for line in alone}
    assert boss in {value["value"] for line in alone for value in line["members"]}
