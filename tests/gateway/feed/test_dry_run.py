"""`Prefer: dry-run` shows what a write would change and changes nothing."""

import json
from typing import Any

import boto3
import pytest

from local.gateway import Gateway
from local.seed import TOKEN
from tests.contract.stores import stored_items
from tests.gateway.access import make_tenant, secret_of
from tests.gateway.client import ENTERPRISE, GROUP, PATCH, USER, Answered, Client

DRY = {"Prefer": "dry-run"}
DRY_RUN = "urn:serverless-scim:params:scim:api:messages:1.0:DryRun"
BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
RESPONSE = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"


@pytest.fixture(name="client")
def _client(gateway: Gateway) -> Client:
    return Client(gateway)


def _stored(gateway: Gateway) -> list[Any]:
    items = stored_items(boto3.client("dynamodb"), gateway.store.tables["Table"])
    # What was tolerated or refused is counted, and when a token was used is noted, whatever was asked for.
    counted = {"firings", "token", "rate", "page", "refused"}
    return sorted(
        (item for item in items if item["k"]["S"] not in counted),
        key=lambda item: (item["pk"]["S"], item["sk"]["S"]),
    )


def _tried(answer: Answered) -> Any:
    assert answer.status == 200, answer.body
    assert answer.headers["preference-applied"] == "dry-run"
    return answer.body


def test_every_line_of_prefer_counts(gateway: Gateway) -> None:
    # RFC 7240 section 2 lets a client, or a proxy before it, send several.
    before = _stored(gateway)
    sent = [
        ("Authorization", f"Bearer {TOKEN}"),
        ("Content-Type", "application/scim+json"),
        ("Prefer", "dry-run"),
        ("Prefer", "return=minimal"),
    ]
    body = json.dumps({"schemas": [USER], "userName": "dry-lines"}).encode()
    answer = gateway.handle("POST", "/scim/v2/Users", sent, body)
    assert (answer.status, dict(answer.headers)["Preference-Applied"]) == (200, "dry-run")
    assert _stored(gateway) == before


def test_a_dry_run_shows_a_creation_and_stores_nothing(gateway: Gateway, client: Client) -> None:
    before = _stored(gateway)
    body = {"schemas": [USER], "userName": "dry-kim", "password": "t0pSecret!", "title": "Dr"}
    tried = _tried(client.send("POST", "/Users", body, DRY))
    assert tried == {
        "schemas": [DRY_RUN],
        "status": "201",
        "changes": [
            {
                "resourceType": "User",
                "operation": "create",
                "diff": [
                    {"path": "title", "after": "Dr"},
                    {"path": "userName", "after": "dry-kim"},
                ],
            }
        ],
        "tolerated": [],
    }
    assert _stored(gateway) == before


def test_operations_have_values_as_sent_and_changes_as_stored(client: Client) -> None:
    kim = client.user("dry-text", active=True)["id"]
    sent = {"op": "replace", "path": "active", "value": "False"}
    body = {"schemas": [PATCH], "Operations": [sent]}
    tried = _tried(client.send("PATCH", f"/Users/{kim}", body, DRY))
    assert tried["operations"] == [sent]
    (change,) = tried["changes"]
    assert change["diff"] == [{"path": "active", "before": True, "after": False}]
    assert tried["tolerated"] == ["stringBoolean"]


def test_a_dry_run_of_a_patch_shows_its_plain_operations(gateway: Gateway, client: Client) -> None:
    kim = client.user("dry-patched", title="Ms")["id"]
    bo = client.user("dry-member")["id"]
    group = client.group("Dry", kim)["id"]
    before = _stored(gateway)
    body = {
        "schemas": [PATCH],
        "Operations": [
            {"op": "Replace", "path": "title", "value": "Dr"},
            {"op": "replace", "path": "password", "value": "t0pSecret!"},
        ],
    }
    tried = _tried(client.send("PATCH", f"/Users/{kim}", body, DRY))
    assert tried["operations"] == [
        {"op": "replace", "path": "title", "value": "Dr"},
        {"op": "replace", "path": "password"},
    ]
    assert [each["diff"] for each in tried["changes"]] == [
        [{"path": "title", "before": "Ms", "after": "Dr"}]
    ]
    assert tried["tolerated"] == ["capitalisedOp"]
    members = [
        {"op": "remove", "path": f'members[value eq "{kim}"]'},
        {"op": "add", "path": "members", "value": [{"value": bo}]},
    ]
    body = {"schemas": [PATCH], "Operations": members}
    tried = _tried(client.send("PATCH", f"/Groups/{group}", body, DRY))
    (change,) = tried["changes"]
    assert (change["id"], change["operation"]) == (group, "update")
    assert change["diff"] == [{"path": "members", "added": [bo], "removed": [kim]}]
    assert _stored(gateway) == before


