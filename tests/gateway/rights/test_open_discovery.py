"""Where a profile opens discovery, a request without a token gets discovery and nothing else."""

from collections.abc import Iterator

import pytest

from local.gateway import ADDRESS, Gateway
from tests.gateway.access import make_tenant
from tests.gateway.client import Client

DISCOVERY = ("/ServiceProviderConfig", "/ResourceTypes", "/Schemas", "/ResourceTypes/User")
WRONG = "a-token-nobody-was-ever-given"


@pytest.fixture(name="gateway", scope="module")
def _gateway() -> Iterator[Gateway]:
    with Gateway.start(overrides={"LogLevel": "ERROR", "UmaChallenges": "true"}) as gateway:
        make_tenant(gateway, "acme", profile="wso2+openDiscovery", rate=1)
        make_tenant(gateway, "plain", profile="okta+openDiscovery")
        make_tenant(gateway, "closed", profile="wso2")
        yield gateway


@pytest.fixture(name="door", scope="module")
def _door(gateway: Gateway) -> Gateway:
    """The second API, which asks its authorizer about everybody."""
    return Gateway(gateway.template, gateway.store, ADDRESS, {}, "UmaApi")


@pytest.mark.parametrize("path", DISCOVERY)
@pytest.mark.parametrize("mount", ["/acme/scim/v2", "/t/acme/scim2", "/plain/scim/v2"])
def test_discovery_is_told_without_a_token(door: Gateway, mount: str, path: str) -> None:
    answer = Client(door, None, mount).send("GET", path)
    assert answer.status == 200
    assert "acme" not in str(answer.body).replace(mount, "")


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"])
@pytest.mark.parametrize("path", ["/Users", "/Users/1", "/Bulk", "/Me", "/.search", "/none", ""])
def test_all_other_paths_need_a_token(door: Gateway, method: str, path: str) -> None:
    assert Client(door, None, "/acme/scim/v2").send(method, path, b"{}").status == 401


def test_other_methods_of_discovery_need_a_token(door: Gateway) -> None:
    client = Client(door, None, "/acme/scim/v2")
    assert client.send("POST", "/Schemas", b"{}").status == 401


@pytest.mark.parametrize(
    "mount", ["/closed/scim/v2", "/nobody/scim/v2", "/scim/v2", "/x/acme/scim/v2"]
)
def test_discovery_is_closed_where_the_profile_does_not_open_it(door: Gateway, mount: str) -> None:
    assert Client(door, None, mount).send("GET", "/ServiceProviderConfig").status == 401


def test_a_wrong_token_opens_discovery_there_and_nothing_elsewhere(gateway: Gateway) -> None:
    def status(mount: str, path: str) -> int:
        return Client(gateway, WRONG, mount).send("GET", path).status

    assert status("/acme/scim/v2", "/ServiceProviderConfig") == 200
    # The gateway remembers its answer for the credentials, not for the path.
    assert status("/closed/scim/v2", "/ServiceProviderConfig") == 401
    assert status("/scim/v2", "/ServiceProviderConfig") == 401
    assert status("/acme/scim/v2", "/Users") == 401


def test_strangers_use_up_nothing_of_the_tenants_rate(door: Gateway) -> None:
    client = Client(door, None, "/acme/scim/v2")
    assert {client.send("GET", "/ServiceProviderConfig").status for _ in range(5)} == {200}


def test_a_path_no_tenant_can_have_is_refused_as_any_other(door: Gateway) -> None:
    jwt = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJodHRwczovL2lzcy5leGFtcGxlIn0.c2ln"
    for token in (None, WRONG, jwt):
        for mount in ("/x/y/scim/v2", "/ /scim/v2", "/%00/scim/v2", f"/{'a' * 300}/scim/v2"):
            assert Client(door, token, mount).send("GET", "/Users").status == 401
