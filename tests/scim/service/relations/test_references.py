"""References name live resources, are shown with names, and are followed by deletions as declared."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from scim.errors import Conflict, InvalidValue, Mutability, NotFound
from scim.patch.request import request_of
from scim.profile import Profile
from scim.resource.projection import Projection
from scim.schema.catalogue import Catalogue
from scim.schema.message_uri import PATCH_OP_URN
from scim.service.messages import Precondition
from scim.service.resources.create import create
from scim.service.resources.modify import modify
from scim.service.resources.read import read
from tests.contract.references import CATALOGUE
from tests.fakes.endpoint import BASE, FakeDeployment, id_

Body = dict[str, Any]
SHOWN = """
{"id": "urn:example:Badge", "name": "Badge", "attributes": [
  {"name": "owner", "type": "complex", "mutability": "immutable", "subAttributes": [
    {"name": "value", "caseExact": true, "required": true},
    {"name": "$ref", "type": "reference", "referenceTypes": ["User"], "mutability": "readOnly"},
    {"name": "type", "mutability": "readOnly"},
    {"name": "display", "mutability": "readOnly"}]},
  {"name": "about", "type": "complex", "subAttributes": [
    {"name": "value", "caseExact": true}, {"name": "type"}, {"name": "note"},
    {"name": "display", "mutability": "readOnly"}]}]}
"""
STORAGE = "urn:serverless-scim:params:scim:schemas:extension:storage:1.0:ResourceType"
BADGE = f"""
{{"name": "Badge", "endpoint": "/Badges", "schema": "urn:example:Badge", "{STORAGE}":
  {{"references": [{{"attribute": "owner", "targets": ["User"], "onDelete": "cascade"}},
                   {{"attribute": "about", "targets": ["User", "Group"], "onDelete": "clear"}}]}}}}
