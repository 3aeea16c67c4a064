"""A POST with an Idempotency-Key is made once, and answered the same however often it is sent."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from unittest.mock import patch

import boto3
import pytest
from botocore.exceptions import ReadTimeoutError
from moto.core.models import botocore_stubber

from local.gateway import Gateway
from scim.resource.history.once import LEASE
from tests.contract.stores import stored_items
from tests.gateway.access import make_tenant, secret_of
from tests.gateway.client import ERROR, GROUP, USER, Answered, Client

KEY = {"Idempotency-Key": '"8e03978e-40d5-43e8-bc93-6894a57f9324"'}


def _key(name: str) -> dict[str, str]:
    return {"Idempotency-Key": f'"{name}"'}


def _user(name: str, **more: Any) -> dict[str, Any]:
    return {"schemas": [USER], "userName": name, **more}


def _rows(gateway: Gateway) -> list[dict[str, Any]]:
    items = stored_items(boto3.client("dynamodb"), gateway.store.tables["Table"])
    return [item for item in items if item["k"]["S"] == "once"]


def _without(gateway: Gateway, *names: str, age: int = 0) -> None:
    """Make the only key's item what a process that died has left."""
    (row,) = _rows(gateway)
    for name in names:
        row.pop(name, None)
    row["at"]["N"] = str(int(row["at"]["N"]) - age)
    boto3.client("dynamodb").put_item(TableName=gateway.store.tables["Table"], Item=row)


def _forget(gateway: Gateway) -> None:
    """Forget every key."""
    for row in _rows(gateway):
        key = {part: row[part] for part in ("pk", "sk")}
        boto3.client("dynamodb").delete_item(TableName=gateway.store.tables["Table"], Key=key)


@pytest.fixture(name="client")
def _client(gateway: Gateway) -> Client:
    return Client(gateway)


def _plain(answer: Answered) -> tuple[int, Any, str | None, str | None]:
    return answer.status, answer.body, answer.headers.get("location"), answer.headers.get("etag")


def test_a_key_is_the_requests_own_although_the_stores_answer_got_lost(client: Client) -> None:
    answered, lost = botocore_stubber.process_request, list[str]()

    def lose_first(request: Any) -> Any:
        answer = answered(request)
        if b'"once"' in (request.body or b"") and not lost:
            lost.append(request.url)
            raise ReadTimeoutError(endpoint_url=request.url)
        return answer

    with patch.object(botocore_stubber, "process_request", lose_first):
        first = client.send("POST", "/Users", _user("once-silent"), _key("silent"))
    assert (len(lost), first.status) == (1, 201)
    again = client.send("POST", "/Users", _user("once-silent"), _key("silent"))
    assert _plain(again) == _plain(first)


def test_the_second_answer_is_the_first(client: Client) -> None:
    first = client.send("POST", "/Users", _user("once-kim"), KEY)
    assert first.status == 201
    client.patch(f"/Users/{first.body['id']}", {"op": "add", "path": "title", "value": "Dr"})
    assert _plain(client.send("POST", "/Users", _user("once-kim"), KEY)) == _plain(first)
    client.send("DELETE", f"/Users/{first.body['id']}")
    assert _plain(client.send("POST", "/Users", _user("once-kim"), KEY)) == _plain(first)
    assert client.send("GET", f"/Users/{first.body['id']}").status == 404


def test_a_group_is_made_once_with_all_its_members(client: Client) -> None:
    users = [{"value": client.user(f"once-m{n}")["id"]} for n in range(60)]
    body = {"schemas": [GROUP], "displayName": "Once", "members": users}
    first = client.send("POST", "/Groups", body, _key("group"))
    assert first.status == 201
    assert _plain(client.send("POST", "/Groups", body, _key("group"))) == _plain(first)
    assert len(client.send("GET", f"/Groups/{first.body['id']}").body["members"]) == 60


def test_the_key_of_another_request_is_refused(client: Client) -> None:
    client.send("POST", "/Users", _user("once-a"), _key("reused"))
    refused = client.send("POST", "/Users", _user("once-b"), _key("reused"))
    assert (refused.status, refused.body["schemas"]) == (422, [ERROR])
    assert "Idempotency-Key" in refused.body["detail"]
    found = client.send("GET", '/Users?filter=userName%20eq%20"once-b"')
    assert found.body["totalResults"] == 0


def test_a_retry_after_a_lost_answer_finds_the_created_resource(
    gateway: Gateway, client: Client
) -> None:
    _forget(gateway)
    first = client.send("POST", "/Users", _user("once-lost"), _key("lost"))
    _without(gateway, "z")
    again = client.send("POST", "/Users", _user("once-lost"), _key("lost"))
    assert _plain(again) == _plain(first)
    client.send("DELETE", f"/Users/{first.body['id']}")
    assert _plain(client.send("POST", "/Users", _user("once-lost"), _key("lost"))) == (
        201,
        None,
        first.headers["location"],
        None,
    )


