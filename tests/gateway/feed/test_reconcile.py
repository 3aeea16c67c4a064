"""Changes that the table's stream has lost are reported once they can no longer arrive."""

from collections.abc import Iterator
from typing import Any

from local.gateway import Gateway
from local.streams.delivery import deliver
from local.streams.shards import Reader, TableStream
from local.streams.source import EventSource, sources_of
from scim.service.system import SystemClock
from tests.gateway.client import GROUP
from tests.gateway.feed.feed_client import REQUEST, FeedClient
from tests.gateway.feed.sets import verified

FEED_ADD = "urn:ietf:params:scim:event:feed:add"
DEACTIVATE = "urn:ietf:params:scim:event:prov:deactivate"
DELETE = "urn:ietf:params:scim:event:prov:delete"


class Stream:
    """The stream of a deployment, of which records can be lost."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        (name,) = gateway.store.tables.values()
        self._readers = [
            (source, Reader(TableStream(name), is_from_latest=False))
            for source in sources_of(gateway.template)
            if source.is_stream
        ]

    def deliver(self) -> None:
        for _ in range(2):  # what is logged is told of after it
            for source, records in self._new():
                wanted = [each for each in records if source.wants(each)]
                if wanted:
                    deliver(source, wanted, self._gateway.invoke, self._given_up)

    def lose(self) -> None:
        for _ in self._new():
            pass

    def _new(self) -> Iterator[tuple[EventSource, Any]]:
        for source, reader in self._readers:
            for records in reader.batches():
                yield source, records

    @staticmethod
    def _given_up(source: EventSource, records: Any) -> None:
        raise AssertionError(f"{source.function} did not take {records}")


def taken(client: FeedClient) -> list[dict[str, Any]]:
    """Return what a receiver of events is told now, and acknowledge it."""
    sets = client.made("POST", "/Events", {"maxEvents": 100})["sets"]
    client.made("POST", "/Events", {"maxEvents": 0, "ack": list(sets)})
    return [verified(client.gateway, each) for each in sets.values()]


def reconcile(gateway: Gateway, **event: Any) -> Any:
    answer = gateway.invoke(gateway.template.scope.arn_of("ReconcileFunction"), event)
    return answer["changesMissing"]


def test_a_change_the_stream_lost_is_reported_once_in_its_present_state(gateway: Gateway) -> None:
    client, stream = FeedClient(gateway, "rfc"), Stream(gateway)
    ann, bob, idle = client.user("ann", active=True), client.user("bob"), client.user("idle")
    body = {"schemas": [GROUP], "displayName": "all", "members": [{"value": idle}]}
    group = str(client.made("POST", "/Groups", body)["id"])
    stream.deliver()
    token = str(client.made("GET", "/.deltaToken")["value"])

    client.patch(f"/Users/{ann}", {"op": "replace", "path": "title", "value": "Boss"})
    client.patch(f"/Users/{ann}", {"op": "replace", "path": "active", "value": False})
    client.made("DELETE", f"/Users/{bob}")
    cyd = client.user("cyd")
    client.patch(f"/Groups/{group}", {"op": "add", "path": "members", "value": [{"value": cyd}]})
    stream.lose()
    assert reconcile(gateway) == 0, "it may still come"
    assert reconcile(gateway, until=SystemClock().now()) == 4
    assert reconcile(gateway, until=SystemClock().now()) == 0
    stream.deliver()

    request = {"schemas": [REQUEST], "deltaToken": token}
    page = client.made("POST", "/.delta", request)
    told = {each["changedResourceId"]: each for each in page["Resources"]}
    assert told.keys() == {ann, bob, cyd, group}
    assert told[bob]["changeType"] == "Delete"
    assert told[ann]["data"]["title"] == "Boss"
    assert {each["value"] for each in told[group]["data"]["members"]} == {idle, cyd}


def test_events_of_lost_changes_ask_the_receiver_to_read_the_resource(gateway: Gateway) -> None:
    client, stream = FeedClient(gateway, "default"), Stream(gateway)
    taken(client)
    ann, bob = client.user("ann", active=True), client.user("bob", active=True)
    stream.deliver()
    taken(client)
    client.patch(f"/Users/{ann}", {"op": "replace", "path": "active", "value": False})
    client.made("DELETE", f"/Users/{bob}")
    stream.lose()
    assert reconcile(gateway, until=SystemClock().now()) == 2
    told = {
        each["sub_id"]["uri"].rpartition("/")[2]: each["events"].keys() for each in taken(client)
    }
    assert told.keys() == {ann, bob}
    assert {FEED_ADD, DEACTIVATE} <= told[ann]
    assert told[bob] == {DELETE}
