"""A tenant is served its profile and its own, each version read once."""

import pytest

from scim.profile.shipped import UnknownProfile
from scim.schema.loading import Additions, tenant_catalogues
from scim.schema.tenant_definitions import definitions_of
from tests.fakes.devices import DOCUMENT


def test_a_version_is_read_once() -> None:
    asked: list[tuple[str, str]] = []

    def additions(tenant: str, version: str) -> Additions:
        asked.append((tenant, version))
        return definitions_of(DOCUMENT).additions()

    tenant_catalogue = tenant_catalogues(additions)
    first = tenant_catalogue("acme", "okta", "1")
    assert first.profile.name == "okta"
    assert first.catalogue.by_endpoint("Devices") is not None
    assert tenant_catalogue("acme", "okta", "1") is first
    tenant_catalogue("acme", "okta", "2")
    assert asked == [("acme", "1"), ("acme", "2")]


def test_without_definitions_nothing_is_read() -> None:
    def additions(tenant: str, version: str) -> Additions:
        raise AssertionError

    tenant_catalogue = tenant_catalogues(additions)
    assert tenant_catalogue("acme", "", "").profile.name == "default"
    assert tenant_catalogue("acme", "", "").catalogue is tenant_catalogue("other", "", "").catalogue


def test_an_unknown_profile_is_an_error() -> None:
    with pytest.raises(UnknownProfile):
        tenant_catalogues()("acme", "nobody", "")
