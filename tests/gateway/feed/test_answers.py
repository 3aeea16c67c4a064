"""Events about responses that the client did not wait for, and about the ids behind large changes."""

import json
from typing import Any

import boto3
import pytest

from local.gateway import Gateway
from scim.store.feed.change_log import AT_ONCE
from tests.gateway.bulk.operations import user
from tests.gateway.client import GROUP
from tests.gateway.feed.feed_client import FeedClient, bulk
from tests.gateway.feed.sets import ASYNC, PROV, drained


def answers(client: FeedClient) -> dict[str, dict[str, Any]]:
    told = [each for each in drained(client) if ASYNC in each["events"]]
    return {each["txn"]: each for each in told}


def test_each_operation_of_a_job_is_an_event_with_its_position(client: FeedClient) -> None:
    taken = client.user("taken")
    drained(client)
    gone = {"method": "DELETE", "path": f"/Users/{taken}"}
    nowhere = {"method": "DELETE", "path": "/Nothing/no id"}
    txn = bulk(client, user("new", "a"), user("New", "b"), gone, nowhere)
    told = answers(client)
    assert set(told) == {f"{txn}:{n}" for n in range(4)}
    payloads = [told[f"{txn}:{n}"]["events"][ASYNC] for n in range(4)]
    assert [(each["method"], each["status"]) for each in payloads] == [
        ("POST", "201"),
        ("POST", "409"),
        ("DELETE", "204"),
        ("DELETE", "404"),
    ]
    assert (payloads[0]["bulkId"], payloads[0]["version"]) == ("a", 'W/"1"')
    assert payloads[1]["response"]["scimType"] == "uniqueness"
    uris = [told[f"{txn}:{n}"]["sub_id"]["uri"] for n in range(4)]
    assert uris[0].startswith("/Users/")
    assert uris[1:] == ["/Users", f"/Users/{taken}", "/Nothing/no id"]


def test_a_long_row_of_operations_is_reported_whole(client: FeedClient) -> None:
    number = 2 * AT_ONCE
    # What fails without an id is all told in one lane of the log.
    nowhere = [{"method": "DELETE", "path": "/Nothing/no id"}] * number
    txn = bulk(client, *nowhere)
    assert set(answers(client)) == {f"{txn}:{n}" for n in range(number)}


def test_resources_that_refer_to_each_other_are_reported_once_each(client: FeedClient) -> None:
    one = user("left", "l")
    group = {"schemas": [GROUP], "displayName": "both", "members": [{"value": "bulkId:l"}]}
    two = {"method": "POST", "path": "/Groups", "bulkId": "g", "data": group}
    txn = bulk(client, two, one)
    told = answers(client)
    assert {n: each["events"][ASYNC]["status"] for n, each in told.items()} == {
        f"{txn}:0": "201",
        f"{txn}:1": "201",
    }


def test_answers_are_on_the_bus_and_not_in_the_audit(gateway: Gateway, client: FeedClient) -> None:
    events, sqs = boto3.client("events"), boto3.client("sqs")
    (bus,) = [
        gateway.template.scope.name_of(n) for n in gateway.template.ids_of("AWS::Events::EventBus")
    ]
    queue = sqs.create_queue(QueueName="answers")["QueueUrl"]
    named = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
    pattern = {"detail": {"tenant": ["rfc"], "event": ["misc:asyncresp"]}}
    events.put_rule(Name="answers", EventBusName=bus, EventPattern=json.dumps(pattern))
    target = {"Id": "1", "Arn": named["Attributes"]["QueueArn"]}
    events.put_targets(Rule="answers", EventBusName=bus, Targets=[target])
    txn = bulk(client, user("on-the-bus", "a"))
    gateway.event_sources.pump()
    messages = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
    details = [json.loads(message["Body"])["detail"] for message in messages]
    assert [each["set"]["txn"] for each in details] == [f"{txn}:0"]
    # However it comes it is the same: its issuer and its jti, too.
    assert [each["set"] for each in details] == [*answers(client).values()]
    audit = client.made("GET", "/Audit?count=5")["Resources"]
    assert {each["kind"] for each in audit} <= {"change", "act", "refusal"}


def test_the_configuration_announces_completion_events_where_jobs_are_served(
    gateway: Gateway,
) -> None:
    said = FeedClient(gateway, "interop-strict").made("GET", "/ServiceProviderConfig")
    assert ASYNC in said["securityEvents"]["eventUris"]


@pytest.mark.long
def test_the_ids_behind_a_number_are_paged(client: FeedClient) -> None:
    people = [client.user(f"paged-{n}") for n in range(60)]
    group = client.made("POST", "/Groups", {"schemas": [GROUP], "displayName": "paged"})["id"]
    drained(client)
    values = [{"value": each} for each in people]
    client.patch(f"/Groups/{group}", {"op": "add", "path": "members", "value": values})
    (told,) = drained(client)
    payload = told["events"][f"{PROV}patch:notice"]
    assert payload["count"] == {"members": {"added": 60, "removed": 0}}
    found: list[str] = []
    for start in (1, 26, 51):
        page = client.made("GET", f"{payload['$ref']}&startIndex={start}&count=25")
        assert (page["totalResults"], page["startIndex"]) == (60, start)
        found += [each["value"] for each in page["Resources"]]
        assert {(each["op"], each["path"]) for each in page["Resources"]} == {("add", "members")}
    assert sorted(found) == sorted(people)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400),
        ("?of=Group/x", 400),
        ("?of=Group/a%23b&change=c", 400),
        ("?of=Group/x&change=unknown", 404),
        ("?of=Group/x&change=c&startIndex=one", 400),
        ("?of=Group/x&change=c&filter=op%20eq%20%22add%22", 400),
    ],
)
def test_ids_of_no_change_are_refused(client: FeedClient, query: str, status: int) -> None:
    assert client.ask("GET", f"/Events{query}")[0] == status