def test_a_dry_run_shows_a_put_and_a_deletion_and_no_change_for_none(
    gateway: Gateway, client: Client
) -> None:
    kim = client.user("dry-put", title="Ms")
    group = client.group("Dry put", kim["id"])
    before = _stored(gateway)
    put = {"schemas": [USER], "userName": "dry-put"}
    tried = _tried(client.send("PUT", f"/Users/{kim['id']}", put, DRY))
    assert tried["changes"][0]["diff"] == [{"path": "title", "before": "Ms"}]
    same = {"schemas": [USER], "userName": "dry-put", "title": "Ms"}
    assert _tried(client.send("PUT", f"/Users/{kim['id']}", same, DRY))["changes"] == []
    tried = _tried(client.send("DELETE", f"/Groups/{group['id']}", None, DRY))
    assert tried["status"] == "204"
    (change,) = tried["changes"]
    assert (change["operation"], change["diff"]) == ("delete", [{"path": "members", "removed": 1}])
    assert _stored(gateway) == before


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_a_dry_run_shows_no_change_of_members_that_do_not_exist(
    client: Client, method: str
) -> None:
    members, name = [{"value": "2819c223-7f76-453a-919d-413861904646"}], f"Dry nobody {method}"
    body: Any = {"schemas": [GROUP], "displayName": name, "members": members}
    path = "/Groups"
    if method != "POST":
        path = f"/Groups/{client.group(f'Dry somebody {method}')['id']}"
    if method == "PATCH":
        change = {"op": "replace", "value": {"displayName": name, "members": members}}
        body = {"schemas": [PATCH], "Operations": [change]}
    (tried,) = _tried(client.send(method, path, body, DRY))["changes"]
    assert [each["path"] for each in tried["diff"]] == ["displayName"]


def test_a_dry_run_shows_a_membership(gateway: Gateway) -> None:
    make_tenant(gateway, "dry-members", profile="default+groupMembers")
    client = Client(gateway, secret_of(gateway, "dry-members", "*"))
    kim, group = client.user("dry-edge")["id"], client.group("Dry edge")["id"]
    before = _stored(gateway)
    body = {"group": {"value": group}, "member": {"value": kim}}
    answer = client.send("POST", "/GroupMembers", body, DRY)
    (change,) = _tried(answer)["changes"]
    assert (change["id"], change["diff"]) == (group, [{"path": "members", "added": [kim]}])
    assert _stored(gateway) == before


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        pytest.param(
            "POST", "/Users", {"schemas": [USER], "userName": "DRY-TAKEN"}, 409, id="taken"
        ),
        pytest.param("POST", "/Users", {"schemas": [USER]}, 400, id="invalid"),
        pytest.param("DELETE", "/Users/nobody", None, 404, id="unknown"),
        pytest.param(
            "POST",
            "/Groups",
            {"schemas": [GROUP], "displayName": "x", "members": [{"value": "nobody"}]},
            400,
            id="unknown member",
        ),
    ],
)
def test_a_dry_run_is_refused_like_the_real_request(
    gateway: Gateway, method: str, path: str, body: Any, status: int
) -> None:
    make_tenant(gateway, "dry-rfc", profile="rfc")
    client = Client(gateway, secret_of(gateway, "dry-rfc", "*"))
    client.send("POST", "/Users", {"schemas": [USER], "userName": "dry-taken"})
    before = _stored(gateway)
    tried = client.send(method, path, body, DRY)
    assert _stored(gateway) == before
    assert (tried.status, tried.body) == (status, client.send(method, path, body).body)


def test_the_operations_of_a_bulk_request_find_what_those_before_would_have_made(
    gateway: Gateway, client: Client
) -> None:
    old = client.user("dry-old")["id"]
    before = _stored(gateway)
    operations = [
        {"method": "DELETE", "path": f"/Users/{old}"},
        {
            "method": "POST",
            "path": "/Users",
            "bulkId": "1",
            "data": {"schemas": [USER], "userName": "dry-bulk"},
        },
        {
            "method": "POST",
            "path": "/Users",
            "bulkId": "2",
            "data": {"schemas": [USER], "userName": "Dry-Bulk"},
        },
        {
            "method": "POST",
            "path": "/Groups",
            "bulkId": "3",
            "data": {
                "schemas": [GROUP],
                "displayName": "Dry bulk",
                "members": [{"value": "bulkId:1"}],
            },
        },
        {"method": "DELETE", "path": f"/Users/{old}"},
    ]
    body = {"schemas": [BULK], "failOnErrors": 9, "Operations": operations}
    preference = {"Prefer": "respond-async, dry-run"}
    tried = _tried(client.send("POST", "/Bulk", body, preference))
    assert tried["schemas"] == [RESPONSE, DRY_RUN]
    statuses = [each["status"] for each in tried["Operations"]]
    assert statuses == ["204", "201", "409", "201", "404"]
    changes = [(each["resourceType"], each["operation"]) for each in tried[DRY_RUN]["changes"]]
    assert changes == [("User", "delete"), ("User", "create"), ("Group", "create")]
    assert _stored(gateway) == before


