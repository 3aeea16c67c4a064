"""Marked words in everything that a client sends are searched for wherever the service stores or shows something.

A secret is nowhere but in the file of an import that failed, which can be started again. What is personal is in
resources, in what tells of them to who may see them, and in files the client asked for or sent: in no log, no request
log, no refusal, no result, no message about what was given up, no address of a file.
"""

import base64
import binascii
import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import boto3
import pytest

from local.gateway import Gateway
from local.streams.queues import url_of
from scim.bootstrap.access import access_in
from scim.store.dynamodb.values import deflated, inflated
from tests.fakes.receiver import receiving
from tests.gateway.access import make_tenant, secret_of
from tests.gateway.client import PATCH, USER, Client
from tests.gateway.feed.sets import verified
from tests.gateway.transfer import at_rest, declared, exported, imported
from tests.simulation.operations import BULK

SECRET = "c4n4ry-Pa55phrase"
PERSONAL = ("Zzyxwold", "quokka.vale", "+49-170-5550199")
"""A name, the beginning of an address, a number."""
INTERNALS = (
    "Traceback",
    "site-packages",
    "botocore",
    "dynamodb",
    "ConditionExpression",
    "T#rfc",
    "arn:aws:",
)
"""What an error would tell of the code and the table below it, were it passed on."""


def person(name: str) -> dict[str, Any]:
    """Return a user full of canaries."""
    first, mail, phone = PERSONAL
    return {
        "schemas": [USER],
        "userName": f"{mail}.{name}@example.com",
        "name": {"givenName": first, "familyName": first},
        "emails": [{"value": f"{mail}.{name}@example.com", "type": "work"}],
        "phoneNumbers": [{"value": phone, "type": "work"}],
        "password": SECRET,
    }


def text_in(value: Any) -> Iterator[str]:
    """Yield all texts in a value of the table, a message or a file, packed and quoted ones too."""
    match value:
        case bytes() | bytearray():
            yield from _text_in_bytes(bytes(value))
        case Mapping():
            for name, each in value.items():
                yield str(name)
                yield from text_in(each)
        case str():
            yield value
            with suppress(binascii.Error, ValueError):
                yield from _text_in_bytes(base64.b64decode(value, validate=True))
        case list() | tuple() | set() | frozenset():
            for each in value:
                yield from text_in(each)
        case _:
            yield repr(value)


def _text_in_bytes(content: bytes) -> Iterator[str]:
    yield content.decode(errors="replace")
    with suppress(ValueError):
        yield inflated(content)
    with suppress(zlib.error):
        yield zlib.decompress(content, wbits=31).decode(errors="replace")


@dataclass(frozen=True)
class Found:
    """What every place holds, by its name."""

    places: Mapping[str, Any]

    def holding(self, *words: str) -> set[str]:
        """Return the places in which one of the words is."""
        folded = [word.lower() for word in words]
        return {
            name
            for name, held in self.places.items()
            if any(word in text.lower() for text in text_in(held) for word in folded)
        }


def _written(client: Client) -> list[Any]:
    """Send canaries by each way there is to write, accepted and refused; return the answers."""
    ann = client.send("POST", "/Users", person("ann"), {"Idempotency-Key": '"ann"'}).body
    path = f"/Users/{ann['id']}"
    first, mail, _ = PERSONAL
    wrong: list[Any] = [
        {**person("ann")},
        {**person("x"), "emails": PERSONAL[0]},
        {**person("x"), "userName": [mail]},
        {**person("x"), "active": first},
    ]
    operations = [
        {"method": "POST", "path": "/Users", "bulkId": "1", "data": person("bulk")},
        {"method": "POST", "path": "/Users", "bulkId": "2", "data": wrong[2]},
        {"method": "PATCH", "path": path, "data": {"schemas": [PATCH], "Operations": [first]}},
    ]
    refused = [client.send("POST", "/Users", each) for each in wrong]
    refused += [
        client.patch(path, {"op": "add", "path": f'emails[value eq "{mail}"].x', "value": mail}),
        client.patch(path, {"op": "replace", "path": "active", "value": first}),
        client.send("GET", f'/Users?filter=userName sw "{mail}" and'),
        client.send("GET", f"/Users/{mail}"),
        client.send("POST", "/Users", f'{{"userName": "{mail}", "password": "{SECRET}"'.encode()),
    ]
    client.patch(path, {"op": "replace", "path": "password", "value": SECRET + "2"})
    client.send("PUT", path, person("ann"))
    bulk = client.send("POST", "/Bulk", {"schemas": [BULK], "Operations": operations})
    return [each.body for each in (*refused, bulk)]


