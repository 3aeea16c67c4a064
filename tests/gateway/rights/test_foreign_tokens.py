"""Tokens of other issuers through the gateway: signed ones, and UMA from ticket to resource."""

import base64
import json
import re
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from local.gateway import ADDRESS, Gateway
from local.http import Answer
from scim.access.tenant import Tenant
from scim.bootstrap.access import access_in
from tests.fakes.authorization_server import (
    AUDIENCE,
    CLIENT,
    RESOURCE,
    AuthorizationServer,
    running,
)

USER = {
    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
    "userName": "bjensen",
}
VARIABLES = {"SCIM_LOOPBACK_ISSUERS": "1", "SCIM_QUERY_TOKEN": "access_token"}


@pytest.fixture(scope="module")
def server() -> Iterator[AuthorizationServer]:
    with running() as server:
        yield server


@pytest.fixture(scope="module")
def gateway(server: AuthorizationServer) -> Iterator[Gateway]:
    with Gateway.start(overrides={**VARIABLES, "UmaChallenges": "true"}) as gateway:
        trust(gateway, server)
        yield gateway


@pytest.fixture(scope="module")
def uma(gateway: Gateway) -> Gateway:
    """Return the second API of the same deployment."""
    return Gateway(gateway.template, gateway.store, ADDRESS, VARIABLES, "UmaApi")


def trust(gateway: Gateway, server: AuthorizationServer) -> None:
    scoping = {"names": {"scim.read": ["users:view", "users:list"], "scim.write": ["users:*"]}}
    signed = {
        "kind": "jwt",
        "issuer": server.issuer,
        "jwksUri": f"{server.url}/jwks",
        "algorithms": ["RS256", "ES256"],
        "audiences": [AUDIENCE],
        "scoping": scoping,
    }
    asked = {
        "kind": "introspection",
        "issuer": server.issuer,
        "introspection": {
            "endpoint": f"{server.url}/introspect",
            "clientId": CLIENT[0],
            "secretName": "gluu",
            "secondsRemembered": 0,
        },
        "uma": {
            "asUri": server.url,
            "permissionEndpoint": f"{server.url}/permission",
            "protectionTokenEndpoint": f"{server.url}/token",
            "resourceId": RESOURCE,
            "resourceScopes": ["scim.read", "scim.write"],
        },
        "scoping": scoping,
    }
    access = access_in(boto3.client("dynamodb"), gateway.store.tables["Table"])
    for tenant, document in (("acme", signed), ("uma", asked)):
        access.tenants.create(Tenant(tenant, "2026-01-01T00:00:00.000Z"))
        access.issuers.save(tenant, server.issuer, document)
    prefix = f"scim/{gateway.template.scope.stack}/"
    boto3.client("secretsmanager").create_secret(Name=f"{prefix}gluu", SecretString=CLIENT[1])


def call(
    gateway: Gateway, method: str, path: str, token: str | None = None, body: Any = None
) -> tuple[int, Any, Answer]:
    headers = {"Content-Type": "application/scim+json"}
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    content = b"" if body is None else json.dumps(body).encode()
    answer = gateway.handle(method, path, headers, content)
    return answer.status, json.loads(answer.body or b"null"), answer


def test_a_user_is_created_with_a_signed_token(
    gateway: Gateway, server: AuthorizationServer
) -> None:
    token = server.token(scope="scim.write")
    status, user, _ = call(gateway, "POST", "/scim/v2/Users", token, USER)
    assert status == 201
    status, found, _ = call(gateway, "GET", f"/scim/v2/Users/{user['id']}", token)
    assert (status, found["userName"]) == (200, "bjensen")
    in_path = f"/acme/scim/v2/Users/{user['id']}"
    assert call(gateway, "GET", in_path, server.token("ec", "ES256", scope="scim.read"))[0] == 200


def test_a_signed_token_may_do_what_its_scope_says_and_no_more(
    gateway: Gateway, server: AuthorizationServer
) -> None:
    reader = server.token(scope="scim.read")
    assert call(gateway, "GET", "/scim/v2/Users", reader)[0] == 200
    assert call(gateway, "POST", "/scim/v2/Users", reader, USER)[0] == 403
    assert call(gateway, "GET", "/scim/v2/Users", server.token(scope="other"))[0] == 403


@pytest.mark.parametrize(("door", "status"), [("gateway", 403), ("uma", 404)])
def test_a_signed_token_opens_no_other_tenants_path(
    request: pytest.FixtureRequest, server: AuthorizationServer, door: str, status: int
) -> None:
    opened: Gateway = request.getfixturevalue(door)
    for path in ("/demo/scim/v2/Users", "/nobody/scim/v2/Users"):
        token = server.token(scope="scim.write", jti=path)
        first = call(opened, "GET", path, token)[0]
        assert call(opened, "GET", "/acme/scim/v2/Users", token)[0] == 200
        assert (first, call(opened, "GET", path, token)[0]) == (status, status)


@pytest.mark.parametrize(
    "forged",
    [
        pytest.param(lambda s: s.token(aud="https://other.example.com"), id="audience"),
        pytest.param(lambda s: s.token(iss="https://evil.example.com"), id="issuer"),
        pytest.param(lambda s: s.token(exp=1), id="expired"),
        pytest.param(lambda s: s.token()[:-8], id="signature"),
        pytest.param(lambda s: "eyJhbGciOiJub25lIn0." + s.token().split(".")[1] + ".", id="none"),
        pytest.param(lambda s: s.token(padding="x" * 9000), id="9 KB"),
        pytest.param(lambda s: s.token(iss="\ud800"), id="issuer that is no text"),
    ],
)
def test_a_forged_token_is_answered_401_with_a_scim_error(
    gateway: Gateway, server: AuthorizationServer, forged: Any
) -> None:
    status, body, answer = call(gateway, "GET", "/scim/v2/Users", forged(server))
    assert status == 401
    assert body["status"] == "401"
    assert dict(answer.headers)["WWW-Authenticate"] == 'Bearer realm="scim"'


