"""An Idempotency-Key at /Bulk, /Jobs and /GroupMembers: made once, answered the same."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from local.gateway import Gateway
from scim.resource.history.once import LEASE
from tests.contract.stores import stored_items
from tests.fakes.operations import group, user
from tests.gateway.access import make_tenant, secret_of
from tests.gateway.client import ERROR, Answered, Client
from tests.gateway.transfer import ended

BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
ASYNC = {"Prefer": "respond-async"}
MEMBER = "urn:ietf:params:scim:schemas:core:2.0:GroupMember"


def key(name: str, **more: str) -> dict[str, str]:
    return {"Idempotency-Key": f'"{name}"', **more}


@pytest.fixture(scope="module")
def gateway() -> Iterator[Gateway]:
    overrides = {"LogLevel": "ERROR", "Meter": "1", "MaxOpenJobs": "3"}
    with Gateway.start(overrides=overrides) as opened:
        make_tenant(opened, "members", profile="default+groupMembers")
        yield opened


@pytest.fixture(name="client")
def _client(gateway: Gateway) -> Client:
    return Client(gateway)


@pytest.fixture(name="members", scope="module")
def _members(gateway: Gateway) -> Client:
    return Client(gateway, secret_of(gateway, "members", "*"))


def lose_answers(gateway: Gateway) -> None:
    """Leave of every key what a process that died before it answered has left."""
    client, table = boto3.client("dynamodb"), gateway.store.tables["Table"]
    for row in stored_items(client, table):
        if row["k"]["S"] == "once":
            row.pop("z", None)
            row["at"]["N"] = str(int(row["at"]["N"]) - LEASE - 1)
            client.put_item(TableName=table, Item=row)


def bulk(client: Client, operations: list[dict[str, Any]], headers: dict[str, str]) -> Answered:
    return client.send("POST", "/Bulk", {"schemas": [BULK], "Operations": operations}, headers)


def plain(answer: Answered) -> tuple[int, Any, str | None]:
    return answer.status, answer.body, answer.headers.get("location")


def jobs(client: Client) -> int:
    return int(client.send("GET", "/Jobs?count=0").body["totalResults"])


def named(client: Client, name: str) -> int:
    found = client.send("GET", f'/Users?filter=userName%20eq%20"{name}"')
    return int(found.body["totalResults"])


def refused(answer: Answered) -> bool:
    assert answer.body["schemas"] == [ERROR]
    return answer.status == 422 and "Idempotency-Key" in answer.body["detail"]


def test_a_bulk_request_is_done_once(gateway: Gateway, client: Client) -> None:
    operations = [group("once crew", "o1"), user("o1"), user("o2"), user("o3", emails=True)]
    first = bulk(client, operations, key("bulk"))
    statuses = [each["status"] for each in first.body["Operations"]]
    assert statuses == ["201", "201", "201", "400"]
    assert plain(bulk(client, operations, key("bulk"))) == plain(first)
    assert refused(bulk(client, operations[:1], key("bulk")))
    lose_answers(gateway)
    again = bulk(client, operations, key("bulk"))
    assert [_made(each) for each in again.body["Operations"]] == [
        _made(each) for each in first.body["Operations"]
    ]
    assert named(client, "o1") == 1
    # Without the key, or with another one, it is another request.
    assert plain(bulk(client, operations, {})) != plain(first)


def _made(entry: dict[str, Any]) -> tuple[str, str | None]:
    return entry["status"], entry.get("location")


def test_a_bulk_request_that_is_none_frees_the_key(client: Client) -> None:
    assert bulk(client, [], key("freed")).status == 400
    assert bulk(client, [user("freed")], key("freed")).status == 200


def test_the_cost_of_a_key_on_a_bulk_request_is_counted(client: Client) -> None:
    def units(answer: Answered) -> float:
        return float(answer.headers["x-scim-cost"].partition("wcu=")[2])

    without = bulk(client, [user("c1"), user("c2")], {})
    with_key = bulk(client, [user("c3"), user("c4")], key("cost"))
    # The key and its answer; two receipts; and a counter more, since each is made alone.
    assert units(with_key) - units(without) == 2 + 2 * 2 + 2
    assert units(bulk(client, [user("c3"), user("c4")], key("cost"))) == 1


def test_a_long_request_is_accepted_once(gateway: Gateway, client: Client) -> None:
    before = jobs(client)
    first = bulk(client, [user("long")], key("long", **ASYNC))
    assert first.status == 202
    again = bulk(client, [user("long")], key("long", **ASYNC))
    assert plain(again) == plain(first)
    assert again.headers["set-txn"] == first.headers["set-txn"]
    assert refused(bulk(client, [user("other")], key("long", **ASYNC)))
    assert refused(bulk(client, [user("long")], key("long")))
    lose_answers(gateway)
    assert plain(bulk(client, [user("long")], key("long", **ASYNC))) == plain(first)
    assert jobs(client) == before + 1
    job = first.headers["location"].partition("/scim/v2")[2]
    assert ended(client, job)["status"] == "completed"  # it takes no other test's room


def test_a_job_is_declared_once_and_shown_as_it_is(gateway: Gateway, client: Client) -> None:
    before = jobs(client)
    first = client.send("POST", "/Jobs", {"kind": "import"}, key("job"))
    assert first.status == 201
    client.send("DELETE", f"/Jobs/{first.body['id']}")
    again = client.send("POST", "/Jobs", {"kind": "import"}, key("job"))
    assert (again.status, again.headers["location"]) == (201, first.headers["location"])
    assert (first.body["status"], again.body["status"]) == ("waiting", "cancelled")
    assert refused(client.send("POST", "/Jobs", {"kind": "export"}, key("job")))
    assert jobs(client) == before + 1


def test_a_job_refused_for_lack_of_room_frees_the_key(client: Client) -> None:
    held = [client.send("POST", "/Jobs", {"kind": "import"}) for _ in range(3)]
    while held[-1].status == 201:
        held.append(client.send("POST", "/Jobs", {"kind": "import"}))
    assert client.send("POST", "/Jobs", {"kind": "import"}, key("room")).status == 429
    for each in held[:-1]:
        client.send("DELETE", f"/Jobs/{each.body['id']}")
    made = client.send("POST", "/Jobs", {"kind": "import"}, key("room"))
    assert made.status == 201
    client.send("DELETE", f"/Jobs/{made.body['id']}")


def test_a_membership_is_made_once(gateway: Gateway, members: Client) -> None:
    def body(user_id: str) -> dict[str, Any]:
        return {"schemas": [MEMBER], "group": {"value": crew["id"]}, "member": {"value": user_id}}

    ann, bob = members.user("ann")["id"], members.user("bob")["id"]
    crew = members.group("crew")
    first = members.send("POST", "/GroupMembers", body(ann), key("member"))
    assert first.status == 201, first.body
    assert plain(members.send("POST", "/GroupMembers", body(ann), key("member"))) == plain(first)
    assert members.send("POST", "/GroupMembers", body(ann)).status == 409
    assert refused(members.send("POST", "/GroupMembers", body(bob), key("member")))
    lose_answers(gateway)
    again = members.send("POST", "/GroupMembers", body(ann), key("member"))
    assert plain(again) == plain(first)
    members.send("DELETE", f"/GroupMembers/{first.body['id']}")
    gone = members.send("POST", "/GroupMembers", body(ann), key("member"))
    assert (gone.status, gone.body, gone.headers["location"]) == (
        201,
        None,
        first.headers["location"],
    )
    found = members.send("GET", f"/Groups/{crew['id']}")
    assert found.body["members"] == []


def test_a_membership_that_is_refused_frees_the_key(members: Client) -> None:
    user_id, crew = members.user("cy")["id"], members.group("crew of cy")
    wrong = {"schemas": [MEMBER], "group": {"value": crew["id"]}, "member": {"value": "nobody"}}
    right = {**wrong, "member": {"value": user_id}}
    assert members.send("POST", "/GroupMembers", wrong, key("cy")).status == 400
    assert members.send("POST", "/GroupMembers", right, key("cy")).status == 201
