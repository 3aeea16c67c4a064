"""The role of each function grants what its code does, and nothing else.

All tests of tests/gateway watch the roles (conftest.py). Here every function is used, so that no grant is unused.
"""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import urlencode

import boto3
import pytest

from local.gateway import ADDRESS, Gateway
from scim.access.client import OAuthClient
from scim.access.token import hash_of
from scim.bootstrap import workers
from tests.fakes.authorization_server import CLIENT, running
from tests.fakes.receiver import Receiver, receiving
from tests.gateway.access import CREATED, access_of, make_tenant, secret_of
from tests.gateway.client import GROUP, USER, Client
from tests.gateway.roles.watched import Roles
from tests.gateway.transfer import at_rest, declared, ended, exported, imported

BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
LINE = b'{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "kim"}'
OPAQUE = "opaque-and-long-enough-not-to-be-refused-unread"
KEY = "arn:aws:kms:us-east-1:123456789012:key/0f9c1e5e-6a3b-4c57-9d0e-4a5b6c7d8e9f"
EVERYTHING = {
    "TableKeyArn": KEY,
    "TokenEndpoint": "true",
    "UmaChallenges": "true",
    "TableCheck": "on",
    "RequestLog": "50",
    "TenantRate": "1000",
    "PushSeconds": "0",
    "PushAttempts": "2",
    "SCIM_LOOPBACK_ISSUERS": "1",
    "LogLevel": "CRITICAL",
}
OF_OPERATORS = {"AdminFunction", "ConsoleFunction", "SetupFunction"}
"""They are used in tests/gateway/administration/test_roles.py."""

BY_LAMBDA = {("ChangeLogFunction", "sqs:SendMessage")}
"""What Lambda itself does with the role: it puts the records that were not read into the queue of failures."""


@pytest.fixture(name="gateway", scope="module")
def _gateway() -> Iterator[Gateway]:
    with Gateway.start(overrides=EVERYTHING) as gateway:
        yield gateway


