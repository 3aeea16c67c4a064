"""A tenant defines the Device of RFC 9944 at run time, without a restart of the service."""

import time
from typing import Any

import pytest

from local.gateway import Gateway
from scim.http.message.response import EXPLAIN_URN
from scim.profile.shipped import names as names_of_profiles
from scim.profile.shipped import shipped
from scim.schema.loading import tenant_catalogues
from tests.fakes.devices import DEVICE, DEVICE_GROUP, MAB, STORAGE, changed, document
from tests.gateway.access import access_of, make_tenant, secret_of
from tests.gateway.client import PATCH, USER, Client

BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"


def fresh(gateway: Gateway, tenant: str, *scopes: str) -> Client:
    """Return a client whose token the gateway has not decided about yet."""
    return Client(gateway, secret_of(gateway, tenant, *(scopes or ("*",))))


def a_minute_later(gateway: Gateway) -> None:
    """Let the gateway forget what it decided about tokens, as it does after a minute."""
    gateway._authorizers._verdicts.clear()


@pytest.fixture(name="acme", scope="module")
def _acme(gateway: Gateway) -> Client:
    """Return a client of a tenant that has brought devices."""
    for tenant in ("acme", "other"):
        make_tenant(gateway, tenant)
    client = fresh(gateway, "acme")
    answer = client.send("PUT", "/Definitions", document())
    assert (answer.status, answer.headers["etag"]) == (200, 'W/"1"'), answer.body
    a_minute_later(gateway)
    return client


@pytest.fixture(name="other")
def _other(gateway: Gateway, acme: Client) -> Client:
    return fresh(gateway, "other")


def device(client: Client, name: str, **more: Any) -> dict[str, Any]:
    return client._made(
        "/Devices", {"schemas": [DEVICE], "displayName": name, "active": True, **more}
    )


def names(answer: Any) -> list[str]:
    assert answer.status == 200, answer.body
    return [each["displayName"] for each in answer.body["Resources"]]


def test_definitions_are_shown_and_can_be_put_back_unchanged(acme: Client) -> None:
    shown = acme.send("GET", "/Definitions")
    assert (shown.status, shown.headers["etag"], shown.body["version"]) == (200, 'W/"1"', 1)
    assert shown.body["meta"]["location"].endswith("/scim/v2/Definitions")
    again = acme.send("PUT", "/Definitions", shown.body, {"If-Match": 'W/"1"'})
    assert (again.status, again.body["version"]) == (200, 1)
    assert acme.send("GET", "/Definitions", None, {"If-None-Match": 'W/"1"'}).status == 304
    assert acme.send("GET", "/Definitions", None, {"If-Match": 'W/"2"'}).status == 412


def test_a_device_is_made_read_changed_replaced_and_ended(acme: Client) -> None:
    made = device(acme, "BLE Monitor", **{MAB: {"deviceMacAddress": "2C:54:91:88:C9:E2"}})
    path = f"/Devices/{made['id']}"
    assert made["meta"]["resourceType"] == "Device"
    assert made["meta"]["location"].endswith(path)
    assert made["schemas"] == [DEVICE, MAB]
    assert acme.send("GET", path).body == made
    patched = acme.patch(
        path,
        {"op": "replace", "path": "active", "value": False},
        {"op": "add", "path": f"{MAB}:deviceMacAddress", "value": "2C:54:91:88:C9:E3"},
    )
    assert (patched.body["active"], patched.body[MAB]["deviceMacAddress"][-2:]) == (False, "E3")
    body = {"schemas": [DEVICE], "displayName": "Replaced", "active": True}
    put = acme.send("PUT", path, body, {"If-Match": patched.headers["etag"]})
    assert (put.status, put.body["displayName"], MAB in put.body) == (200, "Replaced", False)
    assert acme.send("DELETE", path).status == 204
    assert acme.send("GET", path).status == 404


@pytest.mark.parametrize(
    ("body", "status", "scim_type"),
    [
        pytest.param({"displayName": "x"}, 400, "invalidValue", id="active is required"),
        pytest.param({"active": "maybe"}, 400, "invalidValue", id="active is a boolean"),
    ],
)
def test_a_device_is_what_its_schema_says(
    acme: Client, body: dict[str, Any], status: int, scim_type: str
) -> None:
    answer = acme.send("POST", "/Devices", {"schemas": [DEVICE], **body})
    assert (answer.status, answer.body["scimType"]) == (status, scim_type)


def test_an_address_stands_for_one_device(acme: Client) -> None:
    mac = {MAB: {"deviceMacAddress": "00:00:00:00:00:01"}}
    device(acme, "first", **mac)
    body = {"schemas": [DEVICE, MAB], "active": True, **mac}
    answer = acme.send("POST", "/Devices", body)
    assert (answer.status, answer.body["scimType"]) == (409, "uniqueness")


