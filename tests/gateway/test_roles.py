"""The role of each function grants what its code does."""

import pytest

from local.gateway import Gateway
from tests.gateway.access import secret_of
from tests.gateway.client import GROUP, USER, Client
from tests.gateway.roles import Access, is_granted, watched_roles

BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
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


def test_a_function_uses_only_the_table_actions_its_role_grants(
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
    api = {"Users", "Groups", "GroupMembers", "Search", "Definitions", "Bulk"}
    others = {"Me", "CatchAll", "Events", "Authorizer", "Sweep", "Watch", "Reconcile"}
    assert {f"{name}Function" for name in api | others} <= roles.used
