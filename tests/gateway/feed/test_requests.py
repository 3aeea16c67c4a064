"""The request log shows what clients asked for and how it ended, without personal data."""

import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import boto3
import pytest

from local.gateway import Gateway
from tests.contract.stores import stored_items
from tests.gateway.access import administer, make_tenant, secret_of
from tests.gateway.client import USER, Client

KEPT = 8


@pytest.fixture(name="logged", scope="module")
def _logged() -> Iterator[Gateway]:
    overrides = {"LogLevel": "ERROR", "RequestLog": str(KEPT), "Meter": "1"}
    with Gateway.start(overrides=overrides) as gateway:
        yield gateway


def _client(gateway: Gateway, tenant: str, *scopes: str) -> Client:
    make_tenant(gateway, tenant)
    return Client(gateway, secret_of(gateway, tenant, *(scopes or ("*",))))


def _kept(client: Client, until: int, query: str = "") -> list[dict[str, Any]]:
    """Wait for the request with that number, which is kept after its answer."""
    for _ in range(200):
        answer = client.send("GET", f"/Requests{query}")
        assert answer.status == 200, answer.body
        found: list[dict[str, Any]] = answer.body["Resources"]
        if found and found[-1]["number"] >= until:
            return found
        time.sleep(0.05)
    raise TimeoutError("the request is not kept")


def test_a_patch_is_shown_as_what_it_came_to_with_pseudonyms(logged: Gateway) -> None:
    client = _client(logged, "patched")
    kim = client.user("kim.secret", title="Ms")["id"]
    path = 'emails[type eq "work"].value'
    client.patch(
        f"/Users/{kim}",
        {"op": "Replace", "path": "title", "value": "Countess"},
        {"op": "replace", "path": "active", "value": False},
        {"op": "add", "path": path, "value": "kim@secret.example"},
        {"op": "replace", "path": "password", "value": "t0pSecret!"},
    )
    created, patched = _kept(client, 2)[:2]
    assert created["operation"] == "POST /Users"
    assert (created["status"], created["attributes"]) == (201, ["schemas", "title", "userName"])
    assert (patched["operation"], patched["status"]) == ("PATCH /Users/{id}", 200)
    assert patched["resource"] == kim
    assert "capitalisedOp" in patched["tolerated"]
    assert patched["cost"].startswith("rt=")
    operations = patched["operations"]
    assert operations[0]["path"] == "title"
    assert operations[0]["value"].startswith("~")
    assert operations[1] == {"op": "replace", "path": "active", "value": False}
    shown = str([created, patched])
    for value in ("Countess", "kim.secret", "secret.example", "work", "t0pSecret!"):
        assert value not in shown


@pytest.mark.parametrize(
    ("tenant", "mount"), [("unnamed", "/scim/v2"), ("named", "/named/scim/v2")]
)
def test_a_name_in_place_of_an_id_is_a_pseudonym(logged: Gateway, tenant: str, mount: str) -> None:
    make_tenant(logged, tenant)
    client = Client(logged, secret_of(logged, tenant, "*"), mount)
    kim = client.user("kim@secret.example")["id"]
    assert client.send("GET", f"/Users/{kim}").status == 200
    assert client.send("GET", "/Users/kim@secret.example").status == 404
    client.send("PUT", "/Users/kim@secret.example", {"schemas": [USER], "userName": "kim"})
    known, unknown, replaced = _kept(client, 4)[-3:]
    assert known["resource"] == kim
    assert unknown["resource"] == replaced["resource"]
    assert unknown["resource"].startswith("~")
    assert "secret.example" not in str([known, unknown, replaced])


def test_a_dry_run_is_told_from_the_write(logged: Gateway) -> None:
    make_tenant(logged, "rehearsed")
    client = _client(logged, "rehearsed")
    path = f"/Users/{client.user('kim')['id']}"
    client.send("DELETE", path, None, {"Prefer": "respond-async, dry-run"})
    client.send("DELETE", path)
    kept = [(each["operation"], each.get("dryRun")) for each in _kept(client, 3)[1:]]
    assert kept == [("DELETE /Users/{id}", True), ("DELETE /Users/{id}", None)]


