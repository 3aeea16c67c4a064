"""A resource from a file: made, or merged into what is there."""

from typing import Any

import pytest

from scim.errors import InvalidValue, Uniqueness
from scim.profile.shipped import shipped
from scim.resource.projection import Projection
from scim.resource.record import Key, Record
from scim.service.messages import Precondition
from scim.service.resources.read import read
from scim.service.transfer.upsert import create_or_merge, merge
from tests.fakes.directory import FakeDirectory
from tests.fakes.endpoint import FakeDeployment

USER = "urn:ietf:params:scim:schemas:core:2.0:User"


class LaggingDirectory(FakeDirectory):
    """A directory whose reads that may be old return the first version of each resource."""

    def __init__(self) -> None:
        super().__init__()
        self.first_records: dict[Key, Record] = {}

    def read(self, tenant: str, key: Key) -> Record | None:
        if key not in self.first_records and (record := super().read(tenant, key)) is not None:
            self.first_records[key] = record
        return self.first_records.get(key)


def put(deployment: FakeDeployment, key: str = "id", **data: Any) -> tuple[int, Any]:
    endpoint = deployment.endpoint("User")
    whole = Projection.of(endpoint.resource_type)
    status, answer = create_or_merge(key, endpoint, {"schemas": [USER], **data}, whole)
    return status, answer.resource


def test_a_new_resource_is_created() -> None:
    status, resource = put(FakeDeployment(), userName="ann", title="Dr")
    assert (status, resource["title"]) == (201, "Dr")


def test_an_existing_resource_gets_the_values_of_the_file_and_keeps_the_rest() -> None:
    deployment = FakeDeployment()
    _, before = put(deployment, userName="ann", title="Dr", nickName="A")
    status, after = put(deployment, userName="ANN", title="Prof", emails=[{"value": "a@x"}])
    assert (status, after["id"]) == (200, before["id"])
    assert (after["userName"], after["title"], after["nickName"]) == ("ANN", "Prof", "A")
    assert [each["value"] for each in after["emails"]] == ["a@x"]


def test_a_user_with_another_name_is_known_by_the_key_of_the_file() -> None:
    deployment = FakeDeployment()
    _, before = put(deployment, userName="ann.lee", externalId="E1", title="Dr")
    status, after = put(deployment, "externalId", userName="ann.ray", externalId="E1")
    assert (status, after["id"]) == (200, before["id"])
    assert (after["userName"], after["title"]) == ("ann.ray", "Dr")
    # Without that key, a user name is all that identifies a user.
    assert put(deployment, userName="ann.lee", externalId="E1")[0] == 201


def test_a_user_without_a_value_of_the_key_is_known_by_the_name_and_gets_it() -> None:
    deployment = FakeDeployment()
    _, before = put(deployment, userName="ann")
    status, after = put(deployment, "EXTERNALID", userName="Ann", externalId="E1")
    assert (status, after["id"], after["externalId"]) == (200, before["id"], "E1")
    assert put(deployment, "externalId", userName="ann", title="Dr")[0] == 200


def test_a_name_passes_to_nobody_with_another_value_of_the_key() -> None:
    deployment = FakeDeployment()
    put(deployment, userName="ann", externalId="E1")
    with pytest.raises(Uniqueness):
        put(deployment, "externalId", userName="ann", externalId="E2")
    put(deployment, userName="bob", externalId="E2")
    with pytest.raises(Uniqueness):
        put(deployment, "externalId", userName="ann", externalId="E2")


def test_a_value_of_the_key_that_several_users_have_identifies_none() -> None:
    deployment = FakeDeployment()
    for name in ("ann", "bob"):
        put(deployment, userName=name, externalId="E1")
    with pytest.raises(Uniqueness, match="Several resources have this externalId"):
        put(deployment, "externalId", userName="ann", externalId="E1")


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


def test_a_file_need_not_send_what_a_strict_profile_requires_of_clients() -> None:
    deployment = FakeDeployment(profile=shipped("interop-strict"))
    emails = [{"value": "w@x", "type": "work", "primary": True}]
    name = {"givenName": "Ann", "familyName": "Lee"}
    put(deployment, userName="ann", name=name, emails=emails)
    home = {'emails[type eq "home"]': {"type": "home", "value": "h@x"}}
    status, after = put(deployment, userName="ann", title="Dr", name={"givenName": "A"}, **home)
    assert (status, after["title"]) == (200, "Dr")
    assert after["name"] == {"givenName": "A", "familyName": "Lee"}
    assert [each["value"] for each in after["emails"]] == ["w@x", "h@x"]


def test_a_row_is_merged_into_the_latest_version_where_reads_may_lag() -> None:
    deployment = FakeDeployment(directory=LaggingDirectory())
    _, before = put(deployment, userName="ann")
    for kind in ("work", "home"):
        value = {f'emails[type eq "{kind}"]': {"type": kind, "value": f"{kind}@x"}}
        status, after = put(deployment, userName="ann", **value)
    assert (status, after["id"]) == (200, before["id"])
    assert [each["value"] for each in after["emails"]] == ["work@x", "home@x"]


def test_a_row_without_news_changes_nothing() -> None:
    deployment = FakeDeployment()
    _, before = put(deployment, userName="ann", title="Dr")
    status, after = put(deployment, userName="ann", title="Dr", id="other", meta={"version": "9"})
    assert (status, after["meta"]) == (200, before["meta"])


def test_an_invalid_value_is_refused() -> None:
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


@pytest.mark.parametrize("text", ["\\q", "\\u12", "a\nb"])
def test_a_list_element_named_by_text_that_is_not_json_is_an_unknown_attribute(text: str) -> None:
    element = {f'emails[type eq "{text}"]': {"value": "a@x"}}
    status, resource = put(FakeDeployment(), userName="ann", **element)
    assert (status, resource.get("emails")) == (201, None)


def test_a_row_may_name_a_thousand_list_elements() -> None:
    named = {f'emails[type eq "{n}"]': {"value": f"{n}@x"} for n in range(1001)}
    with pytest.raises(InvalidValue, match=r"1001 names like emails\[…\] .* at most 1000"):
        put(FakeDeployment(), userName="ann", **named)
    del named['emails[type eq "1000"]']
    _, resource = put(FakeDeployment(), userName="ann", **named)
    assert len(resource["emails"]) == 1000
