"""The authorizer knows the same endpoints as the catalogue."""

from scim.auth.policy import endpoint_segments
from scim.schema.loading import shipped_catalogue


def test_the_endpoints_are_those_of_the_shipped_catalogue() -> None:
    types = shipped_catalogue().resource_types
    assert set(endpoint_segments()) == {each.endpoint.removeprefix("/") for each in types}


def test_a_profiles_types_are_found_by_the_names_of_their_documents() -> None:
    assert endpoint_segments(("Group", "wso2/User")) == ("Groups", "Users")
