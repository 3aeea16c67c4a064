"""The request log keeps what fits an item, and returns what fits a response."""

import json

import pytest

from scim.compact import carried_bytes
from scim.store.access.request_log import LARGEST, MOST_BYTES, RequestLogs
from scim.store.dynamodb.table import Table

START = 1_770_000_000


@pytest.fixture(name="logs")
def _logs(table: Table) -> RequestLogs:
    return RequestLogs(table, 500, 3600, lambda _: b"secret", lambda: START)


@pytest.mark.parametrize("name", ["attributes", "operations", "filter", "body"])
def test_of_a_request_too_long_for_an_item_the_outcome_is_kept(
    logs: RequestLogs, name: str
) -> None:
    short = {"operation": "POST /Users", "status": 201, name: ["short"]}
    logs.note("acme", short)
    logs.note("acme", {**short, name: [f"{n:09}" for n in range(LARGEST // 10)]})
    assert logs.after("acme", 0, 10) == [
        {"number": 1, **short},
        {"number": 2, "operation": "POST /Users", "status": 201},
    ]


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
