"""The function of the pages: who may ask for what, and nothing about internal errors."""

import json
from collections.abc import Mapping
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError

from scim.errors import TooManyRequests, Unauthorized
from scim.http.console.app import Call, PagesFunction, granted_by, permissions_of
from scim.http.console.sessions import ConsoleSessions, OpenSession
from scim.principal import Principal

TABLE = permissions_of("console")
HEADERS = {"X-Scim-Console": "1", "Origin": "https://scim.example.com", "Cookie": "mine"}


class Sessions:
    """Knows one cookie."""

    def __init__(self, permissions: frozenset[str]) -> None:
        self.permissions = permissions

    def session_of(self, headers: Mapping[str, list[str]]) -> OpenSession:
        if headers.get("cookie") != ["mine"]:
            raise Unauthorized("no")
        return OpenSession(Principal("acmé", "console:abc", self.permissions), "2026", "")


def seen(call: Call) -> object:
    if call.parameters.get("path") == "fails":
        raise RuntimeError("internals")
    if call.parameters.get("path") == "busy":
        slow = ClientError({"Error": {"Code": "ThrottlingException", "Message": ""}}, "Query")
        raise TooManyRequests("Too many requests at the moment; slow down.") from slow
    told = {"method": call.method, "query": dict(call.query), "body": dict(call.body)}
    return {**told, **call.parameters, "from": call.session.principal.address}


def asked(
    method: str,
    path: str,
    permissions: frozenset[str] = granted_by(TABLE),
    headers: Mapping[str, str] = HEADERS,
    body: str | None = None,
) -> tuple[int, Any]:
    sessions = cast(ConsoleSessions, Sessions(permissions))
    routes = dict.fromkeys(TABLE.rows, seen)
    function = PagesFunction("/console", "https://scim.example.com/live", sessions, TABLE, routes)
    event = {
        "httpMethod": method,
        "path": f"/console/api/{path}",
        "pathParameters": {"proxy": f"api/{path}"},
        "headers": headers,
        "queryStringParameters": {"filter": "x"},
        "requestContext": {"identity": {"sourceIp": "203.0.113.7"}, "requestId": "r1"},
        "body": body,
    }
    answer = function(event, None)
    return answer["statusCode"], json.loads(answer["body"])


def test_the_parameters_of_a_route_are_decoded_once() -> None:
    status, body = asked("GET", "tenants/a%2520b/resources/User")
    assert (status, body["tenant"], body["type"]) == (200, "a%20b", "User")
    assert (body["query"], body["from"]) == ({"filter": "x"}, "203.0.113.7")


def test_the_log_names_the_call_of_aws_that_failed(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("WARNING"):
        status, _ = asked("GET", "admin/busy")
    assert status == 429
    (line,) = caplog.records
    assert (line.message, vars(line)["cause"]) == ("not served", "Query: ThrottlingException")


def test_a_path_for_the_admin_api_is_passed_on_undecoded() -> None:
    status, body = asked("POST", "admin/tenants/a%20b/tokens", body='{"label": "x"}')
    assert (status, body["path"], body["body"]) == (200, "tenants/a%20b/tokens", {"label": "x"})


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "tenants//types", 404),
        ("GET", "tenants/a/types/b", 404),
        ("GET", "admin/", 404),
        ("GET", "", 404),
        ("POST", "tenants/a/types", 405),
    ],
)
def test_a_path_or_method_without_a_route_is_refused(method: str, path: str, status: int) -> None:
    assert asked(method, path)[0] == status


def test_a_session_without_the_permission_is_refused() -> None:
    assert asked("GET", "tenants/a/types", frozenset({"console:view"}))[0] == 403
    assert asked("GET", "tenants/a/types", frozenset({"setup:view"}))[0] == 403
    assert asked("GET", "tenants/a/types", frozenset())[0] == 403


@pytest.mark.parametrize("missing", HEADERS)
def test_a_request_needs_every_header_of_the_pages(missing: str) -> None:
    left = {name: value for name, value in HEADERS.items() if name != missing}
    assert asked("POST", "admin/tenants", headers=left)[0] in (401, 403)


@pytest.mark.parametrize(("shown", "status"), [("1", 200), ("acm%C3%A9", 200), ("other", 401)])
def test_a_page_that_shows_another_tenant_than_the_sessions_is_refused(
    shown: str, status: int
) -> None:
    told, body = asked("GET", "tenants/a/types", headers={**HEADERS, "X-Scim-Console": shown})
    assert told == status
    assert (status == 200) is ("another tenant" not in str(body))


def test_an_internal_error_is_not_explained() -> None:
    assert asked("GET", "admin/fails") == (
        500,
        {"status": 500, "detail": "The request could not be served."},
    )


def test_a_page_of_the_portal_and_of_the_console_share_no_permission_but_the_open_one() -> None:
    assert granted_by(TABLE) & granted_by(permissions_of("setup")) == {"session:open"}
