"""The function of the stream logs what it can read and reports where to continue."""

from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from scim.errors import Unavailable
from scim.resource.history.feed import Feed
from scim.resource.history.log_entry import LogEntry
from scim.resource.record import Key
from scim.workers.change_log import recorder


def read(record: Mapping[str, Any]) -> tuple[str, LogEntry] | None:
    match record["dynamodb"]["NewImage"]:
        case "poison":
            raise ValueError("not to be read")
        case "edge":
            return None
        case tenant, id_:
            return tenant, LogEntry(Key("User", id_), 1, 0, "2026-03-01T10:00:00.000Z", "create")
    raise AssertionError


class Log:
    """Remembers what it was given; out of reach for one tenant, and damaged for another."""

    def __init__(self) -> None:
        self.held: list[tuple[str, str, int]] = []

    def append(self, tenant: str, entries: Iterable[LogEntry], days: int) -> int:
        if tenant == "away":
            raise Unavailable("The store cannot be reached.")
        if tenant == "damaged":
            raise ValueError("stored bytes are damaged")
        self.held += [(tenant, entry.key.id, days) for entry in entries]
        return 1


def handled(*images: object) -> tuple[list[tuple[str, str, int]], dict[str, object]]:
    log = Log()
    feeds = {"silent": Feed(is_on=False)}
    handler = recorder(read, log, lambda tenant: feeds.get(tenant, Feed(days=7)))
    records = [
        {"dynamodb": {"SequenceNumber": str(number), "NewImage": image}}
        for number, image in enumerate(images)
    ]
    return log.held, handler({"Records": records}, None)


def failing(number: int) -> dict[str, object]:
    return {"batchItemFailures": [{"itemIdentifier": str(number)}]}


def test_a_record_that_is_no_change_of_a_resource_is_ignored() -> None:
    logged, answer = handled(("acme", "a"), "edge", ("acme", "b"))
    assert logged == [("acme", "a", 7), ("acme", "b", 7)]
    assert answer == {"batchItemFailures": []}


def test_a_record_that_cannot_be_read_stops_what_is_behind_it_only() -> None:
    logged, answer = handled(("acme", "a"), "poison", ("acme", "b"))
    assert logged == [("acme", "a", 7)]
    assert answer == failing(1)


def test_a_tenant_that_wants_no_feed_has_no_log() -> None:
    assert handled(("silent", "a"), ("acme", "b")) == (
        [("acme", "b", 7)],
        {"batchItemFailures": []},
    )


@pytest.mark.parametrize("tenant", ["away", "damaged"])
def test_a_log_that_takes_nothing_is_asked_again_from_its_first_record_on(tenant: str) -> None:
    logged, answer = handled(("acme", "a"), (tenant, "b"), ("acme", "c"))
    assert logged == [("acme", "a", 7), ("acme", "c", 7)]
    assert answer == failing(1)
