"""Responses about changes show only what the client may see, fit a response and take bounded time."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from local.gateway import Gateway
from scim.compact import carried_bytes
from tests.gateway.access import secret_of
from tests.gateway.client import USER
from tests.gateway.feed.feed_client import REQUEST, FeedClient

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
TENANT = "rfc"
ROOM = 65_536


@pytest.fixture(name="gateway", scope="module")
def _gateway() -> Iterator[Gateway]:
    with Gateway.start(overrides={"LogLevel": "ERROR", "MaxAnswerBytes": str(ROOM)}) as gateway:
        yield gateway


@pytest.fixture(name="client", scope="module")
def _client(gateway: Gateway) -> FeedClient:
    return FeedClient(gateway, TENANT)


def told(page: Any) -> list[str]:
    return [each["changedResourceId"] for each in page["Resources"]]


def test_a_filter_on_a_hidden_manager_finds_nobody(gateway: Gateway, client: FeedClient) -> None:
    filters = json.dumps({"User": 'userName sw "u-"'})
    narrow = FeedClient(gateway, TENANT, secret_of(gateway, TENANT, "*", filters=filters))
    boss = client.user("o-boss")
    tokens = {each: each.token() for each in (client, narrow)}
    report = client.user(
        "u-report", schemas=[USER, ENTERPRISE], **{ENTERPRISE: {"manager": {"value": boss}}}
    )

    def found(by: FeedClient, manager: str) -> list[str]:
        wanted = f'{ENTERPRISE}:manager.value eq "{manager}"'
        return told(by.delta(tokens[by], filter=wanted))

    assert told(narrow.delta(tokens[narrow])) == [report]
    assert found(client, boss) == [report]
    assert found(narrow, boss) == found(narrow, "nobody") == []
    unassigned = f"not ({ENTERPRISE}:manager pr)"
    assert told(narrow.delta(tokens[narrow], filter=unassigned)) == [report]


def test_a_filter_that_takes_too_long_is_refused_and_fewer_changes_are_not(
    client: FeedClient,
) -> None:
    token = client.token()
    phones = [{"value": f"+49 30 {n}", "type": "work"} for n in range(500)]
    made = {client.user(f"many-{n}", phoneNumbers=phones) for n in range(10)}
    sent: dict[str, Any] = {
        "schemas": [REQUEST],
        "deltaToken": token,
        "filter": " and ".join(f'phoneNumbers.type ne "{n}"' for n in range(99)),
        "attributes": ["userName"],
    }
    client.gateway.event_sources.pump()
    status, refused = client.ask("POST", "/Users/.delta", sent)
    assert (status, refused["scimType"]) == (400, "tooMany")
    assert "send a smaller count" in refused["detail"]
    page = client.made("POST", "/Users/.delta", {**sent, "count": 2})
    assert set(told(page)) < made


def test_a_page_fits_though_each_quotation_mark_takes_two_bytes_more(client: FeedClient) -> None:
    token = client.token()
    made = {client.user(f"quotes-{n}", title='"' * 7_000) for n in range(6)}
    found: list[str] = []
    more: dict[str, str] = {}
    while True:
        page = client.delta(token, **more)
        assert carried_bytes(json.dumps(page, separators=(",", ":"))) <= ROOM
        found += told(page)
        if "nextCursor" not in page:
            break
        more = {"cursor": page["nextCursor"]}
    assert sorted(found) == sorted(made)


def test_more_changes_than_are_read_at_once_come_in_order(client: FeedClient) -> None:
    token = client.token()
    made = {client.user(f"batch-{n}") for n in range(130)}
    gone = client.user("batch-gone")
    client.made("DELETE", f"/Users/{gone}")
    page = client.delta(token, count=1000, attributes=["userName"])
    assert sorted(told(page)) == sorted({*made, gone})
    kinds = {each["changedResourceId"]: each["changeType"] for each in page["Resources"]}
    assert kinds.pop(gone) == "Delete"
    assert set(kinds.values()) == {"Create"}


def test_a_poll_takes_as_many_events_as_fit_and_gets_to_the_end(client: FeedClient) -> None:
    client.gateway.event_sources.pump()
    client.made("POST", "/Events", {})
    made = {client.user(f"heavy-{n}", title=f"{n}" + "x" * 40_000) for n in range(6)}
    client.gateway.event_sources.pump()
    found: list[str] = []
    polled = client.made("POST", "/Events", {})
    while polled["sets"]:
        assert len(json.dumps(polled, separators=(",", ":"))) <= ROOM
        assert polled.get("moreAvailable", False) is (len(found) + len(polled["sets"]) < len(made))
        found += polled["sets"]
        polled = client.made("POST", "/Events", {"ack": list(polled["sets"])})
    assert len(found) == len(set(found)) == len(made)