COLUMNS = {
    "resourceType": "User",
    "columns": {"login": "userName", "first": "name.givenName", "pass": "password", "on": "active"},
}

ATTRIBUTES = {
    "resourceType": "User",
    "columns": {"uid": "userName", "sn": "name.familyName", "userPassword": "password"},
}


def _imported(client: Client) -> list[Any]:
    """Import files of canaries, one row of each of which is refused; return jobs and results."""
    first, mail, _ = PERSONAL
    rows = [{"id": f"r{n}", **person(f"file{n}")} for n in range(2)]
    rows.append({"id": "bad", **person("bad"), "active": first})
    lines = b"".join(json.dumps(each).encode() + b"\n" for each in rows)
    table = f"login,first,pass,on\n{mail}.csv,{first},{SECRET},true\n{mail}.x,{first},{SECRET},{first}\n"
    entry = f"dn: uid={mail}.{{0}},dc=example\nobjectClass: inetOrgPerson\nuid: {mail}.{{0}}\nsn: {first}\nuserPassword: {SECRET}\n"
    untitled = f"{mail},{first},{SECRET},true\n".encode()
    directory = entry.format("ldif") + "\n" + entry.format("ldif")
    return [
        *imported(client, lines, format="ndjson", dryRun=True),
        *imported(client, lines, format="ndjson"),
        *imported(client, table.encode(), format="csv", mapping=COLUMNS),
        *imported(client, directory.encode(), format="ldif", mapping=ATTRIBUTES),
        imported(client, untitled * 2, format="csv", mapping=COLUMNS)[1],
        declared(client, kind="import", format="csv", mapping=COLUMNS).body,
    ]


def _pages(client: Client, path: str) -> list[Any]:
    answer = client.send("GET", path)
    assert answer.status == 200, answer.body
    return [answer.body]


