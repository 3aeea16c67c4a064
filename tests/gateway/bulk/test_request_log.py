"""The request log says why operations of a bulk request were refused, although the request has status 200."""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.gateway import Gateway
from scim.http.endpoints.refused_operations import MOST
from tests.gateway.access import make_tenant, secret_of
from tests.gateway.bulk.operations import REQUEST, done, group, user
from tests.gateway.client import PATCH, Client

TEMPLATE = Path(__file__).parents[3] / "template.yaml"
OVERRIDES = {"LogLevel": "ERROR", "RequestLog": "20"}


@pytest.fixture(name="logged", scope="module")
def _logged() -> Iterator[Gateway]:
    with Gateway.start(overrides=OVERRIDES) as gateway:
        yield gateway


def _client(gateway: Gateway, tenant: str, *scopes: str) -> Client:
    make_tenant(gateway, tenant)
    return Client(gateway, secret_of(gateway, tenant, *(scopes or ("*",))))


def _last_bulk(client: Client) -> dict[str, Any]:
    """Wait for the entry of the last request to `/Bulk`, which is kept after its response."""
    for _ in range(200):
        entries = client.send("GET", "/Requests").body["Resources"]
        if entries and entries[-1]["operation"] == "POST /Bulk":
            entry: dict[str, Any] = entries[-1]
            return entry
        time.sleep(0.05)
    raise TimeoutError("the request is not kept")


def _shown(entry: dict[str, Any]) -> list[tuple[Any, ...]]:
    names = ("position", "operation", "status", "error", "attribute", "rule")
    return [tuple(each.get(name) for name in names) for each in entry["refusedOperations"]["first"]]


def test_a_refused_operation_has_the_reason_of_the_single_request(logged: Gateway) -> None:
    client = _client(logged, "reasons")
    client.user("kim.secret")
    patch = {"schemas": [PATCH], "Operations": [{"op": "c4n4ry", "path": "title"}]}
    done(
        client,
        user("kim.secret", "a"),
        user("lee", "b", active="c4n4ry"),
        user("ann", "c"),
        {"method": "PATCH", "path": "/Users/c4n4ry", "data": patch},
        {"method": "DELETE", "path": "/C4n4ry/kim.secret"},
        {"method": "DELETE", "path": "/Users/kim.secret"},
    )
    entry = _last_bulk(client)
    assert entry["status"] == 200
    assert entry["refusedOperations"]["number"] == 5
    assert _shown(entry) == [
        (0, "POST /Users", 409, "Uniqueness", "userName", "The value of … is already taken."),
        (1, "POST /Users", 400, "InvalidValue", "active", "expected …, found …"),
        (3, "PATCH /Users/{id}", 400, "InvalidSyntax", None, ".op is unknown; expected …."),
        (
            4,
            "DELETE /",
            404,
            "NotFound",
            None,
            "path leads nowhere; expected one like /Users or /Users/{id}.",
        ),
        (5, "DELETE /Users/{id}", 404, "UnknownResource", None, "There is no … with this id."),
    ]
    assert "c4n4ry" not in str(entry).lower()
    assert "secret" not in str(entry)


def test_an_operation_that_cannot_be_read_has_its_rule(logged: Gateway) -> None:
    client = _client(logged, "unreadable")
    nameless = {"method": "POST", "path": "/Users", "data": {}}
    done(
        client,
        {"method": "c4n4ry", "path": "/Users"},
        {"method": "PUT", "path": "/Users/1"},
        {"method": "DELETE", "path": 5},
        user("kim", "twice"),
        user("lee", "twice"),
        nameless,
    )
    entry = _last_bulk(client)
    assert entry["refusedOperations"]["number"] == 6
    assert [each[:3] + each[5:] for each in _shown(entry)][:4] == [
        (0, "/Users", 400, "method must be one of …."),
        (1, "PUT /Users/{id}", 400, "data is missing; … needs it."),
        (2, "DELETE /", 400, "must be a string."),
        (3, "POST /Users", 400, "bulkId is that of another POST too; each needs its own."),
    ]
    assert "c4n4ry" not in str(entry)


def test_a_link_that_fails_has_the_reason_of_the_link(logged: Gateway) -> None:
    client = _client(logged, "links")
    unnamed = group("", "b", "bulkId:a")
    done(client, group("staff", "a", "bulkId:b"), unnamed)
    link, creation = _shown(_last_bulk(client))
    assert link == (
        *(0, "POST /Groups", 409, "Conflict", None),
        "bulkId:… is referred to, but its POST failed.",
    )
    assert creation[:3] == (1, "POST /Groups", 400)


def test_only_the_first_of_many_refused_operations_are_kept(logged: Gateway) -> None:
    client = _client(logged, "many")
    operations = [{"method": "DELETE", "path": f"/Users/{number}"} for number in range(300)]
    assert len(done(client, user("kim", "a"), *operations)) == 301
    entry = _last_bulk(client)
    assert entry["refusedOperations"]["number"] == 300
    assert [each[0] for each in _shown(entry)] == list(range(1, MOST + 1))


def test_a_request_without_refused_operations_has_no_member(logged: Gateway) -> None:
    client = _client(logged, "served")
    done(client, user("kim", "a"))
    assert "refusedOperations" not in _last_bulk(client)


@pytest.mark.parametrize(
    ("tenant", "headers"),
    [("repeatable", {"Idempotency-Key": '"k"'}), ("dry", {"Prefer": "dry-run"})],
)
def test_a_repeatable_request_and_a_dry_run_have_the_reasons_too(
    logged: Gateway, tenant: str, headers: dict[str, str]
) -> None:
    client = _client(logged, tenant)
    body = {"schemas": [REQUEST], "Operations": [{"method": "DELETE", "path": "/Users/x"}]}
    assert client.send("POST", "/Bulk", body, headers).status == 200
    assert [each[5] for each in _shown(_last_bulk(client))] == ["There is no … with this id."]


@pytest.mark.parametrize(("profile", "status"), [("nevisidm", 422), ("wso2", 200), ("gluu", 200)])
def test_the_response_of_a_profile_is_its_own(logged: Gateway, profile: str, status: int) -> None:
    make_tenant(logged, profile, profile=profile)
    client = Client(logged, secret_of(logged, profile, "*"))
    deletion = {"method": "DELETE", "path": "/Users/c4n4ry"}
    body = {"schemas": [REQUEST], "failOnErrors": 1, "Operations": [deletion]}
    answer = client.send("POST", "/Bulk", body)
    assert answer.status == status
    assert "refusedOperations" not in str(answer.body)
    assert [each[1:3] for each in _shown(_last_bulk(client))] == [("DELETE /Users/{id}", 404)]


def test_the_line_of_the_log_has_the_reasons(capsys: pytest.CaptureFixture[str]) -> None:
    with Gateway.start(overrides={"LogLevel": "INFO"}) as gateway:
        done(Client(gateway), user("kim", "a", active="c4n4ry"))
    lines = [text for text in capsys.readouterr().out.splitlines() if '"POST /Bulk"' in text]
    (refused,) = json.loads(lines[-1])["refusedOperations"]["first"]
    assert (refused["guard"], refused["check"]) == ("resource.value", "boolean")
    assert "c4n4ry" not in lines[-1]
    shown = {"refusedOperations.number"} | {f"refusedOperations.first.0.{name}" for name in refused}
    assert set(re.findall(r"refusedOperations[\w.]*", TEMPLATE.read_text("utf-8"))) <= shown
