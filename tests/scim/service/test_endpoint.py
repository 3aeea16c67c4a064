"""An endpoint knows where the resources of every type are, and what people call them."""

import pytest

from scim.profile import Profile
from scim.profile.parts import Domains
from scim.resource.record import Key, Record
from tests.fakes.endpoint import NOW, FakeDeployment


@pytest.mark.parametrize(
    ("type_name", "location"),
    [
        ("User", "https://scim.example/scim/v2/Users/1"),
        ("Group", "https://scim.example/scim/v2/Groups/1"),
        ("Robot", "https://scim.example/scim/v2/1"),
    ],
)
def test_a_location_is_below_the_endpoint_of_the_resources_own_type(
    type_name: str, location: str
) -> None:
    assert FakeDeployment().endpoint("User").location_of(type_name, "1") == location


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({"displayName": "Anna Bell", "userName": "anna"}, "Anna Bell"),
        ({"userName": "anna"}, "anna"),
        ({"displayName": 7, "userName": "anna"}, "anna"),
        ({"displayName": "", "userName": "anna"}, "anna"),
        ({"displayName": " "}, None),
        ({}, None),
    ],
)
def test_people_call_a_resource_by_its_display_name_or_else_its_user_name(
    body: dict[str, object], name: str | None
) -> None:
    endpoint = FakeDeployment().endpoint("User")
    assert endpoint.display_of(Record(Key("User", "1"), 1, NOW, NOW, body)) == name


def test_in_a_profile_with_domains_a_resource_is_called_by_its_domain_name() -> None:
    profile = Profile(domains=Domains(names={"User": ("userName", "nickName")}))
    endpoint = FakeDeployment(profile=profile).endpoint("Group")
    body = {"displayName": "Kim Moss", "userName": "TEST/kim"}
    assert endpoint.display_of(Record(Key("User", "1"), 1, NOW, NOW, body)) == "TEST/kim"
    assert endpoint.display_of(Record(Key("Group", "1"), 1, NOW, NOW, body)) == "Kim Moss"
