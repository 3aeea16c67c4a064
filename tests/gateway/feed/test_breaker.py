"""The breaker stops callers that remove too much at a time until an operator releases it."""

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256

import boto3
import pytest

from local.gateway import Gateway
from scim.bootstrap.administration import administration_on
from scim.errors import Conflict
from scim.service.administration.operations import performed
from scim.service.administration.ports import Actor, OperationResult
from scim.settings import Settings
from tests.gateway.access import access_of, make_tenant, secret_of
from tests.gateway.client import ERROR, USER, Answered, Client
from tests.gateway.transfer import ended

LIMITS = {
    "LogLevel": "ERROR",
    "BreakerNumber": "5",
    "BreakerPercent": "0",
    "BreakerNewSeconds": "0",
}


@pytest.fixture(name="guarded", scope="module")
def _guarded() -> Iterator[Gateway]:
    with Gateway.start(overrides=LIMITS) as gateway:
        yield gateway


def _client(gateway: Gateway, tenant: str) -> Client:
    make_tenant(gateway, tenant)
    return Client(gateway, secret_of(gateway, tenant, "*"))


def _require_refused(answer: Answered) -> None:
    assert answer.status == 429
    assert int(answer.headers["retry-after"]) > 0
    assert answer.body["schemas"] == [ERROR]
    assert answer.body["status"] == "429"
    assert "breaker" in answer.body["detail"]


def test_the_deletion_beyond_the_limit_is_refused_as_is_any_other_removal(
    guarded: Gateway,
) -> None:
    client = _client(guarded, "deletes")
    users = [client.user(f"kim{number}")["id"] for number in range(8)]
    group = client.group("All", *users)["id"]
    for id_ in users[:5]:
        assert client.send("DELETE", f"/Users/{id_}").status == 204
    _require_refused(client.send("DELETE", f"/Users/{users[5]}"))
    _require_refused(
        client.patch(f"/Users/{users[5]}", {"op": "replace", "value": {"active": False}})
    )
    _require_refused(client.patch(f"/Groups/{group}", {"op": "remove", "path": "members"}))
    assert client.send("GET", f"/Users/{users[5]}").body.get("active") is not False
    # What takes nothing away goes on.
    assert client.user("new")["id"]
    assert client.patch(f"/Users/{users[6]}", {"op": "add", "value": {"title": "Dr"}}).status == 200


def test_a_put_that_empties_a_group_counts_each_member(guarded: Gateway) -> None:
    client = _client(guarded, "empties")
    users = [client.user(f"kim{number}")["id"] for number in range(6)]
    group = client.group("All", *users)
    emptied = {"schemas": group["schemas"], "displayName": "All", "members": []}
    _require_refused(client.send("PUT", f"/Groups/{group['id']}", emptied))
    assert len(client.send("GET", f"/Groups/{group['id']}").body["members"]) == 6


def test_deleting_a_group_counts_each_member(guarded: Gateway) -> None:
    client = _client(guarded, "ends")
    users = [client.user(f"kim{number}")["id"] for number in range(5)]
    group = client.group("All", *users)["id"]
    _require_refused(client.send("DELETE", f"/Groups/{group}"))


def test_a_removal_refused_for_another_reason_does_not_count(guarded: Gateway) -> None:
    client = _client(guarded, "elsewhere")
    users = [client.user(f"kim{number}")["id"] for number in range(5)]
    for _ in range(10):
        assert client.send("DELETE", "/Users/2819c223").status == 404
        stale = client.send("DELETE", f"/Users/{users[0]}", headers={"If-Match": 'W/"9"'})
        assert stale.status == 412
    for id_ in users:
        assert client.send("DELETE", f"/Users/{id_}").status == 204


def test_operations_of_a_bulk_request_count_one_by_one(guarded: Gateway) -> None:
    client = _client(guarded, "bulk")
    users = [client.user(f"kim{number}")["id"] for number in range(8)]
    deletes = [{"method": "DELETE", "path": f"/Users/{id_}"} for id_ in users]
    schemas = ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"]
    answer = client.send("POST", "/Bulk", {"schemas": schemas, "Operations": deletes})
    statuses = [each["status"] for each in answer.body["Operations"]]
    assert sorted(statuses) == ["204"] * 5 + ["429"] * 3
    assert int(answer.headers["retry-after"]) > 0


def test_a_job_ends_with_what_was_refused(guarded: Gateway) -> None:
    client = _client(guarded, "job")
    users = [client.user(f"kim{number}")["id"] for number in range(8)]
    deletes = [{"method": "DELETE", "path": f"/Users/{id_}"} for id_ in users]
    schemas = ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"]
    asked = client.send(
        "POST",
        "/Bulk",
        {"schemas": schemas, "Operations": deletes},
        {"Prefer": "respond-async"},
    )
    assert asked.status == 202
    path = asked.headers["location"].partition("/scim/v2")[2]
    job = ended(client, path)
    assert (job["status"], job["operations"]) == (
        "completed",
        {"total": 8, "done": 8, "failed": 3},
    )
    result = client.send("GET", f"{path}/Result").body
    assert [each["status"] for each in result["Operations"]].count("429") == 3


