"""A resource from a file: made, or merged into what is there."""

from typing import Any

import pytest

from scim.errors import InvalidValue
from scim.profile.shipped import shipped
from scim.resource.projection import Projection
from scim.service.messages import Precondition
from scim.service.resources.read import read
from scim.service.transfer.upsert import create_or_merge, merge
from tests.fakes.endpoint import FakeDeployment

USER = "urn:ietf:params:scim:schemas:core:2.0:User"


def put(deployment: FakeDeployment, **data: Any) -> tuple[int, Any]:
    endpoint = deployment.endpoint("User")
    whole = Projection.of(endpoint.resource_type)
    status, answer = create_or_merge(endpoint, {"schemas": [USER], **data}, whole)
    return status, answer.resource


def test_what_is_new_is_made() -> None:
    status, resource = put(FakeDeployment(), userName="ann", title="Dr")
    assert (status, resource["title"]) == (201, "Dr")


def test_what_is_there_gets_what_the_file_says_and_keeps_the_rest() -> None:
    deployment = FakeDeployment()
    _, before = put(deployment, userName="ann", title="Dr", nickName="A")
    status, after = put(deployment, userName="ANN", title="Prof", emails=[{"value": "a@x"}])
    assert (status, after["id"]) == (200, before["id"])
    assert (after["userName"], after["title"], after["nickName"]) == ("ANN", "Prof", "A")
    assert [each["value"] for each in after["emails"]] == ["a@x"]


def test_an_element_that_becomes_the_primary_one_replaces_the_one_before() -> None:
    deployment = FakeDeployment()
    emails = [{"value": "w@x", "type": "work", "primary": True}, {"value": "h@x", "type": "home"}]
    put(deployment, userName="ann", emails=emails)
    home = {'emails[type eq "home"]': {"type": "home", "primary": True}}
    _, after = put(deployment, userName="ann", **home)
    assert [(each["value"], each.get("primary")) for each in after["emails"]] == [
        ("w@x", None),
        ("h@x", True),
    ]
    primary = {"emails[primary eq true]": {"primary": True, "value": "p@x"}}
    _, after = put(deployment, userName="ann", **primary)
    assert [each["value"] for each in after["emails"]] == ["w@x", "p@x"]


def test_what_a_profile_asks_of_its_clients_is_not_asked_of_a_file() -> None:
    deployment = FakeDeployment(profile=shipped("interop-strict"))
    emails = [{"value": "w@x", "type": "work", "primary": True}]
    name = {"givenName": "Ann", "familyName": "Lee"}
    put(deployment, userName="ann", name=name, emails=emails)
    home = {'emails[type eq "home"]': {"type": "home", "value": "h@x"}}
    status, after = put(deployment, userName="ann", title="Dr", name={"givenName": "A"}, **home)
    assert (status, after["title"]) == (200, "Dr")
    assert after["name"] == {"givenName": "A", "familyName": "Lee"}
    assert [each["value"] for each in after["emails"]] == ["w@x", "h@x"]


def test_what_says_nothing_new_changes_nothing() -> None:
    deployment = FakeDeployment()
    _, before = put(deployment, userName="ann", title="Dr")
    status, after = put(deployment, userName="ann", title="Dr", id="other", meta={"version": "9"})
    assert (status, after["meta"]) == (200, before["meta"])


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(InvalidValue):
        put(FakeDeployment(), userName="ann", active="perhaps")


def test_a_known_resource_is_completed() -> None:
    deployment = FakeDeployment()
    _, before = put(deployment, userName="ann")
    endpoint = deployment.endpoint("User")
    whole = Projection.of(endpoint.resource_type)
    merge(endpoint, before["id"], {"title": "Dr"}, Precondition(), whole)
    answer = read(endpoint, before["id"], Precondition(), whole)
    assert answer.resource is not None
    assert answer.resource["title"] == "Dr"
