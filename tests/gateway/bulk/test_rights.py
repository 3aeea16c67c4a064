"""`/Bulk`: tenants and permissions."""

import json

import boto3
import pytest

from local.gateway import Gateway
from scim.access.tenant import Tenant
from scim.access.token import StoredToken, hash_of
from scim.bootstrap.access import access_in
from tests.gateway.bulk.operations import DATA, DELETE, done, group, id_of, patch, send, user
from tests.gateway.client import Client


@pytest.fixture(name="stranger", scope="module")
def _stranger(gateway: Gateway) -> Client:
    """Return a client of another tenant."""
    return _client(gateway, "stranger", "*")


def _client(gateway: Gateway, tenant: str, *scopes: str) -> Client:
    access = access_in(boto3.client("dynamodb"), gateway.store.tables["Table"])
    secret = f"a-token-for-tests-of-{tenant}"
    token = StoredToken(
        token_id=f"t-{tenant}",
        tenant=tenant if scopes == ("*",) else "demo",
        scopes=scopes,
        label="tests",
        created_at="2026-01-01T00:00:00.000Z",
        expires_at="9999-12-31T00:00:00.000Z",
    )
    if scopes == ("*",):
        access.tenants.create(Tenant(tenant, token.created_at))
    access.tokens.save(hash_of(secret), token)
    return Client(gateway, secret)


def test_ids_of_another_tenant_are_as_unknown_as_ids_that_never_were(
    gateway: Gateway, stranger: Client
) -> None:
    owner = Client(gateway)
    victim = owner.user("victim", displayName="V")
    crowd = owner.group("crowd", victim["id"])
    paths = (f"/Users/{victim['id']}", f"/Groups/{crowd['id']}")
    before = [owner.send("GET", path).body for path in paths]

    def tried(name: str, user_id: str, group_id: str) -> str:
        entries = done(
            stranger,
            {"method": "PUT", "path": f"/Users/{user_id}", "data": DATA},
            patch(f"/Users/{user_id}", {"op": "add", "path": "title", "value": "x"}),
            {"method": "DELETE", "path": f"/Users/{user_id}"},
            {"method": "DELETE", "path": f"/Groups/{group_id}", "version": 'W/"1"'},
            {"method": "DELETE", "path": f"/GroupMembers/{group_id}~{user_id}"},
            patch(
                f"/Groups/{group_id}",
                {"op": "remove", "path": f'members[value eq "{user_id}"]'},
            ),
            group(name, "g", user_id),
            patch(
                "/Groups/bulkId:g",
                {"op": "add", "path": "members", "value": [{"value": user_id}]},
            ),
        )
        made = id_of(entries[6])
        assert stranger.send("GET", f"/Groups/{made}").body["members"] == []
        text = json.dumps(entries)
        return text.replace(made, "GROUP").replace(user_id, "U").replace(group_id, "G")

    unknown = "00000000-0000-4000-8000-00000000000"
    assert tried("a", victim["id"], crowd["id"]) == tried("b", f"{unknown}1", f"{unknown}2")
    assert [owner.send("GET", path).body for path in paths] == before


def test_the_bulk_ids_of_one_request_mean_nothing_in_the_next(
    gateway: Gateway, stranger: Client
) -> None:
    done(Client(gateway), user("named", "remembered"))
    for client in (Client(gateway), stranger):
        (entry,) = done(client, {"method": "DELETE", "path": "/Users/bulkId:remembered"})
        assert entry["status"] == "400"


def test_every_operation_needs_the_permission_it_needs_alone(gateway: Gateway) -> None:
    creator = _client(gateway, "creator", "bulk", "users:create")
    made, denied, grouped = done(
        creator,
        user("permitted", "u"),
        {"method": "DELETE", "path": "/Users/bulkId:u"},
        group("forbidden", "g", "bulkId:u"),
    )
    assert (made["status"], denied["status"], grouped["status"]) == ("201", "403", "403")
    assert Client(gateway).send("GET", f"/Users/{id_of(made)}").status == 200


def test_bulk_itself_needs_a_permission(gateway: Gateway) -> None:
    assert send(_client(gateway, "single", "users:*"), DELETE).status == 403