def test_devices_are_found_sorted_and_paged(acme: Client) -> None:
    for name in ("Sensor C", "sensor a", "Sensor B", "Camera"):
        device(acme, name)
    found = "/Devices?filter=displayName%20sw%20%22sensor%22&sortBy=displayName"
    assert names(acme.send("GET", found)) == ["sensor a", "Sensor B", "Sensor C"]
    down = acme.send("GET", f"{found}&sortOrder=descending&count=2")
    assert names(down) == ["Sensor C", "Sensor B"]
    assert down.body["totalResults"] == 3
    rest = acme.send("GET", f"{found}&sortOrder=descending&count=2&startIndex=3")
    assert names(rest) == ["sensor a"]
    body = {"schemas": [SEARCH], "filter": 'displayName eq "CAMERA" and active eq true'}
    assert names(acme.send("POST", "/Devices/.search", body)) == ["Camera"]


def test_a_filter_on_what_is_indexed_is_answered_by_the_index(acme: Client) -> None:
    device(acme, "Lamp")
    answer = acme.send("GET", "/Devices?filter=displayName%20eq%20%22lamp%22&explain=true")
    assert names(answer) == ["Lamp"]
    assert "displayName" in str(answer.body[EXPLAIN_URN])


def test_a_device_knows_its_groups(acme: Client) -> None:
    lamp, lock = device(acme, "Lamp"), device(acme, "Lock")
    body = {
        "schemas": [DEVICE_GROUP],
        "displayName": "Hall",
        "members": [{"value": lamp["id"]}],
    }
    group = acme._made("/DeviceGroups", body)
    added = {"op": "add", "path": "members", "value": [{"value": lock["id"]}]}
    assert acme.patch(f"/DeviceGroups/{group['id']}", added).status == 200
    members = acme.send("GET", f"/DeviceGroups/{group['id']}").body["members"]
    assert {(each["value"], each["type"]) for each in members} == {
        (lamp["id"], "Device"),
        (lock["id"], "Device"),
    }
    (link,) = acme.send("GET", f"/Devices/{lock['id']}").body["groups"]
    assert (link["value"], link["display"]) == (group["id"], "Hall")
    assert link["$ref"].endswith(f"/DeviceGroups/{group['id']}")
    by_group = f"/Devices?filter=groups.value%20eq%20%22{group['id']}%22&sortBy=displayName"
    assert names(acme.send("GET", by_group)) == ["Lamp", "Lock"]
    assert acme.send("DELETE", f"/Devices/{lamp['id']}").status == 204
    left = acme.send("GET", f"/DeviceGroups/{group['id']}").body["members"]
    assert [each["value"] for each in left] == [lock["id"]]


def test_a_user_is_no_member_of_a_group_of_devices(acme: Client) -> None:
    user = acme.user("ann")
    body = {"schemas": [DEVICE_GROUP], "displayName": "No", "members": [{"value": user["id"]}]}
    assert acme._made("/DeviceGroups", body)["members"] == []
    assert "groups" not in acme.send("GET", f"/Users/{user['id']}").body


def test_many_devices_and_their_group_are_made_at_once(acme: Client) -> None:
    made = acme.send("POST", "/Bulk", _bulk("b"))
    assert [each["status"] for each in made.body["Operations"]] == ["201", "201"]
    location = made.body["Operations"][1]["location"].partition("/scim/v2")[2]
    (member,) = acme.send("GET", location).body["members"]
    assert made.body["Operations"][0]["location"].endswith(member["value"])


def test_a_long_job_knows_the_types_of_its_tenant(gateway: Gateway, acme: Client) -> None:
    accepted = acme.send("POST", "/Bulk", _bulk("j"), {"Prefer": "respond-async"})
    assert accepted.status == 202, accepted.body
    job = accepted.headers["location"].partition("/scim/v2")[2]
    until = time.monotonic() + 60
    while acme.send("GET", job).body["status"] in ("pending", "running"):
        assert time.monotonic() < until
        time.sleep(0.05)
    done = acme.send("GET", f"{job}/Result").body
    assert [each["status"] for each in done["Operations"]] == ["201", "201"], done
    found = acme.send("GET", "/DeviceGroups?filter=displayName%20eq%20%22group%20j%22")
    assert len(found.body["Resources"][0]["members"]) == 1


def _bulk(name: str) -> dict[str, Any]:
    return {
        "schemas": [BULK],
        "Operations": [
            {
                "method": "POST",
                "path": "/Devices",
                "bulkId": "d",
                "data": {"schemas": [DEVICE], "displayName": f"device {name}", "active": True},
            },
            {
                "method": "POST",
                "path": "/DeviceGroups",
                "bulkId": "g",
                "data": {
                    "schemas": [DEVICE_GROUP],
                    "displayName": f"group {name}",
                    "members": [{"value": "bulkId:d"}],
                },
            },
        ],
    }


