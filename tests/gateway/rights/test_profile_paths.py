"""The authorizer's policy opens every path of a profile, and a cached policy fits every request."""

from collections.abc import Iterator

import pytest

from local.gateway import Gateway
from scim.mount import MOUNT, TENANT
from scim.profile.shipped import names, shipped
from scim.schema.loading import catalogue_of
from tests.gateway.access import make_tenant, secret_of
from tests.gateway.client import Answered, Client

DISCOVERY = "/ServiceProviderConfig"


def _endpoints(profile: str) -> list[str]:
    """Return the endpoints that list what is stored."""
    types = catalogue_of(shipped(profile)).stored_types
    routing = shipped(profile).routing
    return [each.endpoint for each in types if each.endpoint not in routing.without]


def _mounts(profile: str, tenant: str) -> Iterator[str]:
    for mount in (MOUNT, *shipped(profile).routing.mounts):
        if TENANT in mount:
            yield mount.replace(TENANT, tenant)
        else:
            yield from (mount, f"/{tenant}{mount}")


def _asked(gateway: Gateway, token: str, mount: str, path: str) -> Answered:
    return Client(gateway, token, mount).send("GET", path)


@pytest.mark.parametrize(
    "profile", [name for name in names() if not shipped(name).auth.minted_only]
)
@pytest.mark.sampled(3)
def test_a_token_reaches_exactly_what_it_may_read_by_every_path(
    gateway: Gateway, profile: str
) -> None:
    tenant = f"paths-{profile}"
    make_tenant(gateway, tenant, profile=profile, schemes=("bearer",))
    reader = secret_of(gateway, tenant, "*:list")
    nobody = secret_of(gateway, tenant)
    for mount in _mounts(profile, tenant):
        for endpoint in _endpoints(profile):
            assert _asked(gateway, reader, mount, endpoint).status == 200, mount + endpoint
            assert _asked(gateway, nobody, mount, endpoint).status == 403, mount + endpoint
        assert _asked(gateway, nobody, mount, DISCOVERY).status == 200, mount
    for endpoint in _endpoints(profile):
        elsewhere = _asked(gateway, reader, f"/demo{MOUNT}", endpoint)
        assert elsewhere.status in (403, 404), endpoint