def test_a_refusal_has_its_rule_and_a_filter_its_form(logged: Gateway) -> None:
    client = _client(logged, "refused")
    client.send("POST", "/Users", {"schemas": [USER], "userName": "kim", "active": "perhaps"})
    client.send("GET", '/Users?filter=userName%20eq%20"kim.secret"%20and%20active%20eq%20true')
    refused, listed = _kept(client, 2)[:2]
    assert refused["status"] == 400
    assert refused["refused"]["scimType"] == "invalidValue"
    assert listed["filter"].startswith("userName eq ~")
    assert listed["filter"].endswith(" and active eq true")
    assert "kim" not in str([refused, listed])


def test_a_path_that_is_not_served_has_its_rule(logged: Gateway) -> None:
    client = _client(logged, "lost")
    client.send("GET", "/Robots/kim.secret")
    (lost,) = _kept(client, 1)
    assert (lost["status"], lost["refused"]["rule"]) == (404, "There is nothing at this path.")
    assert "kim" not in str(lost)


def test_a_filter_has_no_value_however_the_client_wrote_it(logged: Gateway) -> None:
    client = _client(logged, "unquoted")
    for written in ("kim.secret", "'kim.secret'", '"kim.secret', "All kim.secret"):
        client.send("GET", f"/Users?filter={quote(f'userName eq {written}')}")
    client.send("GET", "/Users?filter=kim.secret")
    kept = _kept(client, 5)[:5]
    assert [entry["filter"][:13] for entry in kept[:4]] == ["userName eq ~"] * 4
    assert "kim" not in str(kept)


def test_the_same_value_has_the_same_pseudonym_in_a_tenant_alone(logged: Gateway) -> None:
    def shown(tenant: str) -> list[str]:
        client = _client(logged, tenant)
        for _ in range(2):
            client.send("GET", '/Users?filter=userName%20eq%20"kim"')
        return [each["filter"] for each in _kept(client, 2)[:2]]

    one, other = shown("one"), shown("other")
    assert one[0] == one[1]
    assert one[0] != other[0]


def test_the_log_keeps_a_bounded_number_and_pages_after_a_number(logged: Gateway) -> None:
    client = _client(logged, "many")
    for _ in range(KEPT + 5):
        client.send("GET", "/Users/nobody")
    found = _kept(client, KEPT + 5)
    assert len(found) <= KEPT
    numbers = [each["number"] for each in found]
    assert numbers == sorted(numbers)
    last = numbers[-1]
    client.send("GET", "/Users/nobody")
    younger = _kept(client, last + 1, f"?after={last}&count=5")
    assert all(each["number"] > last for each in younger)


def test_a_token_with_the_permission_sees_the_requests_of_its_own_tenant(logged: Gateway) -> None:
    client = _client(logged, "seen")
    client.send("GET", "/Users/nobody")
    assert all(each["operation"] == "GET /Users/{id}" for each in _kept(client, 1))
    for scopes, status in ((("users:*",), 403), (("requests:view",), 200)):
        assert _client(logged, "seen", *scopes).send("GET", "/Requests").status == status


@pytest.mark.parametrize("query", ["?after=x", "?count=-1"])
def test_a_parameter_that_is_no_number_is_refused(logged: Gateway, query: str) -> None:
    answer = _client(logged, "numbers").send("GET", f"/Requests{query}")
    assert (answer.status, answer.body["scimType"]) == (400, "invalidValue")


@pytest.mark.parametrize("name", ["after", "count"])
def test_a_number_of_thousands_of_digits_is_read(logged: Gateway, name: str) -> None:
    answer = _client(logged, "numbers").send("GET", f"/Requests?{name}={'9' * 5000}")
    assert (answer.status, answer.body["Resources"]) == (200, [])


def test_a_filter_is_refused(logged: Gateway) -> None:
    answer = _client(logged, "numbers").send("GET", "/Requests?filter=status%20eq%20404")
    assert (answer.status, answer.body["scimType"]) == (400, "invalidFilter")