def test_discovery_shows_the_definitions_with_variables_filled_in(acme: Client) -> None:
    types = acme.send("GET", "/ResourceTypes").body["Resources"]
    assert {"User", "Group", "Device", "DeviceGroup"} <= {each["name"] for each in types}
    one = acme.send("GET", "/ResourceTypes/Device").body
    assert (one["endpoint"], one["description"]) == ("/Devices", "Device of Acme")
    schema = acme.send("GET", f"/Schemas/{DEVICE}").body
    assert [each["name"] for each in schema["attributes"]] == [
        "displayName",
        "active",
        "mudUrl",
        "groups",
    ]


def test_the_root_finds_devices_among_the_rest(acme: Client) -> None:
    made = device(acme, "Rooted")
    body = {"schemas": [SEARCH], "filter": 'displayName eq "Rooted"'}
    found = acme.send("POST", "/.search", body).body["Resources"]
    assert [each["id"] for each in found] == [made["id"]]


def test_the_same_is_served_below_the_tenants_own_path(gateway: Gateway, acme: Client) -> None:
    own = Client(gateway, acme._token, "/acme/scim/v2")
    made = device(own, "Pathed")
    assert made["meta"]["location"].partition("/scim/v2")[0].endswith("/acme")
    assert own.send("GET", f"/Devices/{made['id']}").status == 200
    assert own.send("GET", "/ResourceTypes/Device").status == 200
    assert own.send("GET", "/Definitions").body["version"] == 1


def test_definitions_are_written_at_one_path_only(gateway: Gateway, acme: Client) -> None:
    own = Client(gateway, acme._token, "/acme/scim/v2")
    answer = own.send("PUT", "/Definitions", document())
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")
    assert "/scim/v2/Definitions" in answer.body["detail"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/Devices"),
        ("POST", "/Devices"),
        ("POST", "/Devices/.search"),
        ("GET", "/Devices/{id}"),
        ("PUT", "/Devices/{id}"),
        ("PATCH", "/Devices/{id}"),
        ("DELETE", "/Devices/{id}"),
        ("GET", "/DeviceGroups"),
        ("GET", "/ResourceTypes/Device"),
        ("GET", f"/Schemas/{DEVICE}"),
        ("GET", "/Definitions/1"),
    ],
)
@pytest.mark.sampled(3)
def test_another_tenant_cannot_reach_a_device(
    gateway: Gateway, acme: Client, other: Client, method: str, path: str
) -> None:
    made = device(acme, "Secret")
    body = {"schemas": [PATCH, DEVICE], "active": True, "Operations": [{"op": "remove"}]}
    for client in (other, Client(gateway, other._token, "/other/scim/v2")):
        answer = client.send(method, path.replace("{id}", made["id"]), body)
        assert answer.status == 404, answer.body
    assert acme.send("GET", f"/Devices/{made['id']}").body == made


def test_another_tenant_has_no_definitions_and_its_bulk_no_devices(other: Client) -> None:
    shown = other.send("GET", "/Definitions").body
    assert (shown["version"], shown["schemas"], shown["resourceTypes"]) == (0, [], [])
    listed = other.send("GET", "/ResourceTypes").body["Resources"]
    assert {each["name"] for each in listed} == {"Group", "User"}
    done = other.send("POST", "/Bulk", _bulk("o")).body["Operations"]
    assert {each["status"] for each in done} <= {"400", "404", "409"}
    assert other.send("GET", "/Users").body["totalResults"] == 0


@pytest.mark.parametrize(
    ("scope", "method", "path", "status"),
    [
        ("devices:list", "GET", "/Devices", 200),
        ("devices:list", "POST", "/Devices", 403),
        ("devices:create", "POST", "/Devices", 400),
        ("*:view", "GET", "/Definitions", 200),
        ("definitions:view", "PUT", "/Definitions", 403),
        ("definitions:view", "GET", "/Definitions/1", 200),
        ("definitions:update", "PUT", "/Definitions", 400),
        ("users:view", "GET", "/Definitions", 403),
        ("users:view", "GET", "/Devices", 403),
    ],
)
def test_permissions_are_named_after_the_endpoint(
    gateway: Gateway, acme: Client, scope: str, method: str, path: str, status: int
) -> None:
    answer = fresh(gateway, "acme", scope).send(method, path, {"wrong": True})
    assert answer.status == status, answer.body


