"""A tenant maps attributes and groups at run time, without a restart of the service."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from local.gateway import Gateway
from tests.gateway.access import administer, make_tenant, secret_of
from tests.gateway.client import ENTERPRISE, USER, Answered, Client

MAPPING = {
    "attributes": [
        {"source": f"{ENTERPRISE}:department", "target": "title", "change": "upper"},
        {"target": "userType", "value": "Employee"},
        {"source": 'emails[type eq "work"].value', "target": "nickName", "default": "none"},
    ],
    "groups": [
        {"displayName": "Engineering", "roles": ["developer"], "entitlements": ["build", "run"]},
        {"externalId": "x-ops", "roles": ["operator", "developer"]},
    ],
}
BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
DEVELOPER = {"value": "developer", "type": "group"}
OPERATOR = {"value": "operator", "type": "group"}


@pytest.fixture(name="metered", scope="module")
def _metered() -> Iterator[Gateway]:
    with Gateway.start(overrides={"LogLevel": "ERROR", "SCIM_METER": "1"}) as gateway:
        make_tenant(gateway, "acme")
        make_tenant(gateway, "plain")
        administer(gateway, "PUT", "/tenants/acme/mapping/draft", document=MAPPING)
        draft = administer(gateway, "GET", "/tenants/acme/mapping")["draft"]
        asked = {"revision": draft["revision"]}
        administer(gateway, "POST", "/tenants/acme/mapping/activate", **asked)
        yield gateway


@pytest.fixture(name="acme", scope="module")
def _acme(metered: Gateway) -> Client:
    return Client(metered, secret_of(metered, "acme", "*"))


@pytest.fixture(name="plain", scope="module")
def _plain(metered: Gateway) -> Client:
    return Client(metered, secret_of(metered, "plain", "*"))


def got(client: Client, path: str) -> Any:
    answer = client.send("GET", path)
    assert answer.status == 200, answer.body
    return answer.body


def test_mapped_attributes_are_stored_shown_and_found(acme: Client) -> None:
    made = acme.user("a.kim", title="Boss", **{ENTERPRISE: {"department": "Research"}})
    assert (made["title"], made["userType"], made["nickName"]) == ("RESEARCH", "Employee", "none")
    assert made[ENTERPRISE] == {"department": "Research"}
    assert got(acme, f"/Users/{made['id']}") == made
    found = got(acme, '/Users?filter=title eq "RESEARCH" and userType eq "Employee"')
    assert found["totalResults"] == 1


def test_a_patch_is_mapped_as_a_whole(acme: Client) -> None:
    made = acme.user("b.kim", **{ENTERPRISE: {"department": "Research"}})
    path = f"/Users/{made['id']}"
    email = {"op": "add", "path": "emails", "value": [{"type": "work", "value": "b@example.com"}]}
    moved = {"op": "replace", "path": f"{ENTERPRISE}:department", "value": "Sales"}
    assert acme.patch(path, email, moved).status == 200
    after = got(acme, path)
    assert (after["title"], after["nickName"]) == ("SALES", "b@example.com")
    acme.patch(path, {"op": "remove", "path": f"{ENTERPRISE}:department"})
    assert "title" not in got(acme, path)
    acme.patch(path, {"op": "add", "path": "title", "value": "Boss"})
    assert got(acme, path)["title"] == "Boss"


def test_a_put_is_mapped_and_the_same_again_changes_nothing(acme: Client) -> None:
    made = acme.user("c.kim", **{ENTERPRISE: {"department": "Research"}})
    path = f"/Users/{made['id']}"
    body = {"schemas": [USER], "userName": "c.kim", ENTERPRISE: {"department": "Law"}}
    put = acme.send("PUT", path, body)
    assert (put.status, put.body["title"]) == (200, "LAW")
    again = acme.send("PUT", path, put.body)
    assert again.headers["etag"] == put.headers["etag"]
    assert again.body["meta"]["lastModified"] == put.body["meta"]["lastModified"]


@pytest.fixture(name="engineer")
def _engineer(acme: Client, request: pytest.FixtureRequest) -> Iterator[dict[str, Any]]:
    """Yield a user in the group Engineering, and the group's id beside it."""
    own = {"value": "own", "type": "app"}
    user = acme.user(f"e-{request.node.name}", roles=[own])
    group = acme.group("Engineering", user["id"])
    yield {**user, "group": group["id"]}
    acme.send("DELETE", f"/Groups/{group['id']}")


