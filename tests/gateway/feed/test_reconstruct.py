"""Three consumers rebuild a directory from the feed alone, however badly the stream is delivered."""

import json
import logging
import os
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import boto3
import pytest

from local.gateway import Gateway
from local.runtime import FunctionError
from local.streams.delivery import deliver
from local.streams.shards import Reader, TableStream
from local.streams.source import EventSource, sources_of
from tests.gateway.client import GROUP
from tests.gateway.feed.feed_client import FeedClient, example
from tests.gateway.feed.sets import PROV, drained


class Unreliable:
    """Delivers the stream with a tenth of the batches failing, doubled or out of order."""

    def __init__(self, gateway: Gateway, chance: random.Random) -> None:
        self._gateway, self._chance = gateway, chance
        (name,) = gateway.store.tables.values()
        streamed = [source for source in sources_of(gateway.template) if source.is_stream]
        self._readers = [
            (source, Reader(TableStream(name), is_from_latest=False)) for source in streamed
        ]
        self.lost: list[Mapping[str, Any]] = []
        self.counts: Counter[str] = Counter()

    def pump(self) -> None:
        for _ in range(3):  # what is logged is told of after it
            for source, reader in self._readers:
                wanted = [r for some in reader.batches() for r in some if source.wants(r)]
                for batch in self._batches(wanted):
                    deliver(source, batch, self._invoke, self._give_up)

    def _batches(self, records: list[Mapping[str, Any]]) -> list[list[Mapping[str, Any]]]:
        batches = [records[start : start + 7] for start in range(0, len(records), 7)]
        for place in range(len(batches) - 1):
            if self._chance.random() < 0.1:
                batches[place : place + 2] = reversed(batches[place : place + 2])
                self.counts["reordered"] += 1
        doubled = [each for one in batches for each in [one] * (1 + (self._chance.random() < 0.1))]
        self.counts["doubled"] += len(doubled) - len(batches)
        self.counts["batches"] += len(doubled)
        return doubled

    def _invoke(self, arn: str, event: Mapping[str, Any]) -> Any:
        fails = self._chance.random() < 0.1
        self.counts["failed"] += fails
        if fails and self._chance.random() < 0.5:
            raise FunctionError("Timeout", "before it began")
        answer = self._gateway.invoke(arn, event)
        if fails:
            raise FunctionError("Timeout", "after it was done")
        return answer

    def _give_up(self, _: EventSource, records: Sequence[Mapping[str, Any]]) -> None:
        self.lost += records


class Applied:
    """A consumer of events: it takes each once, and only what is newer than what it has.

    On the bus a change may come before the one it follows: then the resource is read.
    """

    def __init__(self, client: FeedClient) -> None:
        self._client, self.state = client, dict[str, dict[str, Any]]()
        self._versions: dict[str, int] = {}

    def take(self, claims: Mapping[str, Any]) -> None:
        uri, events = claims["sub_id"]["uri"], claims["events"]
        id_ = uri.rpartition("/")[2]
        if f"{PROV}delete" in events:
            self.state.pop(id_, None)
            self._versions[id_] = 1_000_000
            return
        version = max(number_in(p["version"]) for p in events.values() if "version" in p)
        known = self._versions.get(id_, 0)
        if version <= known:
            return
        created = events.get(f"{PROV}create:full")
        patched = events.get(f"{PROV}patch:full")
        if created is not None:
            self.state[id_], self._versions[id_] = plain(created["data"]), version
        elif patched is not None and id_ in self.state and version == known + 1:
            self._patch(self.state[id_], patched["data"]["Operations"])
            self._versions[id_] = version
        else:
            self._read(uri, id_)

    def _read(self, uri: str, id_: str) -> None:
        status, resource = self._client.ask("GET", uri)
        if status == 200:
            self.state[id_] = plain(resource)
            self._versions[id_] = number_in(resource["meta"]["version"])

    def _patch(self, resource: dict[str, Any], operations: Sequence[Mapping[str, Any]]) -> None:
        for each in operations:
            name, _, chosen = each["path"].partition("[value eq ")
            members = {m["value"]: m for m in resource.get("members", [])}
            if each["op"] == "add":
                members |= {m["value"]: {"value": m["value"]} for m in each["value"]}
            elif chosen:
                members.pop(chosen.strip('"]'), None)
            elif each["op"] == "remove":
                resource.pop(name, None)
                continue
            else:
                resource[name] = each["value"]
                continue
            resource["members"] = sorted(members.values(), key=lambda m: str(m["value"]))
            if not members:
                del resource["members"]


def number_in(tag: str) -> int:
    """Return the version in an entity tag; a tag of what is shown has more behind it."""
    return int(tag.strip('W/"').partition("-")[0])


def plain(resource: Mapping[str, Any]) -> dict[str, Any]:
    """Return what consumers keep: the attributes with values, and members by id."""
    passed_over = ("meta", "groups", "schemas", "id")
    kept = {n: v for n, v in resource.items() if n not in passed_over and v != []}
    if "members" in kept:
        ids = sorted(member["value"] for member in kept["members"])
        kept["members"] = [{"value": id_} for id_ in ids]
    return kept


