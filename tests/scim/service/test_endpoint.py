"""An endpoint knows where the resources of every type are."""

import pytest

from tests.fakes.endpoint import FakeDeployment


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