def test_groups_give_roles_to_their_members(acme: Client, engineer: Any) -> None:
    own, path = {"value": "own", "type": "app"}, f"/Users/{engineer['id']}"
    shown = got(acme, path)
    assert shown["roles"] == [own, DEVELOPER]
    assert [each["value"] for each in shown["entitlements"]] == ["build", "run"]
    listed = got(acme, f'/Users?filter=userName eq "{engineer["userName"]}"')["Resources"]
    assert listed == [shown]
    asked = f'filter=userName eq "{engineer["userName"]}"&attributes=entitlements'
    (part,) = got(acme, f"/Users?{asked}")["Resources"]
    assert part["entitlements"] == shown["entitlements"]
    out = {"op": "remove", "path": f'members[value eq "{engineer["id"]}"]'}
    assert acme.patch(f"/Groups/{engineer['group']}", out).status in (200, 204)
    assert got(acme, path)["roles"] == [own]


def test_a_renamed_group_gives_what_its_new_name_does(acme: Client, engineer: Any) -> None:
    path = f"/Users/{engineer['id']}"
    renamed = {"op": "replace", "path": "displayName", "value": "Others"}
    acme.patch(f"/Groups/{engineer['group']}", renamed)
    assert "entitlements" not in got(acme, path)
    again = {"op": "replace", "path": "displayName", "value": "ENGINEERING"}
    acme.patch(f"/Groups/{engineer['group']}", again)
    assert DEVELOPER in got(acme, path)["roles"]


def test_groups_of_groups_give_too_and_each_value_once(acme: Client, engineer: Any) -> None:
    outer = acme.group("Operations", engineer["group"], externalId="x-ops")
    shown = got(acme, f"/Users/{engineer['id']}?attributes=roles")
    assert [each["value"] for each in shown["roles"]] == ["own", "developer", "operator"]
    assert "groups" not in shown
    acme.send("DELETE", f"/Groups/{outer['id']}")


def test_a_user_with_given_roles_can_be_put_back_unchanged(acme: Client, engineer: Any) -> None:
    path = f"/Users/{engineer['id']}"
    shown = got(acme, path)
    put = acme.send("PUT", path, shown)
    assert put.body["roles"] == shown["roles"]
    acme.send("DELETE", f"/Groups/{engineer['group']}")
    assert got(acme, path)["roles"] == [{"value": "own", "type": "app"}]


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "remove", "path": "roles"},
        {"op": "replace", "path": "roles", "value": [DEVELOPER]},
        {"op": "replace", "path": "roles", "value": [{"value": "forged", "type": "GROUP"}]},
    ],
    ids=["remove", "replace", "forge"],
)
def test_a_write_neither_takes_nor_forges_what_groups_give(
    acme: Client, engineer: Any, operation: dict[str, Any]
) -> None:
    path = f"/Users/{engineer['id']}"
    assert acme.patch(path, operation).status == 200
    assert got(acme, path)["roles"] == [DEVELOPER]


def test_roles_given_by_groups_are_not_found_by_filters(acme: Client, engineer: Any) -> None:
    assert engineer["roles"] == [{"value": "own", "type": "app"}]
    assert got(acme, '/Users?filter=roles.value eq "developer"')["totalResults"] == 0
    assert got(acme, '/Users?filter=roles.value eq "own"')["totalResults"] > 0


def test_the_etag_covers_roles_given_by_groups(acme: Client, engineer: Any) -> None:
    path = f"/Users/{engineer['id']}?attributes=roles"
    tag = acme.send("GET", path).headers["etag"]
    assert acme.send("GET", path, headers={"If-None-Match": tag}).status == 304
    acme.send("DELETE", f"/Groups/{engineer['group']}")
    assert acme.send("GET", path, headers={"If-None-Match": tag}).status == 200