def write(
    client: FeedClient, chance: random.Random, live: dict[str, list[str]], number: int
) -> None:
    users, groups = live["Users"], live["Groups"]
    kind = chance.random()
    if kind < 0.3 or len(users) < 3:
        users.append(client.user(f"u{number}", active=chance.random() < 0.5))
    elif kind < 0.4 or len(groups) < 2:
        body = {"schemas": [GROUP], "displayName": f"g{number}"}
        members = [{"value": id_} for id_ in chance.sample(users, 2)]
        groups.append(client.made("POST", "/Groups", {**body, "members": members})["id"])
    elif kind < 0.55:
        change = {"op": "replace", "path": "title", "value": f"t{number}"}
        client.patch(f"/Users/{chance.choice(users)}", change)
    elif kind < 0.8:
        member = chance.choice(users if chance.random() < 0.8 else groups)
        op = {"op": "add", "path": "members", "value": [{"value": member}]}
        if chance.random() < 0.3:
            op = {"op": "remove", "path": f'members[value eq "{member}"]'}
        client.ask(  # a cycle of groups is refused
            "PATCH",
            f"/Groups/{chance.choice(groups)}",
            {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [op]},
        )
    elif kind < 0.93:
        client.made("DELETE", f"/Users/{users.pop(chance.randrange(len(users)))}")
    else:
        client.made("DELETE", f"/Groups/{groups.pop(chance.randrange(len(groups)))}")


class Bus:
    """A rule without code: every event of the tenant goes to a queue."""

    def __init__(self, gateway: Gateway) -> None:
        self._sqs = boto3.client("sqs")
        self._url = self._sqs.create_queue(QueueName="all")["QueueUrl"]
        bus = gateway.template.scope.name_of("ScimEvents")
        rule = {"Name": "all", "EventBusName": bus}
        events, arn = boto3.client("events"), self._url.rpartition("/")[2]
        target = {"Id": "1", "Arn": f"arn:aws:sqs:us-east-1:123456789012:{arn}"}
        events.put_rule(**rule, EventPattern='{"detail":{"tenant":["rfc"]}}')
        events.put_targets(Rule="all", EventBusName=bus, Targets=[target])

    def received(self) -> Iterator[Mapping[str, Any]]:
        sqs, url = self._sqs, self._url
        while some := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            for message in some:
                yield json.loads(message["Body"])["detail"]["set"]
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


def reconstruct(writes: int, seed: int) -> str:
    """Hold what three consumers have of so many writes against the directory; return what happened."""
    chance, told = random.Random(seed), {"polled": 0, "on the bus": 0}
    often = min(max(50, writes // 100), writes // 2)
    with Gateway.start(overrides={"LogLevel": "ERROR"}) as gateway:
        client, bus = FeedClient(gateway, "rfc"), Bus(gateway)
        client.gateway.event_sources = stream = Unreliable(gateway, chance)  # type: ignore[assignment]
        since, table, ask = client.token(""), dict[str, Any](), answering(client)
        drained(client)
        polled, ruled = Applied(client), Applied(client)
        live: dict[str, list[str]] = {"Users": [], "Groups": []}

        def follow() -> None:
            nonlocal since
            gateway.schedules.fire()
            stream.pump()
            since = example().follow("", "", since, table, ask)
            for consumer, name, sets in (
                (polled, "polled", drained(client)),
                (ruled, "on the bus", bus.received()),
            ):
                for claims in sets:
                    consumer.take(claims)
                    told[name] += 1

        for number in range(writes):
            write(client, chance, live, number)
            if number % often == often - 1:
                follow()
        follow()
        present = {each["id"]: plain(each) for each in listed(client)}
        assert stream.lost == []
        assert {id_: plain(each) for id_, each in table.items()} == present
        assert polled.state == present
        assert ruled.state == present
    return f"{writes} writes, {len(present)} resources left, events {told}, {stream.counts}"


def listed(client: FeedClient) -> Iterator[dict[str, Any]]:
    """Yield all resources, page by page."""
    for kind in ("/Users", "/Groups"):
        cursor = ""
        while True:
            path = f"{kind}?cursor={cursor}&count=50"
            status, page = client.ask("GET", path)
            if status == 503:  # a busy machine, on which moto is slower than the service waits
                continue
            assert status == 200, page
            yield from page.get("Resources", ())
            if "nextCursor" not in page:
                break
            cursor = page["nextCursor"]


def answering(client: FeedClient) -> Any:
    def ask(url: str, _token: str, body: Any = None) -> Any:
        return client.made("GET" if body is None else "POST", url, body)

    return ask


def test_each_consumer_has_the_directory_after_a_few_writes() -> None:
    reconstruct(40, 1)


@pytest.mark.long
@pytest.mark.timeout(7200)
def test_each_consumer_has_the_directory_after_many_writes() -> None:
    """As many as `make reconstruct WRITES=10000` says."""
    happened = reconstruct(int(os.environ.get("WRITES", "300")), 2)
    logging.getLogger(__name__).info(happened)