def test_a_dry_run_shows_no_manager_hidden_from_its_caller(
    gateway: Gateway, client: Client
) -> None:
    make_tenant(gateway, "dry-seen")
    whole = Client(gateway, secret_of(gateway, "dry-seen", "*"))
    boss = whole.user("dry-boss", title="boss")["id"]
    enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
    manager = {enterprise: {"manager": {"value": boss}, "department": "A"}}
    kim = whole.user("dry-seen-kim", title="staff", **manager)["id"]
    filters = '{"User": "title eq \\"staff\\""}'
    some = Client(gateway, secret_of(gateway, "dry-seen", "*", filters=filters))
    assert some.send("GET", f"/Users/{boss}").status == 404
    body = {
        "schemas": [USER, enterprise],
        "userName": "dry-seen-kim",
        "title": "staff",
        enterprise: {"department": "B"},
    }
    tried = _tried(some.send("PUT", f"/Users/{kim}", body, DRY))
    assert boss not in str(tried)
    (change,) = tried["changes"]
    assert change["diff"] == [{"path": f"{enterprise}:department", "before": "A", "after": "B"}]


def test_a_dry_run_reveals_nothing_that_its_caller_cannot_see(gateway: Gateway) -> None:
    make_tenant(gateway, "dry-guess")
    whole = Client(gateway, secret_of(gateway, "dry-guess", "*"))
    boss, other = (whole.user(name, title="boss")["id"] for name in ("boss", "other"))
    managed = {ENTERPRISE: {"manager": {"value": boss}}}
    kim = whole.user("kim", title="staff", **managed)["id"]
    lee = whole.user("lee", title="staff")["id"]
    team = whole.group("team", kim, lee, boss, other)["id"]
    filters = '{"User": "title eq \\"staff\\"", "Group": "*"}'
    some = Client(gateway, secret_of(gateway, "dry-guess", "*", filters=filters))
    for guess in (boss, other, "nobody"):
        path = f"{ENTERPRISE}:manager.value"
        sent = {"schemas": [PATCH], "Operations": [{"op": "add", "path": path, "value": guess}]}
        assert _tried(some.send("PATCH", f"/Users/{kim}", sent, DRY))["changes"] == []
    for user in (kim, lee):
        sent = {
            "schemas": [PATCH],
            "Operations": [{"op": "remove", "path": f"{ENTERPRISE}:manager"}],
        }
        assert _tried(some.send("PATCH", f"/Users/{user}", sent, DRY))["changes"] == []
    (change,) = _tried(some.send("DELETE", f"/Groups/{team}", None, DRY))["changes"]
    assert change["diff"] == [{"path": "members", "removed": 2}]
    (change,) = _tried(whole.send("DELETE", f"/Groups/{team}", None, DRY))["changes"]
    assert change["diff"] == [{"path": "members", "removed": 4}]


def test_a_dry_run_has_the_status_that_the_profile_has_for_the_write(gateway: Gateway) -> None:
    client = Client(gateway, "local-forsta-token", "/forsta/v2")
    expanded = "urn:ietf:params:scim:schemas:expanded:2.0:User"
    user = {"emails": [{"value": "dry@forsta.test"}], expanded: {"languageId": 9}}
    group = {"displayName": "dry"}
    for path, body, after_deletion in (("/Users", user, 200), ("/Groups", group, 204)):
        tried = _tried(client.send("POST", path, body, DRY))
        made = client.send("POST", path, body)
        assert (tried["status"], made.status) == ("200", 200)
        item = f"{path}/{made.body['id']}"
        tried = _tried(client.send("DELETE", item, None, DRY))
        assert tried["status"] == str(after_deletion)
        assert client.send("DELETE", item).status == after_deletion


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/Jobs"), ("PUT", "/Definitions"), ("POST", "/Events")]
)
def test_a_dry_run_that_is_not_supported_changes_nothing(
    gateway: Gateway, client: Client, method: str, path: str
) -> None:
    before = _stored(gateway)
    refused = client.send(method, path, {"kind": "export"}, DRY)
    assert (refused.status, refused.body["scimType"]) == (400, "invalidValue")
    assert _stored(gateway) == before


def test_a_search_is_no_write(client: Client) -> None:
    body = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], "count": 1}
    answer = client.send("POST", "/Users/.search", body, DRY)
    assert answer.status == 200
    assert "preference-applied" not in answer.headers


def test_changes_that_do_not_fit_a_response_are_refused(gateway: Gateway) -> None:
    make_tenant(gateway, "dry-large")
    client = Client(gateway, secret_of(gateway, "dry-large", "*"))
    phones = [{"value": f"{n}", "display": '"' * 400} for n in range(1000)]
    ids = [client.user(f"large-{n}", phoneNumbers=phones)["id"] for n in range(4)]
    patch = {"schemas": [PATCH], "Operations": [{"op": "remove", "path": "phoneNumbers"}]}
    operations = [{"method": "PATCH", "path": f"/Users/{id_}", "data": patch} for id_ in ids]
    refused = client.send("POST", "/Bulk", {"schemas": [BULK], "Operations": operations}, DRY)
    assert refused.status == 413
    assert "try fewer operations at once" in refused.body["detail"]
    some = {"schemas": [BULK], "Operations": operations[:2]}
    assert len(_tried(client.send("POST", "/Bulk", some, DRY))[DRY_RUN]["changes"]) == 2
