"""The authorizer knows the same endpoints as the catalogue."""

from scim.auth.endpoints import endpoint_segments
from scim.schema.catalogue import Catalogue


def test_they_are_the_catalogues() -> None:
    types = Catalogue.shipped().resource_types
    assert set(endpoint_segments()) == {each.endpoint.removeprefix("/") for each in types}
