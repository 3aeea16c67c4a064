"""The request log keeps what fits an item, and returns what fits a response."""

import json
from random import Random

import pytest

from scim.access.requests_kept import BODIES_UNTIL, RequestsKept
from scim.compact import carried_bytes
from scim.expiring_cache import ExpiringCache
from scim.store.access.request_log import LARGEST, MOST_BYTES, REMEMBERED, RequestLogs
from scim.store.dynamodb.table import Table

START = 1_770_000_000


@pytest.fixture(name="logs")
def _logs(table: Table) -> RequestLogs:
    return RequestLogs(table, 500, 3600, lambda _: b"secret", lambda: START)


@pytest.mark.parametrize("name", ["attributes", "operations", "filter", "body"])
def test_only_the_outcome_of_a_request_too_long_for_an_item_is_kept(
    logs: RequestLogs, name: str
) -> None:
    short = {"operation": "POST /Users", "status": 201, name: ["short"]}
    logs.note("acme", short)
    logs.note("acme", {**short, name: [f"{n:09}" for n in range(LARGEST // 10)]})
    assert logs.after("acme", 0, 10) == [
        {"number": 1, **short},
        {"number": 2, "operation": "POST /Users", "status": 201},
    ]


def test_a_request_is_kept_whatever_its_characters(logs: RequestLogs) -> None:
    chance = Random(1)
    long = "".join(chr(chance.randrange(0x20000, 0x2A6DF)) for _ in range(LARGEST // 2))
    logs.note(
        "acme", {"status": 400, "attributes": ["\ud800"], "body": logs.pseudonym("acme", "\ud800")}
    )
    logs.note("acme", {"status": 400, "attributes": [long]})
    half, whole = logs.after("acme", 0, 10)
    assert (half["attributes"], half["body"]) == (["?"], logs.pseudonym("acme", "?"))
    assert whole == {"number": 2, "status": 400}


def test_settings_that_another_process_changed_count_though_the_clock_is_set_back(
    table: Table,
) -> None:
    now, day = 0.0, float(START)
    cache = ExpiringCache[str, RequestsKept](lambda: now)
    logs = RequestLogs(table, 500, 3600, lambda _: b"secret", lambda: day, cache)
    until = START + 9_000
    logs.change("acme", lambda _: {BODIES_UNTIL: until})
    assert logs.keeps_bodies("acme")
    other_process = RequestLogs(table, 500, 3600, lambda _: b"secret", lambda: START)
    other_process.change("acme", lambda _: {})
    now, day = REMEMBERED - 1, day - 3600
    assert logs.keeps_bodies("acme")
    now += 1
    assert not logs.keeps_bodies("acme")


def test_requests_that_do_not_fit_a_response_come_with_the_next(logs: RequestLogs) -> None:
    number = 1 + MOST_BYTES // LARGEST
    for status in range(number):
        logs.note("acme", {"status": status, "attributes": ['"' * (LARGEST // 3)]})
    found = []
    while entries := logs.after("acme", len(found), 500):
        assert carried_bytes(json.dumps(entries)) <= MOST_BYTES + 1000
        assert len(found) + len(entries) == entries[-1]["number"]
        found += entries
    assert [entry["status"] for entry in found] == list(range(number))
