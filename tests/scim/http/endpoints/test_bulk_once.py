"""A Bulk request with an Idempotency-Key can be repeated after any death: nothing is done twice."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from scim.errors import Conflict, KeyReused
from scim.fsck import open_work, violations
from scim.http.message.response import Reply
from scim.http.routes.jobs import job_routes
from scim.resource.history.once import LEASE
from scim.schema.message_uri import BULK_REQUEST_URN
from scim.store.dynamodb.capacity import Meter
from scim.store.dynamodb.retry import Retry
from scim.store.dynamodb.table import Table
from scim.store.guards.idempotency import IdempotencyKeys
from tests.contract.stores import moto_client
from tests.fakes.client import request
from tests.fakes.endpoint import SetClock
from tests.fakes.operations import gone, group, managed, named, user
from tests.fakes.workshop import UUID, WIDTH, Workshop, stands, workshop
from tests.scim.store.faults import dying, dying_or_done

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

OPERATIONS = [
    group("staff", "ann", "bob", "cy"),  # more members than a transaction of this width holds
    *[user(name) for name in ("ann", "bob", "cy")],
    managed("chief", "deputy"),
    managed("deputy", "chief"),
    user("ANN"),
    named("/Users/bulkId:bob", "Bob"),
    gone("/Users/bulkId:cy"),
]
START = "2026-11-29T10:00:00.000Z"


@pytest.fixture(scope="module")
def client() -> Iterator["DynamoDBClient"]:
    with moto_client() as moto:
        yield moto


class Sender:
    """Sends a Bulk request again and again, each time later than what it was taken for dead by."""

    def __init__(self, client: "DynamoDBClient") -> None:
        self.shop = workshop(client, WIDTH)
        self.clock = SetClock(START)
        table = Table(client, self.shop.table, Meter(), Retry())
        own = self.shop.job_context.deployment
        deployment = replace(own, keys=IdempotencyKeys(table, 86_400), clock=self.clock)
        self._route = job_routes(deployment, self.shop.job_context.backend)["/Bulk"]

    def send(
        self,
        operations: list[dict[str, Any]] = OPERATIONS,
        seconds: Callable[[], float] = lambda: 20.0,
        **headers: str,
    ) -> Reply:
        # One at a time, so that writes have an order.
        body = {"schemas": [BULK_REQUEST_URN], "failOnErrors": 9, "Operations": operations}
        sent = request("POST", {}, {"idempotency-key": "k", **headers}, body)
        return self._route(replace(sent, time_left=seconds))

    def wait(self, seconds: int = LEASE) -> None:
        later = datetime.fromisoformat(self.clock.time) + timedelta(seconds=seconds)
        self.clock.time = later.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def told(reply: Reply) -> str:
    """Return the answer with ids named in the order in which they appear, versions apart."""
    assert reply.status == 200
    names: dict[str, str] = {}
    text = re.sub(r'W/\\"[^"]*\\"', "W/", json.dumps(reply.body))
    return UUID.sub(lambda found: names.setdefault(found[0], f"id{len(names)}"), text)


def of_kind(shop: Workshop, kind: str) -> list[Any]:
    return [item for item in shop.items() if item["k"]["S"] == kind]


def undisturbed(client: "DynamoDBClient") -> tuple[str, list[Any]]:
    sender = Sender(client)
    return told(sender.send()), stands(sender.shop)


@pytest.mark.parametrize(
    ("moment", "stride"),
    [
        ("before-call", 9),
        pytest.param("before-call", 1, marks=pytest.mark.long),
        pytest.param("after-call", 1, marks=pytest.mark.long),
    ],
)
@pytest.mark.timeout(400)
def test_after_a_death_at_any_write_the_next_request_completes_the_work(
    client: "DynamoDBClient", moment: str, stride: int
) -> None:
    answer, state = undisturbed(client)
    position = 0
    while True:
        sender = Sender(client)
        with dying_or_done(client, moment, position) as death:
            sender.send()
        kept = of_kind(sender.shop, "result")
        sender.wait()
        first, again = sender.send(), sender.send()
        assert told(first) == answer
        assert (again.status, again.body) == (first.status, first.body)
        assert stands(sender.shop) == state
        assert [each for each in of_kind(sender.shop, "result") if each in kept] == kept
        assert (violations(sender.shop.items()), open_work(sender.shop.items())) == ([], [])
        if not death.has_died:
            break
        position += stride
    assert position > len(OPERATIONS)


def test_a_repeated_request_is_a_conflict_until_the_lease_ends(client: "DynamoDBClient") -> None:
    sender = Sender(client)
    with dying(client, "before-call", 2):
        sender.send()
    sender.wait(LEASE - 1)
    with pytest.raises(Conflict, match="in progress"):
        sender.send()


def test_another_body_under_the_key_of_a_dead_request_is_refused(client: "DynamoDBClient") -> None:
    sender = Sender(client)
    with dying(client, "before-call", 2):
        sender.send()
    sender.wait()
    with pytest.raises(KeyReused):
        sender.send([user("other")])
    assert "other" not in str(sender.shop.items())


def test_the_same_request_as_a_job_is_another_request(client: "DynamoDBClient") -> None:
    sender = Sender(client)
    sender.send()
    with pytest.raises(KeyReused):
        sender.send(prefer="respond-async")
    assert of_kind(sender.shop, "job") == []


def test_after_the_key_expired_the_request_is_performed_again(client: "DynamoDBClient") -> None:
    sender = Sender(client)
    one = [group("again")]
    assert statuses(sender.send(one)) == ["201"]
    sender.wait(86_400)
    assert statuses(sender.send(one)) == ["409"], "its receipt is not this request's"


def test_operations_without_time_are_done_when_sent_again(client: "DynamoDBClient") -> None:
    sender, some = Sender(client), [user("early"), user("late")]
    seconds = iter([9.0, 1.0])
    first = sender.send(some, seconds=lambda: next(seconds))
    assert statuses(first) == ["201", "503"]
    again = sender.send(some)
    assert statuses(again) == ["201", "201"]
    assert (again.body or {})["Operations"][0] == (first.body or {})["Operations"][0]
    assert sender.send(some).body == again.body
    assert [name for name, _ in stands(sender.shop)] == ["early", "late"]


def statuses(reply: Reply) -> list[str]:
    assert reply.body is not None
    operations: Any = reply.body["Operations"]
    return [each["status"] for each in operations]
