"""An unreadable record ends in the failure queue and holds up no other."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from local.gateway import Gateway
from local.streams.queues import url_of
from tests.gateway.feed.feed_client import FeedClient
from tests.gateway.feed.sets import drained


@pytest.fixture(scope="module")
def gateway() -> Iterator[Gateway]:
    with Gateway.start(overrides={"LogLevel": "CRITICAL"}) as opened:
        yield opened


def given_up(gateway: Gateway) -> list[dict[str, Any]]:
    """Return what the queue of failures was told, and empty it."""
    sqs, url = boto3.client("sqs"), url_of(gateway.template.scope.arn_of("FeedFailures"))
    found: list[dict[str, Any]] = []
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for message in messages:
            found.append(json.loads(message["Body"]))
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return found


def spoiled(gateway: Gateway, partition: str, sort_key: str, **held: Any) -> None:
    """Write an item of the table that this version cannot read."""
    (table,) = gateway.store.tables.values()
    key = {"pk": {"S": partition}, "sk": {"S": sort_key}, "s": {"N": "1"}}
    boto3.client("dynamodb").put_item(TableName=table, Item={**key, **held})


def test_a_change_that_cannot_be_read_ends_in_the_queue_and_all_others_are_logged(
    gateway: Gateway,
) -> None:
    client, other = FeedClient(gateway, "rfc"), FeedClient(gateway, "default")
    tokens = {each: each.token() for each in (client, other)}
    before = client.user("before")
    unreadable = {"k": {"S": "resource"}, "v": {"N": "1"}, "z": {"B": b"\x00never deflated"}}
    spoiled(gateway, "T#rfc#User", "poison", **unreadable, m={"S": "2026-11-29T10:00:00.000Z"})
    behind = [client.user(f"behind{number}") for number in range(3)]
    elsewhere = other.user("elsewhere")
    gateway.event_sources.pump()
    (failure,) = given_up(gateway)
    assert "ChangeLogFunction" in failure["requestContext"]["functionArn"]
    assert failure["DDBStreamBatchInfo"]["batchSize"] == 1, "alone, not those beside it"
    made = sorted(("Create", id_) for id_ in (before, *behind))
    assert sorted(client.changes(tokens[client])) == made
    assert other.changes(tokens[other]) == [("Create", elsewhere)]
    assert given_up(gateway) == []


def test_an_unreadable_item_of_the_log_ends_in_the_queue_and_all_others_are_published(
    gateway: Gateway,
) -> None:
    client = FeedClient(gateway, "rfc")
    sqs, events = boto3.client("sqs"), boto3.client("events")
    url = sqs.create_queue(QueueName="told")["QueueUrl"]
    bus = gateway.template.scope.name_of("ScimEvents")
    events.put_rule(Name="told", EventBusName=bus, EventPattern='{"detail":{"tenant":["rfc"]}}')
    arn = "arn:aws:sqs:us-east-1:123456789012:told"
    events.put_targets(Rule="told", EventBusName=bus, Targets=[{"Id": "1", "Arn": arn}])
    drained(client)
    spoiled(gateway, "T#gone#log#0", "000000000000", k={"S": "log"}, n={"N": "1"}, z={"B": b"x"})
    behind = client.user("told-behind")
    gateway.event_sources.pump()
    (failure,) = given_up(gateway)
    assert "PublishFunction" in failure["requestContext"]["functionArn"]
    assert failure["DDBStreamBatchInfo"]["batchSize"] == 1
    (message,) = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    assert json.loads(message["Body"])["detail"]["id"] == behind
    assert [each["sub_id"]["uri"] for each in drained(client)] == [f"/Users/{behind}"]