def test_a_key_in_use_is_a_conflict_until_its_lease_ends(gateway: Gateway, client: Client) -> None:
    _forget(gateway)
    made = client.send("POST", "/Users", _user("once-flight"), _key("flight"))
    client.send("DELETE", f"/Users/{made.body['id']}")
    _without(gateway, "z", "i")
    refused = client.send("POST", "/Users", _user("once-flight"), _key("flight"))
    assert (refused.status, refused.body["schemas"]) == (409, [ERROR])
    _without(gateway, age=LEASE + 1)
    assert client.send("POST", "/Users", _user("once-flight"), _key("flight")).status == 201


def test_a_refusal_frees_the_key(gateway: Gateway, client: Client) -> None:
    before = len(_rows(gateway))
    assert client.send("POST", "/Users", {"schemas": [USER]}, _key("freed")).status == 400
    assert len(_rows(gateway)) == before
    assert client.send("POST", "/Users", _user("once-freed"), _key("freed")).status == 201


def test_a_key_is_its_callers_own(gateway: Gateway, client: Client) -> None:
    assert client.send("POST", "/Users", _user("once-own"), _key("own")).status == 201
    assert client.send("POST", "/Groups", {"schemas": [GROUP], "displayName": "O"}, _key("own"))
    other = Client(gateway, secret_of(gateway, "demo", "*"))
    assert other.send("POST", "/Users", _user("once-other"), _key("own")).status == 201
    make_tenant(gateway, "once")
    stranger = Client(gateway, secret_of(gateway, "once", "*"))
    assert stranger.send("POST", "/Users", _user("once-third"), _key("own")).status == 201


@pytest.mark.parametrize(
    ("key", "status"),
    [
        pytest.param('"a b"', 201, id="spaces"),
        pytest.param("3f1c", 201, id="no quotes"),
        pytest.param('"', 400, id="half a string"),
        pytest.param('""', 400, id="empty"),
        pytest.param(f'"{"x" * 256}"', 400, id="too long"),
        pytest.param('"ä"', 400, id="not printable ASCII"),
    ],
)
def test_a_key_is_a_quoted_or_plain_string(client: Client, key: str, status: int) -> None:
    body = _user(f"once-{abs(hash(key))}")
    assert client.send("POST", "/Users", body, {"Idempotency-Key": key}).status == status


def test_a_dry_run_takes_no_key(gateway: Gateway, client: Client) -> None:
    before = len(_rows(gateway))
    body = _user("once-dry")
    client.send("POST", "/Users", body, {"Prefer": "dry-run", **_key("dry")})
    assert len(_rows(gateway)) == before
    assert client.send("POST", "/Users", body, _key("dry")).status == 201


def test_simultaneous_requests_with_one_key_create_one_resource(client: Client) -> None:
    with ThreadPoolExecutor(6) as pool:
        sent = [
            pool.submit(client.send, "POST", "/Groups", {"displayName": "Storm"}, _key("storm"))
            for _ in range(6)
        ]
        answers = [each.result() for each in sent]
    made = {each.body["id"] for each in answers if each.status == 201}
    assert len(made) == 1
    assert {each.status for each in answers} <= {201, 409}


def test_a_key_costs_four_units_and_can_be_switched_off() -> None:
    def cost(answer: Answered) -> float:
        return float(answer.headers["x-scim-cost"].partition("wcu=")[2])

    with Gateway.start(overrides={"LogLevel": "ERROR", "Meter": "1"}) as gateway:
        client = Client(gateway)
        plain = client.send("POST", "/Users", _user("plain"))
        keyed = client.send("POST", "/Users", _user("keyed"), KEY)
        again = client.send("POST", "/Users", _user("keyed"), KEY)
    assert cost(keyed) - cost(plain) == 4
    assert cost(again) == 1
    with Gateway.start(overrides={"LogLevel": "ERROR", "IdempotencySeconds": "0"}) as gateway:
        client = Client(gateway)
        statuses = [client.send("POST", "/Users", _user("off"), KEY).status for _ in range(2)]
    assert statuses == [201, 409]


def test_a_repeated_creation_at_me_makes_one_resource() -> None:
    with Gateway.start(overrides={"Me": "create", "LogLevel": "ERROR"}) as gateway:
        make_tenant(gateway, "own")
        own = Client(gateway, secret_of(gateway, "own", "*", subject="userName:kim-me"))
        first = own.send("POST", "/Me", _user("kim-me"), KEY)
        assert first.status == 201, first.body
        assert _plain(own.send("POST", "/Me", _user("kim-me"), KEY)) == _plain(first)
        assert own.send("POST", "/Me", _user("kim-me")).status == 409
        assert own.send("POST", "/Me", _user("kim-me", title="x"), KEY).status == 422
        assert own.send("GET", "/Me", headers=KEY).body["id"] == first.body["id"]
