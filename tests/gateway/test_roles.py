"""The role of each function grants what its code does."""

import boto3
import pytest

from local.gateway import Gateway
from tests.fakes.receiver import receiving
from tests.gateway.access import access_of, secret_of
from tests.gateway.client import GROUP, USER, Client
from tests.gateway.roles import Access, is_granted, watched_roles
from tests.gateway.transfer import declared, exported, imported

BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
LINE = b'{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "kim"}'
GRANT = {
    "Effect": "Allow",
    "Action": ["dynamodb:GetItem"],
    "Resource": ["arn:aws:dynamodb:::table/t"],
    "Condition": {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["T#*#rate", "D#*"]}},
}


@pytest.mark.parametrize(
    ("action", "partitions", "is_index", "expected"),
    [
        ("GetItem", ("T#acme#rate",), False, True),
        ("GetItem", ("T#acme#rate", "D#acme"), False, True),
        ("GetItem", ("T#acme#rate", "T#acme#User"), False, False),
        ("GetItem", ("T#acme#rate",), True, False),
        ("PutItem", ("T#acme#rate",), False, False),
    ],
)
def test_a_statement_grants_its_own_actions_on_its_own_keys(
    action: str, partitions: tuple[str, ...], is_index: bool, expected: bool
) -> None:
    assert is_granted([GRANT], Access(f"dynamodb:{action}", partitions, is_index)) is expected


def test_a_function_uses_only_the_table_actions_its_role_grants_and_each_action_is_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With all that is noted of a request: its rate, its tolerances, its refusal, itself."""
    settings = {"RequestLog": "50", "TenantRate": "1000", "Metrics": "off", "LogLevel": "ERROR"}
    with watched_roles(monkeypatch) as roles, Gateway.start(overrides=settings) as gateway:
        client = Client(gateway, secret_of(gateway, "demo", "*"))
        user = client.user("ada", active="True")
        group = client.send("POST", "/Groups", {"schemas": [GROUP], "displayName": "g"})
        member = {"op": "add", "path": "members", "value": [{"value": user["id"]}]}
        client.patch(f"/Groups/{group.body['id']}", member)
        operation = {"method": "POST", "path": "/Users", "bulkId": "b"}
        made = {**operation, "data": {"schemas": [USER], "userName": "grace"}}
        client.send("POST", "/Bulk", {"schemas": [BULK], "Operations": [made]})
        client.send("POST", "/Events", {"maxEvents": 10})
        client.send("GET", "/Definitions")
        for path in ("/Users", "/Groups", "/GroupMembers", "/Me", "", "/Schemas", "/Nothing"):
            client.send("GET", f"{path}?count=1")
            client.send("GET", f"{path}?filter=nothing")
        client.send("POST", "/Events", {"maxEvents": -1})
        client.send("DELETE", f"/Users/{user['id']}")
        gateway.schedules.fire()
        assert roles.denied == set()
    assert roles.granted_actions() == roles.actions
    api = {"Users", "Groups", "GroupMembers", "Search", "Definitions", "Bulk"}
    others = {"Me", "CatchAll", "Events", "Authorizer", "Sweep", "Watch", "Reconcile"}
    assert {f"{name}Function" for name in api | others} <= roles.used


@pytest.mark.long
def test_a_function_asks_of_other_services_what_its_role_grants_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = {
        "PushSeconds": "0",
        "PushAttempts": "2",
        "SCIM_LOOPBACK_ISSUERS": "1",
        "LogLevel": "ERROR",
    }
    with (
        watched_roles(monkeypatch) as roles,
        Gateway.start(overrides=settings) as gateway,
        receiving() as receiver,
    ):
        name = f"scim/{gateway.template.scope.stack}/receiver"
        boto3.client("secretsmanager").create_secret(Name=name, SecretString="Bearer x")
        pushed = {"push_url": receiver.url, "push_secret": "receiver"}
        access_of(gateway).feeds.change("rfc", lambda _: pushed)
        client = Client(gateway, secret_of(gateway, "rfc", "*"))
        client.send("POST", "/Events", {})
        imported(client, LINE, format="ndjson")
        exported(client)
        operation = {"method": "DELETE", "path": "/Users/nobody"}
        body = {"schemas": [BULK], "Operations": [operation]}
        client.send("POST", "/Bulk", body, {"Prefer": "respond-async"})
        waiting = declared(client, kind="import", format="ndjson").body
        client.send("DELETE", f"/Jobs/{waiting['id']}")
        for status, error in ((400, {"err": "invalid_request"}), (500, None)):
            receiver.refuses(status, error)
            gateway.event_sources.pump()
            client.user(f"user{status}")
        client.send("POST", "/Events", {})
        assert roles.denied == set()
    functions = ("Bulk", "BulkJob", "Publish", "Push", "Events")
    granted = set().union(*(roles.granted(f"{name}Function") for name in functions))
    assert roles.asked == granted
