"""`make run` delivers the table's stream through the template's own event sources."""

import json
from collections.abc import Iterator
from threading import Event
from typing import Any

import boto3
import pytest

from local.gateway import Gateway
from local.streams import pump
from local.streams.pump import EventSources
from local.streams.queues import url_of
from local.streams.source import sources_of
from scim.store.dynamodb.capacity import Meter
from scim.store.dynamodb.retry import Retry
from scim.store.dynamodb.table import Table
from scim.store.feed.change_log import ChangeLog
from scim.store.keys.feed import LANES

USER = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"]}
TYPE = {"Authorization": "Bearer local-demo-token", "Content-Type": "application/scim+json"}


@pytest.fixture(scope="module")
def gateway() -> Iterator[Gateway]:
    with Gateway.start() as opened:
        yield opened


def create(gateway: Gateway, name: str) -> dict[str, Any]:
    body = json.dumps({**USER, "userName": name}).encode()
    answer = gateway.handle("POST", "/scim/v2/Users", TYPE, body)
    assert answer.status == 201
    created: dict[str, Any] = json.loads(answer.body)
    return created


def logged(gateway: Gateway) -> list[str]:
    (name,) = gateway.store.tables.values()
    log = ChangeLog(Table(boto3.client("dynamodb"), name, Meter(), Retry()), lambda: "")
    pages = (page for lane in range(LANES) for page in log.read("demo", lane, 0, 1000))
    return [entry.key.id for page in pages for entry in page.entries]


def test_a_request_is_logged_once_however_often_the_stream_is_read(gateway: Gateway) -> None:
    created = create(gateway, "ann")
    gateway.event_sources.pump()
    gateway.event_sources.pump()
    assert logged(gateway).count(created["id"]) == 1


def test_an_unreadable_record_ends_in_the_queue_and_holds_up_no_other(gateway: Gateway) -> None:
    (name,) = gateway.store.tables.values()
    poison = {
        "pk": "T#demo#User",
        "sk": "poison",
        "k": "resource",
        "z": b"\xff",
        "m": "",
        "by": b"\xff",
    }
    wire = {k: {"B": v} if isinstance(v, bytes) else {"S": v} for k, v in poison.items()}
    boto3.client("dynamodb").put_item(TableName=name, Item={**wire, "v": {"N": "1"}})
    created = create(gateway, "bob")
    gateway.event_sources.pump()
    assert created["id"] in logged(gateway)
    source = next(s for s in sources_of(gateway.template) if s.failures)
    answer = boto3.client("sqs").receive_message(QueueUrl=url_of(source.failures))
    (told,) = [json.loads(message["Body"]) for message in answer["Messages"]]
    assert told["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert told["DDBStreamBatchInfo"]["batchSize"] == 1


def test_a_refused_transaction_leaves_no_stream_records(gateway: Gateway) -> None:
    create(gateway, "carol")
    gateway.event_sources.pump()
    before = len(logged(gateway))
    body = json.dumps({**USER, "userName": "CAROL"}).encode()
    assert gateway.handle("POST", "/scim/v2/Users", TYPE, body).status == 409
    gateway.event_sources.pump()
    assert len(logged(gateway)) == before


def test_sources_that_do_not_respond_once_are_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pump, "AFTER_FAILURE", 0.01)
    read, outcomes = Event(), [ConnectionError("no response")]

    class Sources(EventSources):
        def pump(self) -> int:
            if outcomes:
                raise outcomes.pop()
            read.set()
            return 0

    sources = Sources((), {}, lambda *_: None)
    sources.begin()
    assert read.wait(10)
    sources.end()