"""


def _badges() -> Catalogue:
    return Catalogue.of(
        {"badge": SHOWN, **_plain("User"), **_plain("Group")},
        {"badge": BADGE, "user": _type("User"), "group": _type("Group")},
    )


def _plain(name: str) -> dict[str, str]:
    return {
        name: f'{{"id": "urn:example:{name}", "name": "{name}",'
        ' "attributes": [{"name": "displayName"}]}'
    }


def _type(name: str) -> str:
    return f'{{"name": "{name}", "endpoint": "/{name}s", "schema": "urn:example:{name}"}}'


@pytest.fixture(name="badges")
def _deployment() -> FakeDeployment:
    return FakeDeployment(catalogue=_badges())


def made(deployment: FakeDeployment, type_name: str, **body: Any) -> Body:
    endpoint = deployment.endpoint(type_name)
    urn = endpoint.resource_type.schema.id
    answer = create(
        endpoint, {"schemas": [urn], **body}, Projection.of(endpoint.resource_type)
    ).resource
    assert answer is not None
    return dict(answer)


def shown(deployment: FakeDeployment, type_name: str, id_: str, *attributes: str) -> Body:
    endpoint = deployment.endpoint(type_name)
    asked = Projection.of(endpoint.resource_type, attributes)
    answer = read(endpoint, id_, Precondition(), asked).resource
    assert answer is not None
    return dict(answer)


def patched(deployment: FakeDeployment, type_name: str, id_: str, **operation: Any) -> Body:
    endpoint = deployment.endpoint(type_name)
    message: Mapping[str, Any] = {"schemas": [PATCH_OP_URN], "Operations": [operation]}
    answer = modify(
        endpoint,
        id_,
        request_of(message, Profile()),
        Precondition(),
        Projection.of(endpoint.resource_type),
    ).resource
    assert answer is not None
    return dict(answer)


def test_a_reference_is_shown_with_all_its_schema_has(badges: FakeDeployment) -> None:
    anna = made(badges, "User", displayName="Anna")["id"]
    badge = made(badges, "Badge", owner={"value": anna, "display": "ignored"})
    assert badge["owner"] == {
        "value": anna,
        "$ref": f"{BASE}/Users/{anna}",
        "display": "Anna",
        "type": "User",
    }
    assert shown(badges, "Badge", badge["id"]) == badge


def test_a_name_is_the_one_of_today(badges: FakeDeployment) -> None:
    anna = made(badges, "User", displayName="Anna")["id"]
    badge = made(badges, "Badge", owner={"value": anna})
    patched(badges, "User", anna, op="replace", path="displayName", value="Ann")
    assert shown(badges, "Badge", badge["id"], "owner.display")["owner"] == {"display": "Ann"}
    assert [each["owner"]["display"] for each in badges.search("Badge").resources] == ["Ann"]


def test_a_reference_to_several_types_stores_and_shows_the_type_of_its_target(
    badges: FakeDeployment,
) -> None:
    group = made(badges, "Group", displayName="All")["id"]
    badge = made(badges, "Badge", about={"value": group, "note": "kept"})
    about = {"value": group, "type": "Group", "note": "kept", "display": "All"}
    assert badge["about"] == about
    user = made(badges, "User", displayName="Anna")["id"]
    after = patched(badges, "Badge", badge["id"], op="replace", path="about.value", value=user)
    assert after["about"] == {**about, "value": user, "type": "User", "display": "Anna"}


def test_the_type_of_a_reference_may_be_in_any_case(badges: FakeDeployment) -> None:
    group = made(badges, "Group", displayName="All")["id"]
    about = {"value": group, "type": "group"}
    assert made(badges, "Badge", about=about)["about"]["type"] == "Group"


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"owner": {"value": id_(99)}}, "owner.value: there is no User with this id."),
        ({"about": {"value": "?"}}, "about.value: there is no User or Group with this id."),
        ({"about": {"type": "User"}}, "about.value: the id of a resource is required"),
        ({"about": {"value": id_(99), "type": "Cat"}}, "about.type: expected User or Group"),
    ],
    ids=["gone", "impossible", "no id", "other type"],
)
def test_an_unknown_reference_is_refused_by_name(
    badges: FakeDeployment, body: Body, told: str
) -> None:
    with pytest.raises(InvalidValue) as refusal:
        made(badges, "Badge", **body)
    assert refusal.value.detail == told


def test_a_deleted_target_is_unknown(badges: FakeDeployment) -> None:
    anna = made(badges, "User", displayName="Anna")["id"]
    badge = made(badges, "Badge")
    badges.delete("User", anna)
    with pytest.raises(InvalidValue):
        patched(badges, "Badge", badge["id"], op="add", path="owner", value={"value": anna})


def test_an_immutable_reference_is_set_once(badges: FakeDeployment) -> None:
    anna, bert = (made(badges, "User", displayName=name)["id"] for name in ("Anna", "Bert"))
    badge = made(badges, "Badge", owner={"value": anna})
    with pytest.raises(Mutability):
        patched(badges, "Badge", badge["id"], op="replace", path="owner", value={"value": bert})
    same = patched(badges, "Badge", badge["id"], op="replace", path="owner", value={"value": anna})
    assert same["meta"]["version"] == badge["meta"]["version"]


def test_another_reference_is_set_beside_one_that_stays(badges: FakeDeployment) -> None:
    anna = made(badges, "User", displayName="Anna")["id"]
    badge = made(badges, "Badge", owner={"value": anna})
    after = patched(badges, "Badge", badge["id"], op="add", path="about", value={"value": anna})
    assert after["about"]["type"] == "User"


def test_a_resource_cannot_refer_to_itself() -> None:
    loop = """
    {"id": "urn:example:Loop", "name": "Loop", "attributes": [{"name": "next", "type": "complex",
     "subAttributes": [{"name": "value", "caseExact": true}]}]}
    """
    type_ = f"""
    {{"name": "Loop", "endpoint": "/Loops", "schema": "urn:example:Loop", "{STORAGE}":
      {{"references": [{{"attribute": "next", "targets": ["Loop"], "onDelete": "clear"}}]}}}}
    """
    deployment = FakeDeployment(catalogue=Catalogue.of({"s": loop}, {"t": type_}))
    one = made(deployment, "Loop")["id"]
    with pytest.raises(InvalidValue, match="must not name the resource itself"):
        patched(deployment, "Loop", one, op="add", path="next", value={"value": one})


def test_deleting_a_target_deletes_or_clears_references_as_declared(badges: FakeDeployment) -> None:
    anna = made(badges, "User", displayName="Anna")["id"]
    owned = made(badges, "Badge", owner={"value": anna})["id"]
    about = made(badges, "Badge", about={"value": anna})["id"]
    badges.delete("User", anna)
    with pytest.raises(NotFound):
        shown(badges, "Badge", owned)
    assert "about" not in shown(badges, "Badge", about)


def test_a_required_target_is_not_deleted() -> None:
    deployment = FakeDeployment(catalogue=CATALOGUE)
    room = made(deployment, "Room", name="hall")["id"]
    lease = made(deployment, "Lease", name="ten years", room={"value": room})["id"]
    with pytest.raises(Conflict) as refusal:
        deployment.delete("Room", room)
    assert refusal.value.detail == (
        "room of 1 Lease resource(s) names this Room; change or delete these first."
    )
    deployment.delete("Lease", lease)
    deployment.delete("Room", room)


def test_a_target_of_a_type_no_longer_served_is_not_deleted() -> None:
    deployment = FakeDeployment(catalogue=CATALOGUE)
    person, room = (made(deployment, name, name=name)["id"] for name in ("Person", "Room"))
    made(deployment, "Seat", person={"value": person}, room={"value": room})
    served = {each.name: each for each in CATALOGUE.resource_types}
    later = replace(CATALOGUE, resource_types=(served["Person"],))
    with pytest.raises(Conflict, match="person of 1 Seat"):
        replace(deployment, catalogue=later).delete("Person", person)