def test_a_token_with_filters_may_not_read_the_request_log(logged: Gateway) -> None:
    make_tenant(logged, "parted")
    secret = secret_of(logged, "parted", "*", filters='{"User": "title eq \\"staff\\""}')
    refused = Client(logged, secret).send("GET", "/Requests")
    assert refused.status == 403
    assert refused.body["detail"].startswith("The request log covers every resource")


def test_a_deployment_without_a_request_log_answers_501(gateway: Gateway) -> None:
    assert Client(gateway).send("GET", "/Requests").status == 501


def _settled(gateway: Gateway, tenant: str, **given: Any) -> Any:
    path = f"/tenants/{tenant}/request-log"
    shown = administer(gateway, "PUT", path, **given)
    assert administer(gateway, "GET", path) == shown
    return shown


def test_a_tenant_with_its_log_off_keeps_no_requests(logged: Gateway) -> None:
    make_tenant(logged, "silent")
    assert _settled(logged, "silent", on=False)["most"] == 0
    silent, other = _client(logged, "silent"), _client(logged, "loud")
    silent.user("kim")
    other.user("kim")
    assert [each["operation"] for each in _kept(other, 1)] == ["POST /Users"]
    assert silent.send("GET", "/Requests").body["totalResults"] == 0


def test_bodies_are_kept_as_pseudonyms_while_that_is_asked_for(logged: Gateway) -> None:
    make_tenant(logged, "bodies")
    assert _settled(logged, "bodies", bodies=10)["bodiesUntil"] is not None
    client = _client(logged, "bodies")
    mail = [{"value": "kim@secret.example", "type": "work"}]
    client.user("kim.secret", password="t0pSecret!", active=False, emails=mail)
    (kept,) = _kept(client, 1)
    body = kept["body"]
    assert body["active"] is False
    assert body["emails"][0].keys() == {"value", "type"}
    assert body["userName"].startswith("~")
    for value in ("secret", "t0p", "work"):
        assert value not in str(kept)
    ends = [int(each["ttl"]["N"]) for each in _items(logged, "bodies")]
    assert all(end <= time.time() + 3600 for end in ends)


def test_bodies_are_no_longer_kept_once_switched_off(logged: Gateway) -> None:
    make_tenant(logged, "no-bodies")
    _settled(logged, "no-bodies", bodies=10)
    assert _settled(logged, "no-bodies", bodies=0)["bodiesUntil"] is None
    client = _client(logged, "no-bodies")
    client.user("kim")
    assert "body" not in _kept(client, 1)[0]


def _items(gateway: Gateway, tenant: str) -> list[Any]:
    items = stored_items(boto3.client("dynamodb"), gateway.store.tables["Table"])
    requests = [item for item in items if item["k"]["S"] == "request"]
    return [item for item in requests if item["pk"]["S"] == f"T#{tenant}#request"]


def test_every_refusal_has_its_reason_in_words(logged: Gateway) -> None:
    client = _client(logged, "reasons")
    client.user("kim.secret")
    for method, path, body in (
        ("POST", "/Users", {"schemas": [USER], "userName": "KIM.SECRET"}),
        ("GET", "/Users/nobody", None),
        ("PUT", "/Users/nobody", {"schemas": [USER], "userName": "x"}),
        ("DELETE", "/Users/nobody", None),
        ("GET", '/Users?filter=title%20co%20"kim.secret"%20and', None),
        ("GET", "/Users?filter=nmae%20pr", None),
        ("GET", '/Users?filter=name%20eq%20"kim.secret"', None),
        ("GET", '/Users?filter=emails[c4n4ry%20eq%20"kim.secret"]', None),
    ):
        assert client.send(method, path, body).status in {400, 404, 409}
    found = [each["refused"] for each in _kept(client, 9)[-8:] if "refused" in each]
    assert [each.get("rule") for each in found] == [
        "The value of … is already taken.",
        *["There is no … with this id."] * 3,
        "filter …: expected …, found …",
        "'…' is not an attribute of …",
        "'…' is complex and cannot be compared; name one of its sub-attributes",
        "'…' is not a sub-attribute of '…'; possible are …",
    ]
    assert found[0]["attribute"] == "userName"
    assert not {word for word in ("kim.secret", "c4n4ry") if word in str(found).lower()}