@pytest.fixture(name="found")
def _found(capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> Iterator[Found]:
    feed = {"PushSeconds": "0", "PushAttempts": "2", "SCIM_LOOPBACK_ISSUERS": "1"}
    overrides = {"RequestLog": "100", "Meter": "1", **feed}
    with Gateway.start(overrides=overrides) as gateway, receiving() as receiver:
        make_tenant(gateway, "rfc", profile="rfc")
        # What a receiver says of an event is a stranger's text, too.
        receiver.refuses(400, {"err": SECRET, "description": f"{PERSONAL[0]} {SECRET}"})
        name = f"scim/{gateway.template.scope.stack}/receiver"
        boto3.client("secretsmanager").create_secret(Name=name, SecretString=f"Bearer {SECRET}")
        access = access_in(boto3.client("dynamodb"), gateway.store.tables["Table"])
        access.feeds.change("rfc", lambda _: {"push_url": receiver.url, "push_secret": "receiver"})
        bus = _queue_behind_the_bus(gateway)
        client = Client(gateway, secret_of(gateway, "rfc", "*"), "/rfc/scim/v2")
        client.send("POST", "/Events", {})
        refused, results = _written(client), _imported(client)
        gateway.event_sources.pump()
        polled = client.send("POST", "/Events", {}).body["sets"].values()
        listed = client.send("GET", "/Users?count=100").body
        files = {f"export as {each}": exported(client, format=each) for each in ("ndjson", "bulk")}
        for each in listed["Resources"]:
            client.send("DELETE", f"/Users/{each['id']}")
        _spoil(gateway)
        gateway.event_sources.pump()
        places = {
            "refusals": refused,
            "results": results,
            "events": [verified(gateway, each) for each in polled],
            "pushed": [verified(gateway, token) for token, _ in receiver.got],
            "list": listed,
            "audit": _pages(client, "/Audit?count=100"),
            "request log": _pages(client, "/Requests?count=100"),
            **files,
        }
        with at_rest(client):
            places |= _stored(gateway)
            places["bus"] = _messages(bus)
            for queue in ("PushFailures", "FeedFailures"):
                places[f"queue {queue}"] = _messages(url_of(gateway.template.scope.arn_of(queue)))
        told, records = capfd.readouterr(), [each.__dict__ for each in caplog.records]
        assert '"message": "request"' in told.out
        yield Found({**places, "logs": [told.out, told.err, repr(records)]})


def _queue_behind_the_bus(gateway: Gateway) -> str:
    """Return the address of a queue that gets whatever is told on the bus."""
    url = str(boto3.client("sqs").create_queue(QueueName="all")["QueueUrl"])
    rule = {"Name": "all", "EventBusName": gateway.template.scope.name_of("ScimEvents")}
    events = boto3.client("events")
    events.put_rule(**rule, EventPattern='{"detail":{"tenant":["rfc"]}}')
    target = {"Id": "1", "Arn": "arn:aws:sqs:us-east-1:123456789012:all"}
    events.put_targets(Rule="all", EventBusName=rule["EventBusName"], Targets=[target])
    return url


def _messages(url: str) -> list[Any]:
    sqs, found = boto3.client("sqs"), []
    while some := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for message in some:
            found.append([message["Body"], message.get("Attributes")])
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return found


def _spoil(gateway: Gateway) -> None:
    """Write a user that no version can read, so that its change ends in the queue of failures."""
    texts = {"pk": "T#rfc#User", "sk": "poison", "k": "resource", "note": " ".join(PERSONAL)}
    texts["m"] = "2026-11-29T10:00:00.000Z"
    item: dict[str, Any] = {name: {"S": text} for name, text in texts.items()}
    unreadable = {"s": {"N": "1"}, "v": {"N": "1"}, "z": {"B": b"\x00never deflated"}}
    store = boto3.client("dynamodb")
    store.put_item(TableName=gateway.store.tables["Table"], Item={**item, **unreadable})


def _stored(gateway: Gateway) -> dict[str, Any]:
    """Return all items of all tables, and all objects of all buckets, each by what it is."""
    store, files = boto3.client("dynamodb"), boto3.client("s3")
    places: dict[str, Any] = {}
    for table in gateway.store.tables.values():
        for page in store.get_paginator("scan").paginate(TableName=table):
            for item in page["Items"]:
                places.setdefault(f"item {item.get('k', {}).get('S', '?')}", []).append(item)
    for bucket in files.list_buckets()["Buckets"]:
        for listed in files.get_paginator("list_objects_v2").paginate(Bucket=bucket["Name"]):
            for each in listed.get("Contents", ()):
                name = each["Key"].rpartition("/")[2]
                body = files.get_object(Bucket=bucket["Name"], Key=each["Key"])["Body"].read()
                places.setdefault(f"file {name}", []).append((each["Key"], body))
    return places


@pytest.mark.long
def test_secrets_are_stored_nowhere_and_personal_data_only_where_it_belongs(found: Found) -> None:
    assert {"logs", "refusals", "item request", "item job", "file export"} <= found.places.keys()
    told = ("bus", "pushed", "queue PushFailures", "queue FeedFailures")
    assert [place for place in told if not found.places[place]] == []
    assert found.holding(SECRET) == {"file request.json"}
    # Users are deleted by now: what tells of them, and files that were asked for, are left, and the one nobody can read.
    assert found.holding(*PERSONAL) == {
        "list",
        "events",
        "bus",
        "pushed",
        "audit",
        "export as ndjson",
        "export as bulk",
        "file export",
        "file request.json",
        "item claim",
        "item log",
        "item once",
        "item resource",
    }
    answered = {"refusals", "results", "list", "events", "pushed", "audit", "request log"}
    assert found.holding(*INTERNALS) & answered == set()


@pytest.mark.parametrize(
    "hidden",
    [
        {"S": f"a {SECRET} b"},
        {"B": deflated(json.dumps({"password": SECRET}))},
        [b"\x00", gzip.compress(SECRET.encode(), mtime=0)],
        (base64.b64encode(SECRET.upper().encode()).decode(),),
        {SECRET: 1},
    ],
    ids=["plain", "packed", "compressed", "base64", "name"],
)
def test_a_canary_is_found_however_it_is_kept(hidden: Any) -> None:
    assert Found({"place": hidden, "other": "none"}).holding(SECRET) == {"place"}
