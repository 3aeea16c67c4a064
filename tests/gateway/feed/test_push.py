"""Events are pushed to a tenant's receiver (RFC 8935), and none is lost while the receiver refuses them."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import boto3
import pytest

from local.gateway import Gateway
from scim.bootstrap.access import Access, access_in
from tests.contract.stores import stored_items
from tests.fakes.receiver import Receiver, receiving
from tests.gateway.bulk.operations import user
from tests.gateway.feed.feed_client import FeedClient, bulk
from tests.gateway.feed.sets import ASYNC, verified

ATTEMPTS = 3


@pytest.fixture(scope="module")
def gateway() -> Iterator[Gateway]:
    settings = {"PushSeconds": "0", "PushAttempts": str(ATTEMPTS), "SCIM_LOOPBACK_ISSUERS": "1"}
    with Gateway.start(overrides={**settings, "LogLevel": "ERROR"}) as opened:
        name = f"scim/{opened.template.scope.stack}/receiver"
        boto3.client("secretsmanager").create_secret(Name=name, SecretString="Bearer of-rfc")
        yield opened


@pytest.fixture(scope="module")
def access(gateway: Gateway) -> Access:
    return access_in(boto3.client("dynamodb"), gateway.store.tables["Table"])


@pytest.fixture(scope="module")
def _receiver(access: Access) -> Iterator[Receiver]:
    with receiving() as receiver:
        settled = {"push_url": receiver.url, "push_secret": "receiver"}
        access.feeds.change("rfc", lambda _: settled)
        access.feeds.change("entra", lambda _: {**settled, "push_events": ["prov:deactivate"]})
        yield receiver


@pytest.fixture
def receiver(_receiver: Receiver) -> Receiver:
    _receiver.got.clear()
    _receiver.accepts()
    return _receiver


@pytest.fixture
def client(gateway: Gateway) -> FeedClient:
    return FeedClient(gateway, "rfc")


def told(client: FeedClient, receiver: Receiver) -> list[dict[str, Any]]:
    """Deliver what there is; return the claims that came, verified by the published key."""
    client.gateway.event_sources.pump()
    return [verified(client.gateway, token) for token, _ in receiver.got]


def test_the_response_to_each_operation_of_a_job_is_pushed_beside_its_change(
    client: FeedClient, receiver: Receiver
) -> None:
    txn = bulk(client, user("pushed-later", "a"), user("PUSHED-later", "b"))
    sets = told(client, receiver)
    answered = {each["txn"]: each["events"][ASYNC] for each in sets if ASYNC in each["events"]}
    assert {name: each["status"] for name, each in answered.items()} == {
        f"{txn}:0": "201",
        f"{txn}:1": "409",
    }
    (created,) = [each for each in sets if ASYNC not in each["events"]]
    assert created["txn"] == txn
    assert {headers["authorization"] for _, headers in receiver.got} == {"Bearer of-rfc"}


def queue(gateway: Gateway, logical_id: str) -> str:
    return str(gateway.template.scope.value_of({"Ref": logical_id}))


def waiting(gateway: Gateway, logical_id: str) -> int:
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    answer = boto3.client("sqs").get_queue_attributes(
        QueueUrl=queue(gateway, logical_id), AttributeNames=names
    )
    return sum(int(each) for each in answer["Attributes"].values())


def redriven(gateway: Gateway) -> int:
    """Do what an operator does: move what was given up back into the queue."""
    sqs, moved = boto3.client("sqs"), 0
    failures = queue(gateway, "PushFailures")
    while messages := sqs.receive_message(QueueUrl=failures, MaxNumberOfMessages=10).get(
        "Messages", []
    ):
        for each in messages:
            sqs.send_message(QueueUrl=queue(gateway, "PushQueue"), MessageBody=each["Body"])
            sqs.delete_message(QueueUrl=failures, ReceiptHandle=each["ReceiptHandle"])
            moved += 1
    return moved


def test_an_event_is_pushed_once_signed_and_with_the_receivers_secret(
    client: FeedClient, receiver: Receiver
) -> None:
    id_ = client.user("pushed")
    (claims,) = told(client, receiver)
    assert claims["sub_id"]["uri"] == f"/Users/{id_}"
    assert claims["aud"] == "urn:serverless-scim:tenant:rfc"
    ((_, headers),) = receiver.got
    assert headers["content-type"] == "application/secevent+jwt"
    assert (headers["accept"], headers["authorization"]) == ("application/json", "Bearer of-rfc")
    assert told(client, receiver) == [claims]
    assert waiting(client.gateway, "PushQueue") == waiting(client.gateway, "PushFailures") == 0


def test_a_polled_event_and_the_pushed_one_have_the_same_jti(
    client: FeedClient, receiver: Receiver
) -> None:
    client.made("POST", "/Events", {})
    client.user("both")
    (pushed,) = told(client, receiver)
    assert pushed["jti"] in client.made("POST", "/Events", {})["sets"]


def test_a_receiver_gets_the_events_it_wants_only(gateway: Gateway, receiver: Receiver) -> None:
    client = FeedClient(gateway, "entra")
    id_ = client.user("leaver", active=True)
    client.patch(f"/Users/{id_}", {"op": "replace", "path": "title", "value": "x"})
    client.patch(f"/Users/{id_}", {"op": "replace", "path": "active", "value": False})
    (claims,) = told(client, receiver)
    assert "urn:ietf:params:scim:event:prov:deactivate" in claims["events"]


def test_an_event_that_a_receiver_refused_with_503_is_pushed_again(
    client: FeedClient, receiver: Receiver
) -> None:
    id_ = client.user("again")
    receiver.answers = [(503, None, {}), (202, None, {})]
    first, second = told(client, receiver)
    assert first == second
    assert first["sub_id"]["uri"] == f"/Users/{id_}"


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, None),
        (302, None),
        (400, {"err": "authentication_failed", "description": "no"}),
        (400, {"err": "invalid_key", "description": "no"}),
        (400, ["no object"]),
        (404, None),
    ],
    ids=["fails", "leads elsewhere", "knows us not", "has an old key", "says what", "is not there"],
)
@pytest.mark.sampled(3)
def test_a_receiver_that_refuses_for_long_loses_nothing(
    client: FeedClient, receiver: Receiver, status: int, body: object
) -> None:
    gateway = client.gateway
    receiver.refuses(status, body, Location=receiver.url.partition("?")[0])
    people = {client.user(f"kept-{status}-{n}-{json.dumps(body)}") for n in range(3)}
    told(client, receiver)
    assert waiting(gateway, "PushFailures") == len(people)
    assert len(receiver.got) <= ATTEMPTS * len(people)
    receiver.got.clear()
    receiver.accepts()
    assert redriven(gateway) == len(people)
    arrived = {each["sub_id"]["uri"].rpartition("/")[2] for each in told(client, receiver)}
    assert arrived == people
    assert waiting(gateway, "PushFailures") == waiting(gateway, "PushQueue") == 0


def test_an_event_that_a_receiver_cannot_read_goes_to_the_failure_queue(
    client: FeedClient, receiver: Receiver
) -> None:
    receiver.refuses(400, {"err": "invalid_request", "description": "no"})
    client.user("unreadable")
    assert len(told(client, receiver)) == 1
    assert waiting(client.gateway, "PushFailures") == 1
    assert waiting(client.gateway, "PushQueue") == 0
    assert redriven(client.gateway) == 1
    receiver.accepts()
    told(client, receiver)


def test_a_message_says_nothing_of_the_resource(client: FeedClient, receiver: Receiver) -> None:
    receiver.refuses(400, {"err": "invalid_request"})
    client.user("secretive@example.com")
    told(client, receiver)
    failures = queue(client.gateway, "PushFailures")
    (message,) = boto3.client("sqs").receive_message(QueueUrl=failures)["Messages"]
    assert json.loads(message["Body"]).keys() == {"tenant", "lane", "position", "place"}
    boto3.client("sqs").delete_message(QueueUrl=failures, ReceiptHandle=message["ReceiptHandle"])


def test_a_tenant_can_switch_its_feed_off(gateway: Gateway, access: Access) -> None:
    access.feeds.change("interop-strict", lambda _: {"is_on": False})
    client = FeedClient(gateway, "interop-strict")
    client.user("unlogged")
    gateway.event_sources.pump()
    assert client.ask("POST", "/Events", {})[0] == 501
    assert client.ask("GET", "/Users/.deltaToken")[0] == 501
    _, config = client.ask("GET", "/ServiceProviderConfig")
    assert "deltaQuery" not in config
    assert "securityEvents" not in config
    items = stored_items(boto3.client("dynamodb"), gateway.store.tables["Table"])
    assert not [each for each in items if each["pk"]["S"].startswith("T#interop-strict#log")]


def test_a_suspended_tenants_events_wait_and_a_forgotten_ones_are_dropped(
    gateway: Gateway, access: Access, receiver: Receiver
) -> None:
    client = FeedClient(gateway, "rfc")
    receiver.refuses(503)
    client.user("of-the-suspended")
    told(client, receiver)
    assert redriven(gateway) == 1
    receiver.got.clear()
    receiver.accepts()
    tenant = access.tenants.find("rfc")
    assert tenant is not None
    access.tenants.change(tenant, replace(tenant, suspended_at="2026-03-01T10:00:00.000Z"))
    assert told(client, receiver) == []
    assert waiting(gateway, "PushQueue") == 1
    access.tenants.remove("rfc")
    boto3.client("sqs").purge_queue(QueueUrl=queue(gateway, "PushQueue"))
    place = {"tenant": "rfc", "lane": 0, "position": 0, "place": 0}
    boto3.client("sqs").send_message(
        QueueUrl=queue(gateway, "PushQueue"), MessageBody=json.dumps(place)
    )
    assert told(client, receiver) == []
    assert waiting(gateway, "PushQueue") == waiting(gateway, "PushFailures") == 0
    access.tenants.create(tenant)
