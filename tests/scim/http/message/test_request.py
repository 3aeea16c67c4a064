"""An event is decoded once, and the base URL never comes from a header the client sends."""

import base64
from typing import Any

import pytest

from scim.errors import InvalidSyntax, Unauthorized
from scim.http.message.request import request_of
from scim.principal import Principal

KNOWN = {"tenant": "demo", "tokenId": "t1", "scopes": "users:view users:list"}


def _event(**changes: Any) -> dict[str, Any]:
    context = {"path": "/prod/scim/v2/Users", "domainName": "api.example", "authorizer": KNOWN}
    return {
        "httpMethod": "GET",
        "path": "/scim/v2/Users",
        "headers": {"Host": "evil.example", "If-Match": 'W/"3"'},
        "requestContext": context,
        **changes,
    }


def test_the_base_url_is_the_gateways_own_and_not_the_host_headers() -> None:
    assert request_of(_event(), "").base_url == "https://api.example/prod/scim/v2"


def test_the_caller_is_who_the_authorizer_says() -> None:
    said = {**KNOWN, "filters": '{"User":"*"}', "schemes": "bearer basic", "rate": "30"}
    caller = request_of(_event(requestContext={"authorizer": said}), "").principal
    assert (caller.tenant, caller.token_id, caller.rate) == ("demo", "t1", 30)
    assert caller.scopes == {"users:view", "users:list"}
    assert caller.filters == '{"User":"*"}'
    assert caller.schemes == ("bearer", "basic")
    plain = request_of(_event(), "").principal
    assert (plain.filters, plain.schemes, plain.rate) == ("", (), None)


@pytest.mark.parametrize("nobody", [None, Principal("demo", "")])
def test_the_address_and_the_request_are_those_that_the_gateway_tells(
    nobody: Principal | None,
) -> None:
    told: dict[str, Any] = {"identity": {"sourceIp": "203.0.113.7"}, "requestId": "r1"}
    if nobody is None:
        told["authorizer"] = KNOWN
    caller = request_of(_event(requestContext=told), "", nobody=nobody).principal
    assert (caller.tenant, caller.address, caller.request_id) == ("demo", "203.0.113.7", "r1")


def test_a_configured_base_url_wins() -> None:
    event = _event(
        requestContext={"path": "/scim/v2/Users", "domainName": "x", "authorizer": KNOWN}
    )
    assert request_of(event, "https://scim.acme.example/").base_url == (
        "https://scim.acme.example/scim/v2"
    )


@pytest.mark.parametrize(
    ("configured", "stage_path", "path", "base_url"),
    [
        pytest.param("https://x/live", "/live", "", "https://x/live/scim/v2", id="stage"),
        pytest.param("https://x", "/live", "", "https://x/scim/v2", id="stage hidden"),
        pytest.param("https://x/idp", "/idp", "/idp", "https://x/idp/scim/v2", id="base path"),
        pytest.param("https://x", "/live/acme", "/acme", "https://x/acme/scim/v2", id="tenant"),
        pytest.param(
            "https://x/idp/", "/idp/acme", "/idp/acme", "https://x/idp/acme/scim/v2", id="both"
        ),
    ],
)
def test_a_configured_base_url_is_completed_by_the_tenant_and_not_by_the_stage(
    configured: str, stage_path: str, path: str, base_url: str
) -> None:
    event = _event(
        path=f"{path}/scim/v2/Users",
        requestContext={
            "path": f"{stage_path}/scim/v2/Users",
            "domainName": "y",
            "authorizer": KNOWN,
        },
    )
    assert request_of(event, configured).base_url == base_url


def test_a_tenants_part_of_the_path_stays_in_the_base_url() -> None:
    event = _event(
        requestContext={"path": "/acme/scim/v2/Users", "domainName": "x", "authorizer": KNOWN}
    )
    assert request_of(event, "").base_url == "https://x/acme/scim/v2"


def test_parameters_are_read_in_any_case_and_empty_ones_but_the_cursor_are_left_out() -> None:
    event = _event(
        multiValueQueryStringParameters={
            "Filter": ['userName eq "a+b"'],
            "cursor": [""],
            "attributes": ["id", "", "userName"],
            "aadOptscim062020": [""],
        }
    )
    assert request_of(event, "").query == {
        "filter": 'userName eq "a+b"',
        "cursor": "",
        "attributes": "id,userName",
    }


def test_entity_tags_are_passed_on() -> None:
    assert request_of(_event(), "").precondition.if_match == 'W/"3"'


def test_the_lines_of_a_list_are_joined_and_of_other_headers_the_last_counts() -> None:
    lines = {
        "if-match": ['W/"1"', 'W/"2", W/"3"'],
        "Prefer": ["dry-run", "return=minimal"],
        "Content-Type": ["text/plain", "application/json"],
    }
    last = {name: values[-1] for name, values in lines.items()}
    assert request_of(_event(headers=last, multiValueHeaders=lines), "").headers == {
        "if-match": 'W/"1", W/"2", W/"3"',
        "prefer": "dry-run, return=minimal",
        "content-type": "application/json",
    }


@pytest.mark.parametrize("authorizer", [None, {}, {"tenant": ""}, {"tenant": 3}])
def test_an_event_without_a_tenant_is_refused(authorizer: object) -> None:
    with pytest.raises(Unauthorized):
        request_of(_event(requestContext={"authorizer": authorizer}), "")


def test_a_base64_body_is_decoded() -> None:
    assert request_of(_event(body="e30=", isBase64Encoded=True), "").body == b"{}"


def test_a_broken_base64_body_is_a_syntax_error() -> None:
    with pytest.raises(InvalidSyntax):
        request_of(_event(body="%%", isBase64Encoded=True), "")


def test_a_body_that_the_gateway_could_not_decode_is_a_syntax_error() -> None:
    with pytest.raises(InvalidSyntax, match="UTF-8"):
        request_of(_event(body='{"userName":"m\ufffdller"}'), "")


def test_the_replacement_character_is_taken_where_the_client_means_it() -> None:
    escaped = '{"title":"\\ufffd"}'
    assert request_of(_event(body=escaped), "").body == escaped.encode()
    exact = '{"title":"\ufffd"}'.encode()
    sent = base64.b64encode(exact).decode()
    assert request_of(_event(body=sent, isBase64Encoded=True), "").body == exact


@pytest.mark.parametrize(
    ("configured", "path", "base_url"),
    [
        ("", "/acme/scim2/Users", "https://api.example/prod/acme/scim2"),
        ("", "/t/acme/scim2/Users", "https://api.example/prod/t/acme/scim2"),
        ("https://x", "/acme/scim2/Users", "https://x/acme/scim2"),
        ("https://x", "/t/acme/scim2/Users", "https://x/t/acme/scim2"),
        ("https://x", "/elsewhere", "https://x/scim/v2"),
    ],
)
def test_the_base_url_has_the_mount_of_the_request(
    configured: str, path: str, base_url: str
) -> None:
    context = {"path": f"/prod{path}", "domainName": "api.example", "authorizer": KNOWN}
    event = _event(path=path, requestContext=context)
    mounts = ("/scim/v2", "/scim2", "/t/{tenant}/scim2")
    assert request_of(event, configured, mounts).base_url == base_url