def test_uma_leads_from_a_ticket_to_the_resource(uma: Gateway, server: AuthorizationServer) -> None:
    status, body, answer = call(uma, "GET", "/uma/scim/v2/Users")
    assert (status, body["status"]) == (401, "401")
    challenge = dict(answer.headers)["WWW-Authenticate"]
    assert challenge.startswith(f'UMA realm="scim", as_uri="{server.url}", ticket="')
    (ticket,) = re.findall('ticket="([^"]+)"', challenge)

    rpt = f"rpt-{ticket}-which-is-long-enough-not-to-be-refused"
    status, _, answer = call(uma, "GET", "/uma/scim/v2/Users", rpt)
    assert status == 401
    assert dict(answer.headers)["WWW-Authenticate"].startswith("UMA ")
    assert ticket not in dict(answer.headers)["WWW-Authenticate"]

    scopes = [{"resource_id": RESOURCE, "resource_scopes": ["scim.read"]}]
    server.active[rpt] = {"active": True, "permissions": scopes}
    assert call(uma, "GET", "/uma/scim/v2/Users", rpt)[0] == 200
    # The functions tell permissions apart here, and 403 stays 403.
    assert call(uma, "POST", "/uma/scim/v2/Users", rpt, USER)[0] == 403
    assert call(uma, "GET", "/acme/scim/v2/Users", rpt)[0] == 401

    sent = [headers.get("authorization") for path, _, headers in server.asked if path == "/token"]
    assert base64.b64decode(str(sent[0]).removeprefix("Basic ")) == b"scim:s3cret%3Awith+colon"


@pytest.mark.parametrize(
    "path", ["/acme/scim/v2/Users", "/nobody/scim/v2/Users", "/scim/v2/Users", "/"]
)
def test_a_path_without_a_uma_tenant_asks_for_a_bearer_token(uma: Gateway, path: str) -> None:
    status, _, answer = call(uma, "GET", path)
    assert status == 401
    assert dict(answer.headers)["WWW-Authenticate"] == 'Bearer realm="scim"'


def test_an_authorization_server_that_is_down_opens_nothing(
    uma: Gateway, server: AuthorizationServer
) -> None:
    server.fault = "down"
    status, _, answer = call(uma, "GET", "/uma/scim/v2/Users", "r" * 50)
    server.fault = ""
    # A 401 would say that the token is none, and an IdP stops at that.
    assert status == 503
    assert int(dict(answer.headers)["Retry-After"]) > 0


def test_a_token_two_tenants_accept_belongs_to_the_tenant_in_the_path(
    gateway: Gateway, server: AuthorizationServer
) -> None:
    access = access_in(boto3.client("dynamodb"), gateway.store.tables["Table"])
    asked = {
        "kind": "introspection",
        "issuer": server.issuer,
        "introspection": {
            "endpoint": f"{server.url}/introspect",
            "clientId": CLIENT[0],
            "secretName": "gluu",
        },
        "scoping": {"names": {"scim.write": ["users:*"]}},
    }
    for tenant in ("north", "south"):
        access.tenants.create(Tenant(tenant, "2026-01-01T00:00:00.000Z"))
        access.issuers.save(tenant, server.issuer, asked)
    token = "opaque-and-long-enough-not-to-be-refused-unread"
    server.active[token] = {"active": True, "scope": "scim.write", "sub": "somebody"}
    for tenant in ("north", "south"):
        gateway.forget_verdicts()
        body = {**USER, "userName": tenant}
        assert call(gateway, "POST", f"/{tenant}/scim/v2/Users", token, body)[0] == 201
        status, found, _ = call(gateway, "GET", f"/{tenant}/scim/v2/Users", token)
        assert (status, [each["userName"] for each in found["Resources"]]) == (200, [tenant])
    # The gateway remembers whose it was: nobody gets to the other tenant's by that.
    assert call(gateway, "GET", "/north/scim/v2/Users", token)[0] in (403, 404)
    gateway.forget_verdicts()
    assert call(gateway, "GET", "/scim/v2/Users", token)[0] == 401


def test_gluus_test_mode_takes_the_token_from_the_query(
    uma: Gateway, server: AuthorizationServer, capsys: pytest.CaptureFixture[str]
) -> None:
    token = server.token(scope="scim.read")
    status, _, _ = call(uma, "GET", f"/acme/scim/v2/Users?access_token={token}&count=1")
    assert status == 200
    assert call(uma, "GET", f"/acme/scim/v2/Users?access_token={token}x")[0] == 401
    both = f"/acme/scim/v2/Users?access_token={token}&access_token={token}"
    assert call(uma, "GET", both)[0] == 401
    captured = capsys.readouterr()
    assert token not in captured.out + captured.err


def test_without_the_setting_a_token_in_the_query_is_ignored(gateway: Gateway) -> None:
    door = Gateway(gateway.template, gateway.store, ADDRESS, {}, "UmaApi")
    path = f"/demo/scim/v2/Users?access_token={'local-demo-token'}"
    assert call(door, "GET", path)[0] == 401