class TestVersions:
    """What becomes of a second version, and of the first; a tenant of its own."""

    @pytest.fixture(name="name")
    def _name(self, gateway: Gateway) -> str:
        return f"versions-{len(access_of(gateway).tenants.names())}"

    @pytest.fixture(name="tenant")
    def _tenant(self, gateway: Gateway, name: str) -> Client:
        make_tenant(gateway, name)
        client = fresh(gateway, name)
        assert client.send("PUT", "/Definitions", document()).status == 200
        a_minute_later(gateway)
        return client

    def test_a_second_version_is_served_and_a_rollback_too(
        self, gateway: Gateway, tenant: Client
    ) -> None:
        location = {"name": "location", "description": "Where it is"}
        attributes = [*document()["schemas"][0]["attributes"], location]
        second = changed(("schemas.0.attributes", attributes))
        body = {"schemas": [DEVICE], "active": True, "location": "Hall"}
        assert "location" not in tenant.send("POST", "/Devices", body).body
        made = tenant.send("PUT", "/Definitions", second, {"If-Match": 'W/"1"'})
        assert (made.status, made.body["version"]) == (200, 2)
        # Until the gateway asks again about a token, what it knew stays in force.
        assert "location" not in tenant.send("POST", "/Devices", body).body
        a_minute_later(gateway)
        kept = tenant.send("POST", "/Devices", body).body
        assert kept["location"] == "Hall"
        older = tenant.send("GET", "/Definitions/1").body
        assert older["version"] == 1
        refused = tenant.send("PUT", "/Definitions", older)
        assert refused.status == 409
        assert "the attribute location cannot be removed" in refused.body["detail"]
        for each in tenant.send("GET", "/Devices").body["Resources"]:
            tenant.send("DELETE", f"/Devices/{each['id']}")
        third = tenant.send("PUT", "/Definitions", older)
        assert (third.status, third.body["version"]) == (200, 3)
        a_minute_later(gateway)
        assert "location" not in tenant.send("POST", "/Devices", body).body

    def test_an_index_added_later_is_used_once_it_is_filled(
        self, gateway: Gateway, tenant: Client, name: str
    ) -> None:
        url = "https://example.com/lamp"
        before = device(tenant, "Before", mudUrl=url)
        late = {"attribute": "mudUrl"}
        own = document()
        own["resourceTypes"][0][STORAGE]["indexes"].append(late)
        refused = tenant.send("PUT", "/Definitions", own)
        assert (refused.status, '"late": true' in refused.body["detail"]) == (409, True)
        late["late"] = True
        assert tenant.send("PUT", "/Definitions", own).status == 200
        a_minute_later(gateway)
        after = device(tenant, "After", mudUrl=url)
        wanted = f"/Devices?filter=mudUrl%20eq%20%22{url}%22&explain=true"
        scanned = tenant.send("GET", wanted).body
        access = access_of(gateway)
        catalogue = tenant_catalogues(access.definitions.additions)(name, "", "2").catalogue
        type_ = catalogue.resource_type("Device")
        assert type_ is not None
        (index,) = (each for each in type_.indexes if each.is_late)
        assert list(access.directory.backfill(name, type_, index)) == [2]
        indexed = tenant.send("GET", wanted).body
        for found in (scanned, indexed):
            ids = {each["id"] for each in found["Resources"]}
            assert ids == {before["id"], after["id"]}
        assert scanned[EXPLAIN_URN] != indexed[EXPLAIN_URN]
        for one in (before, after):
            tenant.send("DELETE", f"/Devices/{one['id']}")

    def test_a_put_of_definitions_based_on_an_older_version_is_refused(
        self, tenant: Client
    ) -> None:
        stale = tenant.send("PUT", "/Definitions", document(), {"If-Match": 'W/"99"'})
        assert stale.status == 412
        assert tenant.send("GET", "/Definitions/77").status == 404


@pytest.mark.parametrize(
    "profile", [name for name in names_of_profiles() if not shipped(name).auth.minted_only]
)
@pytest.mark.sampled(3)
def test_a_tenant_of_every_profile_brings_devices(gateway: Gateway, profile: str) -> None:
    make_tenant(gateway, f"of-{profile}", profile=profile)
    client = fresh(gateway, f"of-{profile}")
    made = client.send("PUT", "/Definitions", document())
    assert (made.status, made.body["version"]) == (200, 1), made.body
    a_minute_later(gateway)
    body = {"schemas": [DEVICE], "displayName": "One of many", "active": True}
    made = client.send("POST", "/Devices", body)
    assert made.status in (200, 201), made.body
    listed = client.send("GET", "/Devices")
    assert (listed.status, listed.body["totalResults"]) == (200, 1)


def test_users_are_served_as_before(acme: Client) -> None:
    made = acme.user("bob", title="x")
    assert made["schemas"] == [USER]
    assert acme.send("DELETE", f"/Users/{made['id']}").status == 204