def test_each_function_asks_for_what_its_role_grants_and_for_nothing_else(
    gateway: Gateway, roles: Roles, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ExitStack() as until_done:
        receiver = until_done.enter_context(receiving())
        _request_everything(gateway)
        _push_events(gateway, receiver)
        second = Gateway(
            gateway.template, gateway.store, ADDRESS, {"SCIM_LOOPBACK_ISSUERS": "1"}, "UmaApi"
        )
        token = secret_of(gateway, "demo", "*")
        for client in (
            Client(gateway, token),
            Client(gateway, token, "/demo/scim/v2"),
            Client(second, token, "/demo/scim/v2"),
        ):
            _run_jobs(client)
            client.send("POST", "/Events", {})
            client.send("GET", "/Audit?count=1")
        _check_credentials(gateway)
        gateway.schedules.fire()
        _empty_bucket(gateway, monkeypatch)
    assert roles.denied == set()
    functions = set(gateway.template.ids_of("AWS::Lambda::Function")) - OF_OPERATORS
    assert {name for name, _ in roles.asked} == functions
    granted = {each for each in roles.granted() if each[0] in functions}
    granted -= BY_LAMBDA
    others = {each for each in roles.asked if not each[1].startswith("dynamodb:")}
    assert {each for each in granted if not each[1].startswith("dynamodb:")} == others
    assert {action for _, action in granted} == {action for _, action in roles.asked}


def _request_everything(gateway: Gateway) -> None:
    """Send requests to each function, also refused ones, with all that is noted of a request."""
    client = Client(gateway, secret_of(gateway, "demo", "*"))
    user = client.user("ada", active="True")
    group = client.send("POST", "/Groups", {"schemas": [GROUP], "displayName": "g"})
    member = {"op": "add", "path": "members", "value": [{"value": user["id"]}]}
    client.patch(f"/Groups/{group.body['id']}", member)
    operation = {"method": "POST", "path": "/Users", "bulkId": "b"}
    data = {"schemas": [USER], "userName": "grace"}
    client.send("POST", "/Bulk", {"schemas": [BULK], "Operations": [{**operation, "data": data}]})
    client.send("GET", "/Definitions")
    paths = (
        "/Users",
        "/Groups",
        "/GroupMembers",
        "/Me",
        "",
        "/Schemas",
        "/Nothing",
        "/ServiceProviderConfig",
    )
    for path in paths:
        client.send("GET", f"{path}?count=1")
        client.send("GET", f"{path}?filter=nothing")
    client.send("POST", "/Events", {"maxEvents": -1})
    client.send("DELETE", f"/Users/{user['id']}")
    # This one describes its tenant's feed.
    Client(gateway, secret_of(gateway, "interop-strict", "*")).send("GET", "/ServiceProviderConfig")


def _push_events(gateway: Gateway, receiver: Receiver) -> None:
    """Push an event that is refused, and one that no attempt delivers."""
    _keep_secret(gateway, "receiver", "Bearer x")
    pushed = {"push_url": receiver.url, "push_secret": "receiver"}
    access_of(gateway).feeds.change("rfc", lambda _: pushed)
    client = Client(gateway, secret_of(gateway, "rfc", "*"))
    client.send("POST", "/Events", {})  # a receiver gets what comes after its first poll
    for status, error in ((400, {"err": "invalid_request"}), (500, None)):
        receiver.refuses(status, error)
        client.user(f"user{status}")
        gateway.event_sources.pump()
    client.send("POST", "/Events", {})


def _run_jobs(client: Client) -> None:
    """Import, export and run a bulk request; cancel another one that has begun, and an import that has not."""
    imported(client, LINE, format="ndjson")
    exported(client)
    body = {"schemas": [BULK], "Operations": [{"method": "DELETE", "path": "/Users/nobody"}]}
    answered = client.send("POST", "/Bulk", body, {"Prefer": "respond-async"})
    ended(client, f"/Jobs/{answered.headers['set-txn']}")
    with at_rest(client):
        begun = client.send("POST", "/Bulk", body, {"Prefer": "respond-async"})
        client.send("DELETE", f"/Jobs/{begun.headers['set-txn']}")
    waiting = declared(client, kind="import", format="ndjson").body
    client.send("DELETE", f"/Jobs/{waiting['id']}")


def _check_credentials(gateway: Gateway) -> None:
    """Use a token of the token endpoint, and one that only its issuer can read."""
    secret = "s" * 48
    known = {"tenant": "demo", "scopes": ("*",), "label": "", "created_at": CREATED}
    access_of(gateway).clients.save(
        OAuthClient("client", secret_hashes=(hash_of(secret),), **known)  # type: ignore[arg-type]
    )
    form = {"grant_type": "client_credentials", "client_id": "client", "client_secret": secret}
    sent = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = gateway.handle("POST", "/oauth2/token", sent, urlencode(form).encode())
    assert answer.status == 200, answer.body
    minted = json.loads(answer.body)["access_token"]
    assert Client(gateway, minted).send("GET", "/Users?count=0").status == 200
    _keep_secret(gateway, "issuer", CLIENT[1])
    make_tenant(gateway, "asking")
    with running() as server:
        asked = {
            "endpoint": f"{server.url}/introspect",
            "clientId": CLIENT[0],
            "secretName": "issuer",
        }
        document = {"kind": "introspection", "issuer": server.issuer, "introspection": asked}
        scoping = {"scoping": {"names": {"scim.read": ["users:list"]}}}
        access_of(gateway).issuers.save("asking", server.issuer, {**document, **scoping})
        server.active[OPAQUE] = {"active": True, "scope": "scim.read", "sub": "somebody"}
        answered = Client(gateway, OPAQUE, "/asking/scim/v2").send("GET", "/Users?count=0")
        assert answered.status == 200, answered.body


def _keep_secret(gateway: Gateway, name: str, secret: str) -> None:
    full_name = f"scim/{gateway.template.scope.stack}/{name}"
    boto3.client("secretsmanager").create_secret(Name=full_name, SecretString=secret)


def _empty_bucket(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    """Empty the bucket as CloudFormation has it emptied before it deletes the stack."""
    monkeypatch.setattr(workers, "_put", lambda _url, _body: None)
    bucket = gateway.template.scope.name_of("JobsBucket")
    boto3.client("s3").put_object(Bucket=bucket, Key="left", Body=b"x")
    event = {
        "RequestType": "Delete",
        "ResourceProperties": {"Bucket": bucket},
        "ResponseURL": "http://127.0.0.1:9",
        **dict.fromkeys(("StackId", "RequestId", "LogicalResourceId"), "x"),
    }
    gateway.invoke(gateway.template.scope.arn_of("EmptyBucketFunction"), event)
    assert "Contents" not in boto3.client("s3").list_objects_v2(Bucket=bucket)
