"""A client in the path: tenants of one deployment that are told apart behind the mount."""

from urllib.parse import urlsplit

import pytest

from local.gateway import Gateway
from tests.gateway.access import make_tenant, secret_of
from tests.gateway.client import USER, Client
from tests.gateway.fixture import gateway_on_checked_table

__all__ = ["gateway_on_checked_table"]

VENDOR = "/nevisidm/api/scim/v1"
MOUNTS = ["/scim/v2/{}", "/{}/scim/v2", VENDOR + "/{}", "/nevisidm/api/scim/v2/{}"]


def _client(gateway: Gateway, tenant: str, *scopes: str) -> Client:
    make_tenant(gateway, tenant, profile="nevisidm")
    return Client(gateway, secret_of(gateway, tenant, *(scopes or ("*",))), "")


@pytest.mark.parametrize("mount", MOUNTS)
def test_a_client_has_its_users_below_every_spelling_of_its_path(
    gateway: Gateway, mount: str
) -> None:
    client = _client(gateway, "north")
    base = mount.format("north")
    body = {"schemas": [USER], "userName": f"anna{mount}"}
    made = client.send("POST", f"{base}/Users", body)
    location = made.body["meta"]["location"]
    assert made.status == 201
    assert made.headers["location"] == location
    assert urlsplit(location).path == f"{base}/Users/{made.body['id']}"
    assert client.send("GET", urlsplit(location).path).body == made.body
    assert client.send("GET", f"{base}/ResourceTypes/User").status == 200
    assert client.send("DELETE", urlsplit(location).path).status == 204


@pytest.mark.parametrize("mount", MOUNTS)
def test_a_user_of_another_client_is_as_unknown_as_one_that_never_was(
    gateway: Gateway, mount: str
) -> None:
    north, south = _client(gateway, "north"), _client(gateway, "south")
    made = north.send("POST", "/scim/v2/Users", {"schemas": [USER], "userName": f"bo{mount}"})
    own, others = mount.format("south"), mount.format("north")
    for method in ("GET", "DELETE", "PATCH"):
        body = {"operations": [{"op": "replace", "path": "active", "value": True}]}
        path = f"/Users/{made.body['id']}"
        here, nowhere, there, unknown = (
            south.send(method, each, body if method == "PATCH" else None)
            for each in (
                own + path,
                own + "/Users/00000000-0000-4000-8000-000000000000",
                others + path,
                mount.format("never-was") + path,
            )
        )
        assert (here.status, here.body) == (nowhere.status, nowhere.body)
        assert (there.status, there.body) == (unknown.status, unknown.body)
        assert (here.status, there.status) == (404, 404)
    assert north.send("GET", f"/scim/v2/Users/{made.body['id']}").status == 200
    assert south.send("GET", f"{own}/Users?filter=userName%20sw%20%22bo%22").body["Resources"] == []


def test_metadata_is_outside_the_client_for_every_token(gateway: Gateway) -> None:
    bodies = [
        client.send("GET", f"{VENDOR}/{path}").body
        for client in (_client(gateway, "north"), _client(gateway, "south", "users:view"))
        for path in ("Schemas", "ServiceProviderConfig", "ResourceTypes/User")
    ]
    assert bodies[:3] == bodies[3:]


def test_a_token_for_some_things_may_do_them_below_the_client(gateway: Gateway) -> None:
    reader = _client(gateway, "west", "users:list", "users:view")
    for mount in MOUNTS:
        assert reader.send("GET", f"{mount.format('west')}/Users").status == 200
        refused = reader.send("POST", f"{mount.format('west')}/Users", {"schemas": [USER]})
        assert refused.status == 403


def test_a_list_has_ten_users_in_the_order_of_their_ids(gateway: Gateway) -> None:
    client = _client(gateway, "east")
    for number in range(12):
        body = {"schemas": [USER], "userName": f"user{number}"}
        assert client.send("POST", "/scim/v2/east/Users", body).status == 201
    first = client.send("GET", "/scim/v2/east/Users").body
    rest = client.send("GET", "/scim/v2/east/Users?startIndex=11").body
    ids = [each["id"] for each in (*first["Resources"], *rest["Resources"])]
    assert (first["totalResults"], first["itemsPerPage"], rest["itemsPerPage"]) == (12, 10, 2)
    assert ids == sorted(ids)
    target = "/scim/v2/east/Users?filter=userName%20sw%20%22user%22&count=12"
    assert [each["id"] for each in client.send("GET", target).body["Resources"]] == ids
    backwards = client.send("GET", f"{target}&sortOrder=descending").body["Resources"]
    assert [each["id"] for each in backwards] == ids[::-1]


def test_a_whole_client_can_be_posted_back(gateway: Gateway) -> None:
    client = _client(gateway, "moving")
    for number in range(3):
        client.send("POST", "/scim/v2/moving/Users", {"schemas": [USER], "userName": f"u{number}"})
    asked = {"bulkImportFormat": True, "count": 100}
    exported = client.send("POST", "/scim/v2/moving/Users/.search", asked).body
    ends = [
        {"method": "DELETE", "path": f"/Users/{each['bulkId']}"} for each in exported["Operations"]
    ]
    assert client.send("POST", "/scim/v2/moving/Bulk", {"Operations": ends}).status == 200
    assert client.send("GET", "/scim/v2/moving/Users").body["totalResults"] == 0
    made = client.send("POST", "/scim/v2/moving/Bulk", exported).body["Operations"]
    assert [each["status"] for each in made] == ["201"] * 3
    again = client.send("POST", "/scim/v2/moving/Users/.search", asked).body
    assert sorted(each["data"]["userName"] for each in again["Operations"]) == ["u0", "u1", "u2"]
