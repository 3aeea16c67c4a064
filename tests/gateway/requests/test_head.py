"""HEAD works wherever GET does, and endpoints in lower case where the profile has them."""

from collections.abc import Iterator

import pytest

from local.gateway import Gateway
from tests.gateway.access import make_tenant, secret_of
from tests.gateway.client import Client

PATHS = ("/Users", "/Users?filter=userName%20eq%20%22ann%22", "/Schemas", "/ServiceProviderConfig")


@pytest.fixture(scope="module")
def whole() -> Iterator[Gateway]:
    with Gateway.start() as gateway:
        yield gateway


@pytest.fixture(scope="module")
def client(whole: Gateway) -> Client:
    client = Client(whole)
    assert client.send("POST", "/Users", {"userName": "ann"}).status == 201
    return client


def client_of(gateway: Gateway, tenant: str, *scopes: str, profile: str) -> Client:
    make_tenant(gateway, tenant, profile=profile)
    return Client(gateway, secret_of(gateway, tenant, *scopes))


@pytest.mark.parametrize("path", PATHS)
def test_head_answers_what_get_does_without_the_body(client: Client, path: str) -> None:
    got, head = client.send("GET", path), client.send("HEAD", path)
    assert got.status == head.status == 200
    assert not head.body
    assert head.headers.get("content-type") == got.headers.get("content-type")


def test_head_is_404_for_a_missing_resource_and_405_where_get_is_not_served(client: Client) -> None:
    assert client.send("HEAD", "/Users/none").status == 404
    assert client.send("HEAD", "/Bulk").status == 405


@pytest.mark.parametrize("profile", ["default", "entra", "okta"])
def test_endpoints_in_lower_case_are_the_same_and_locations_are_not(
    whole: Gateway, profile: str
) -> None:
    client = client_of(whole, profile, "*", profile=profile)
    made = client.send("POST", "/users", {"userName": "bob"})
    assert made.status == 201
    assert "/Users/" in made.headers["location"]
    assert client.send("GET", f"/users/{made.body['id']}").body["userName"] == "bob"
    assert client.send("GET", "/groups").status == 200
    assert client.send("GET", "/serviceproviderconfig").status == 200
    assert client.send("GET", "/uSers").status == 404


def test_a_path_in_lower_case_needs_the_same_permission(whole: Gateway) -> None:
    client = client_of(whole, "narrow", "users:view", profile="default")
    refused = [client.send(*asked).status for asked in (("GET", "/users"), ("GET", "/groups/1"))]
    assert refused == [403, 403]
    assert client.send("HEAD", "/users/none").status == 404
    assert client.send("GET", "/xsers/none").status == 404


def test_a_strict_profile_knows_one_spelling(whole: Gateway) -> None:
    assert client_of(whole, "strict", "*", profile="rfc").send("GET", "/users").status == 404
