"""A tenant of the profile gluu: UMA from ticket to resource, and the test mode, at the vendor's own paths."""

import json
import re
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from local.gateway import ADDRESS, Gateway
from scim.bootstrap.access import access_in
from tests.fakes.authorization_server import CLIENT, RESOURCE, AuthorizationServer, running
from tests.gateway.access import make_tenant, secret_of

MOUNT = "/identity/seam/resource/restv1/scim/v2"
USERS = f"/oxtrust{MOUNT}/Users"
VARIABLES = {"SCIM_LOOPBACK_ISSUERS": "1", "SCIM_QUERY_TOKEN": "access_token"}
USER = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "mike"}


@pytest.fixture(scope="module")
def server() -> Iterator[AuthorizationServer]:
    with running() as server:
        yield server


@pytest.fixture(scope="module")
def gateway(server: AuthorizationServer) -> Iterator[Gateway]:
    with Gateway.start(overrides={**VARIABLES, "UmaChallenges": "true"}) as gateway:
        make_tenant(gateway, "oxtrust", profile="gluu")
        _trust(gateway, server)
        yield gateway


@pytest.fixture(scope="module")
def door(gateway: Gateway) -> Gateway:
    """Return the second API of the deployment, which answers with challenges."""
    return Gateway(gateway.template, gateway.store, ADDRESS, VARIABLES, "UmaApi")


def _trust(gateway: Gateway, server: AuthorizationServer) -> None:
    document = {
        "kind": "introspection",
        "issuer": server.issuer,
        "introspection": {
            "endpoint": f"{server.url}/introspect",
            "clientId": CLIENT[0],
            "secretName": "oxtrust",
            "secondsRemembered": 0,
        },
        "uma": {
            "asUri": server.url,
            "permissionEndpoint": f"{server.url}/permission",
            "protectionTokenEndpoint": f"{server.url}/token",
            "resourceId": RESOURCE,
            "resourceScopes": ["scim.read", "scim.write"],
        },
        "scoping": {
            "names": {"scim.read": ["users:view", "users:list"], "scim.write": ["users:*"]}
        },
    }
    access = access_in(boto3.client("dynamodb"), gateway.store.tables["Table"])
    access.issuers.save("oxtrust", server.issuer, document)
    name = f"scim/{gateway.template.scope.stack}/oxtrust"
    boto3.client("secretsmanager").create_secret(Name=name, SecretString=CLIENT[1])


def _call(
    door: Gateway, method: str, path: str, token: str | None = None, body: object = None
) -> tuple[int, Any, dict[str, str]]:
    headers = {"Content-Type": "application/json"}
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    content = b"" if body is None else json.dumps(body).encode()
    answer = door.handle(method, path, headers, content)
    return answer.status, json.loads(answer.body or b"null"), dict(answer.headers)


def test_a_request_without_a_token_is_challenged_with_a_ticket(
    door: Gateway, server: AuthorizationServer
) -> None:
    status, body, headers = _call(door, "GET", USERS)
    assert (status, body["status"]) == (401, "401")
    challenge = headers["WWW-Authenticate"]
    assert challenge.startswith(f'UMA realm="scim", as_uri="{server.url}", ticket="')


def test_a_server_that_takes_longer_than_it_may_gives_no_ticket(
    gateway: Gateway, server: AuthorizationServer
) -> None:
    hasty = {**VARIABLES, "SCIM_ISSUER_SECONDS": "1"}
    door = Gateway(gateway.template, gateway.store, ADDRESS, hasty, "UmaApi")
    server.fault = "slow"
    try:
        status, _, headers = _call(door, "GET", USERS)
    finally:
        server.fault = ""
    assert status == 401
    assert "ticket" not in headers.get("WWW-Authenticate", "")


def test_the_requesting_party_token_opens_what_the_server_says_it_does(
    door: Gateway, server: AuthorizationServer
) -> None:
    _, _, headers = _call(door, "GET", USERS)
    (ticket,) = re.findall('ticket="([^"]+)"', headers["WWW-Authenticate"])
    rpt = f"rpt-{ticket}-which-is-long-enough-not-to-be-refused"
    assert _call(door, "GET", USERS, rpt)[0] == 401
    permission = {"resource_id": RESOURCE, "resource_scopes": ["scim.write"]}
    server.active[rpt] = {"active": True, "permissions": [permission]}
    status, user, _ = _call(door, "POST", USERS, rpt, USER)
    assert (status, user["userName"]) == (201, "mike")
    assert user["meta"]["location"].endswith(f"{USERS}/{user['id']}")
    status, listed, _ = _call(door, "GET", USERS, rpt)
    assert (status, [each["userName"] for each in listed["Resources"]]) == (200, ["mike"])
    assert _call(door, "GET", f"/oxtrust{MOUNT}/Groups", rpt)[0] == 403
    assert _call(door, "GET", f"/another{MOUNT}/Users", rpt)[0] == 401


def test_in_test_mode_the_token_may_be_in_the_query_and_is_never_logged(
    gateway: Gateway, door: Gateway, capsys: pytest.CaptureFixture[str]
) -> None:
    token = secret_of(gateway, "oxtrust", "users:list", "users:create")
    assert _call(door, "GET", f"{USERS}?access_token={token}&count=1")[0] == 200
    search = {"attribute": "userName", "value": "nobody"}
    status, found, headers = _call(
        door, "POST", f"{USERS}/Search?access_token={token}", body=search
    )
    assert (status, found["totalResults"], headers["Deprecation"]) == (200, 0, "@1483228800")
    assert _call(door, "GET", f"{USERS}?access_token={token}x")[0] == 401
    refused = _call(door, "GET", f"/oxtrust{MOUNT}/Groups?access_token={token}")
    assert refused[0] == 403
    assert token not in json.dumps(refused[1:])
    captured = capsys.readouterr()
    assert token not in captured.out + captured.err


def test_outside_test_mode_a_token_in_the_query_is_ignored(gateway: Gateway) -> None:
    token = secret_of(gateway, "oxtrust", "*")
    plain = Gateway(
        gateway.template, gateway.store, ADDRESS, {"SCIM_LOOPBACK_ISSUERS": "1"}, "UmaApi"
    )
    status, _, headers = _call(plain, "GET", f"{USERS}?access_token={token}")
    assert status == 401
    assert headers["WWW-Authenticate"].startswith("UMA ")
