"""The audit through the gateway: changes, refusals and acts of one tenant, for callers with the permission."""

import time
from typing import Any

import pytest

from local.gateway import Gateway
from tests.gateway.access import make_tenant, secret_of
from tests.gateway.client import USER, Client


def _client(gateway: Gateway, tenant: str, *scopes: str, **known: Any) -> Client:
    return Client(gateway, secret_of(gateway, tenant, *scopes, **known), f"/{tenant}/scim/v2")


def _entries(gateway: Gateway, query: str = "", kinds: int = 1) -> list[dict[str, Any]]:
    """Return what is shown, once there are entries of so many kinds: refusals are noted later."""
    client = _client(gateway, "seen", "audit:view")
    for _ in range(100):
        gateway.event_sources.pump()
        shown: list[dict[str, Any]] = client.send("GET", f"/Audit{query}").body["Resources"]
        if len({each["kind"] for each in shown}) >= kinds:
            return shown
        time.sleep(0.05)
    return shown


@pytest.fixture(name="seen", scope="module")
def _seen(gateway: Gateway) -> str:
    """A tenant where a user was made, and another of that name refused."""
    make_tenant(gateway, "seen")
    client = _client(gateway, "seen", "users:*")
    body = {"schemas": [USER], "userName": "kim"}
    made: str = client.send("POST", "/Users", body).body["id"]
    assert client.send("POST", "/Users", body).status == 409
    return made


def test_changes_and_refusals_are_shown(gateway: Gateway, seen: str) -> None:
    entries = _entries(gateway, kinds=2)
    change = next(each for each in entries if each["kind"] == "change")
    assert (change["operation"], change["resource"]) == ("create", f"User/{seen}")
    assert change["after"]["userName"] == "kim"
    assert change["principal"]["token"]
    refusal = next(each for each in entries if each["kind"] == "refusal")
    assert (refusal["operation"], refusal["status"]) == ("POST /Users", 409)
    assert refusal["principal"]["token"] == change["principal"]["token"]
    assert refusal["address"] == "127.0.0.1"
    assert "kim" not in str(refusal)


@pytest.mark.parametrize("query", ["?kind=change", "?resource=User/{id}", "?resource={id}"])
def test_the_audit_can_be_filtered(gateway: Gateway, seen: str, query: str) -> None:
    entries = _entries(gateway, query.format(id=seen))
    assert [each["kind"] for each in entries] == ["change"]


def test_another_tenant_sees_nothing_of_the_audit(gateway: Gateway, seen: str) -> None:
    make_tenant(gateway, "other")
    client = _client(gateway, "other", "*")
    for query in ("", f"?resource=User/{seen}"):
        assert client.send("GET", f"/Audit{query}").body["Resources"] == []


@pytest.mark.parametrize(
    ("scopes", "filters", "status"),
    [
        (("audit:view",), None, 200),
        (("*",), None, 200),
        (("*:view",), None, 200),
        (("users:*", "groups:*", "bulk", "search"), None, 403),
        (("*",), '{"User":"*"}', 403),
    ],
    ids=str,
)
def test_the_audit_needs_a_permission_and_an_unfiltered_token(
    gateway: Gateway, scopes: tuple[str, ...], filters: str | None, status: int
) -> None:
    make_tenant(gateway, "asking")
    client = _client(gateway, "asking", *scopes, filters=filters)
    assert client.send("GET", "/Audit").status == status


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ("?since=yesterday", "since: expected a time"),
        ("?kind=x", "kind: expected one of change, refusal, act"),
        ("?count=0", "count: expected"),
        ("?filter=kind%20eq%20%22act%22", "takes no filter"),
        ("?cursor=x", "The cursor is not one of this list"),
    ],
)
def test_a_bad_query_is_refused_with_what_was_expected(
    gateway: Gateway, seen: str, query: str, detail: str
) -> None:
    answer = _client(gateway, "seen", "audit:view").send("GET", f"/Audit{query}")
    assert answer.status == 400
    assert detail in answer.body["detail"]


def test_a_cursor_of_no_page_is_refused_as_lists_refuse_it(gateway: Gateway, seen: str) -> None:
    answer = _client(gateway, "seen", "audit:view").send("GET", "/Audit?cursor=x")
    assert answer.body["scimType"] == "invalidCursor"


def test_the_audit_is_read_only(gateway: Gateway, seen: str) -> None:
    assert _client(gateway, "seen", "*").send("POST", "/Audit", {}).status == 405
