"""Refusals are counted with a bounded number of writes, whatever is sent."""

from typing import Any

import pytest

from scim.http.refusal_log import EVERY, MOST_KINDS, MOST_WRITES, RefusalLog
from scim.resource.history.refusal import Refusal

EVENT = {
    "requestContext": {
        "identity": {"sourceIp": "203.0.113.7"},
        "authorizer": {"owner": "token:t1"},
    }
}
NOON = 1_767_268_800.0


class Counted:
    """Keeps what is noted, and the time."""

    def __init__(self) -> None:
        self.noted: list[tuple[str, Refusal]] = []
        self.now = NOON
        self.log = RefusalLog(self, lambda task: task(), lambda: self.now)

    def note(self, tenant: str, refusal: Refusal) -> None:
        self.noted.append((tenant, refusal))

    def refuse(self, **told: Any) -> None:
        line = {"tenant": "acme", "method": "PATCH", "operation": "PATCH /Users/{id}"}
        line |= {"status": 400, "token": "t1", "client": "okta", "refused": {"rule": "no."}}
        self.log.note(EVENT, line | told, (), "")


def test_a_refusal_is_noted_with_who_what_from_where_and_which_rule() -> None:
    counted = Counted()
    counted.refuse()
    assert counted.noted == [
        (
            "acme",
            Refusal(
                since="2026-01-01T12:00:00.000Z",
                at="2026-01-01T12:00:00.000Z",
                count=1,
                operation="PATCH /Users/{id}",
                status=400,
                token="t1",
                owner="token:t1",
                client="okta",
                address="203.0.113.7",
                why={"rule": "no."},
            ),
        )
    ]


def test_equal_refusals_are_written_once_a_minute_with_their_number() -> None:
    counted = Counted()
    for _ in range(10_000):
        counted.refuse()
    assert len(counted.noted) == 1
    counted.now += EVERY
    counted.refuse()
    assert [each.count for _, each in counted.noted] == [1, 10_000]


def test_a_burst_that_has_ended_is_written_with_a_later_request() -> None:
    counted = Counted()
    assert counted.log.only_refusals
    for _ in range(50):
        counted.refuse(status=429)
    assert [each.count for _, each in counted.noted] == [1]
    assert not counted.log.only_refusals
    counted.refuse(status=200, tenant="other")
    assert len(counted.noted) == 1
    counted.now += EVERY
    counted.refuse(status=200, tenant="other")
    assert [(name, each.count) for name, each in counted.noted] == [("acme", 1), ("acme", 49)]
    assert counted.log.only_refusals


def test_refusals_beyond_the_limit_of_a_minute_are_written_later() -> None:
    counted = Counted()
    for number in range(3 * MOST_WRITES):
        counted.refuse(operation=f"PATCH /{number}")
    for _ in range(3):
        counted.now += EVERY
        counted.refuse(status=200)
    assert sum(each.count for _, each in counted.noted) == 3 * MOST_WRITES


def test_different_refusals_are_written_a_bounded_number_of_times_a_minute() -> None:
    counted = Counted()
    for number in range(10 * MOST_KINDS):
        counted.refuse(operation=f"PATCH /{number}")
    assert len(counted.noted) == MOST_WRITES
    assert len(counted.log._kinds) <= MOST_KINDS + 1


@pytest.mark.parametrize(
    "told",
    [
        {"tenant": ""},
        {"status": 200},
        {"status": 500},
        {"method": "GET", "operation": "GET /Users/{id}", "status": 404},
        {"method": "POST", "operation": "POST /Users/.search", "status": 400},
    ],
    ids=str,
)
def test_refused_reads_and_requests_without_a_tenant_are_not_recorded(told: dict[str, Any]) -> None:
    counted = Counted()
    counted.refuse(**told)
    assert counted.noted == []


@pytest.mark.parametrize("status", [401, 403, 429])
def test_a_read_refused_for_lack_of_a_permission_is_recorded(status: int) -> None:
    counted = Counted()
    counted.refuse(method="GET", operation="GET /Users", status=status)
    assert len(counted.noted) == 1


@pytest.mark.parametrize(("status", "noted"), [(400, 0), (409, 0), (403, 1), (429, 1)])
def test_a_dry_run_is_recorded_only_when_a_right_is_missing(status: int, noted: int) -> None:
    counted = Counted()
    line = {"tenant": "acme", "method": "POST", "operation": "POST /Users", "status": status}
    counted.log.note({**EVENT, "headers": {"prefer": "dry-run"}}, line, (), "")
    assert len(counted.noted) == noted