def test_an_operator_releases_the_breaker_and_says_how_much_may_go(guarded: Gateway) -> None:
    client = _client(guarded, "released")
    breaker = access_of(guarded).breaker
    users = [client.user(f"kim{number}")["id"] for number in range(9)]
    group = client.group("All", *users)["id"]
    emptied = {"op": "remove", "path": "members"}
    _require_refused(client.patch(f"/Groups/{group}", emptied))
    state = breaker.state("released")
    assert (bool(state.opened_at), state.allowed) == (True, 5)
    breaker.release("released", 4_000_000_000, 9)
    assert client.patch(f"/Groups/{group}", emptied).status == 200
    assert breaker.state("released").left == 0
    _require_refused(client.send("DELETE", f"/Users/{users[0]}"))
    breaker.release("released", 0, None)
    assert client.send("DELETE", f"/Users/{users[0]}").status == 204
    assert breaker.state("released").left == 4


def test_a_dry_run_neither_counts_nor_is_stopped(guarded: Gateway) -> None:
    client, dry = _client(guarded, "tried"), {"Prefer": "dry-run"}
    users = [client.user(f"kim{number}")["id"] for number in range(8)]
    tried = [client.send("DELETE", f"/Users/{id_}", headers=dry).status for id_ in users]
    assert set(tried) == {200}
    statuses = [client.send("DELETE", f"/Users/{id_}").status for id_ in users[:6]]
    assert statuses == [204] * 5 + [429]
    assert client.send("DELETE", f"/Users/{users[6]}", headers=dry).body["status"] == "204"
    _require_refused(client.send("DELETE", f"/Users/{users[6]}"))


@pytest.mark.parametrize(
    "sent",
    [
        {"path": "active", "value": "False"},
        {"path": f"{USER}:active", "value": False},
        {"value": {"active": "false"}},
        {"value": {USER: {"active": False}}},
        {"value": '{"active": false}'},
        {"path": "active", "value": [False]},
    ],
    ids=str,
)
@pytest.mark.sampled(3)
def test_however_a_deactivation_is_written_it_counts(
    guarded: Gateway, sent: dict[str, object]
) -> None:
    tenant = f"written-{sha256(str(sent).encode()).hexdigest()[:8]}"
    client = _client(guarded, tenant)
    access_of(guarded).breaker.settle(tenant, 1, None)
    users = [client.user(f"kim{number}", active=True)["id"] for number in range(2)]
    asked = {"op": "Replace", **sent}
    assert client.patch(f"/Users/{users[0]}", asked).status == 200
    _require_refused(client.patch(f"/Users/{users[1]}", asked))


def test_a_tenant_has_limits_of_its_own(guarded: Gateway) -> None:
    client = _client(guarded, "own")
    breaker = access_of(guarded).breaker
    breaker.settle("own", 2, None)
    users = [client.user(f"kim{number}")["id"] for number in range(4)]
    statuses = [client.send("DELETE", f"/Users/{id_}").status for id_ in users]
    assert statuses == [204, 204, 429, 429]
    assert (
        client.patch(
            f"/Users/{users[3]}", {"op": "replace", "path": "active", "value": True}
        ).status
        == 200
    )


def test_removing_recently_created_resources_does_not_count() -> None:
    overrides = LIMITS | {"BreakerNewSeconds": "3600"}
    with Gateway.start(overrides=overrides) as gateway:
        client = _client(gateway, "young")
        users = [client.user(f"kim{number}")["id"] for number in range(8)]
        assert {client.send("DELETE", f"/Users/{id_}").status for id_ in users} == {204}
        assert access_of(gateway).breaker.state("young").window_began == 0


def test_limits_of_a_tenant_are_refused_where_there_is_no_breaker(guarded: Gateway) -> None:
    make_tenant(guarded, "unguarded")
    table = guarded.store.tables["Table"]
    settings = Settings(table_name=table, breaker_number=0, breaker_percent=0)
    administration = replace(
        administration_on(boto3.client("dynamodb"), settings), usual_breaker=settings.breaker()
    )

    def set_to(**limits: int) -> OperationResult:
        path = "/tenants/unguarded/breaker"
        return performed(administration, Actor("kim"), "PUT", path, limits)

    with pytest.raises(Conflict, match="no breaker"):
        set_to(number=5)
    with pytest.raises(Conflict, match="no breaker"):
        set_to(percent=5)
    # What limits nothing, or removes limits of before, can be set.
    assert set_to(number=0).body["number"] == 0
    assert set_to().body["number"] is None