def test_roles_given_by_a_group_are_hidden_with_the_group(
    metered: Gateway, acme: Client, engineer: Any
) -> None:
    secret = secret_of(metered, "acme", "*", filters='{"User": "*"}')
    shown = got(Client(metered, secret), f"/Users/{engineer['id']}")
    assert (shown["roles"], "groups" in shown) == ([{"value": "own", "type": "app"}], False)
    assert DEVELOPER in got(acme, f"/Users/{engineer['id']}")["roles"]


def test_bulk_and_dry_runs_are_mapped_too(acme: Client) -> None:
    body = {"schemas": [USER], "userName": "d.kim", ENTERPRISE: {"department": "Law"}}
    dry = acme.send("POST", "/Users", body, {"Prefer": "dry-run"})
    (change,) = dry.body["changes"]
    assert {"path": "title", "after": "LAW"} in change["diff"]
    operation = {"method": "POST", "path": "/Users", "bulkId": "1", "data": body}
    asked = {"schemas": [BULK], "Operations": [operation]}
    (made,) = acme.send("POST", "/Bulk", asked).body["Operations"]
    assert made["status"] == "201"
    assert got(acme, f"/Users/{made['location'].rpartition('/')[2]}")["title"] == "LAW"


def test_a_mapped_value_that_does_not_fit_is_refused(acme: Client) -> None:
    department = {"department": "x" * 70_000}
    answer = acme.send(
        "POST", "/Users", {"schemas": [USER], "userName": "l.kim", ENTERPRISE: department}
    )
    assert answer.status == 400
    assert got(acme, '/Users?filter=userName eq "l.kim"')["totalResults"] == 0


def test_another_tenant_maps_nothing(plain: Client) -> None:
    made = plain.user("p.kim", title="Boss", **{ENTERPRISE: {"department": "Research"}})
    group = plain.group("Engineering", made["id"])
    shown = got(plain, f"/Users/{made['id']}")
    plain.send("DELETE", f"/Groups/{group['id']}")
    assert (shown["title"], "userType" in shown, "roles" in shown) == ("Boss", False, False)


def test_a_preview_shows_what_would_change_for_which_users(metered: Gateway, plain: Client) -> None:
    user = plain.user("q.kim", **{ENTERPRISE: {"department": "Law"}})
    group = plain.group("Engineering", user["id"])
    asked = {"document": MAPPING, "filter": 'userName eq "q.kim"'}
    found = administer(metered, "POST", "/tenants/plain/mapping/preview", **asked)
    changes = {each["attribute"]: each["after"] for each in found["items"][0]["changes"]}
    assert (found["looked"], found["changed"]) == (1, 1)
    assert (changes["title"], changes["roles"]) == ("LAW", [DEVELOPER])
    assert [each["found"] > 0 for each in found["groups"]] == [True, False]
    assert "title" not in got(plain, f"/Users/{user['id']}")
    plain.send("DELETE", f"/Groups/{group['id']}")


def _cost(answer: Answered) -> str:
    return str(answer.headers["x-scim-cost"])


def _created(client: Client, name: str) -> Answered:
    return client.send("POST", "/Users", {"schemas": [USER], "userName": name, "title": "Boss"})


def _patched(client: Client, name: str) -> Answered:
    made = client.user(name)
    operation = {"op": "replace", "path": "displayName", "value": "Kim"}
    return client.patch(f"/Users/{made['id']}", operation)


def _read_in_a_group(client: Client, name: str) -> Answered:
    made = client.user(name)
    group = client.group("Engineering", made["id"])
    answer = client.send("GET", f"/Users/{made['id']}")
    client.send("DELETE", f"/Groups/{group['id']}")
    return answer


def _read_without_groups(client: Client, name: str) -> Answered:
    made = client.user(name)
    client.group(f"g-{name}", made["id"])
    return client.send("GET", f"/Users/{made['id']}?attributes=userName")


@pytest.mark.parametrize("asked", [_created, _patched, _read_in_a_group, _read_without_groups])
def test_a_mapping_costs_no_round_trip(
    acme: Client, plain: Client, asked: Callable[[Client, str], Answered]
) -> None:
    name = f"cost{asked.__name__}"
    trips = [_cost(asked(each, name)).partition(";")[0] for each in (plain, acme)]
    assert trips[0] == trips[1]
    assert trips[0].startswith("rt=")
