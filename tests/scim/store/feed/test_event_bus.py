"""Events reach the bus in requests that EventBridge takes."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from scim.errors import Unavailable
from scim.store.feed.event_bus import AT_ONCE, LARGEST, EventBus


class Bridge:
    """Keeps the entries of each request, or refuses."""

    def __init__(self, answer: dict[str, Any] | ClientError) -> None:
        self._answer = answer
        self.requests: list[list[dict[str, str]]] = []

    def put_events(self, *, Entries: list[dict[str, str]]) -> dict[str, Any]:  # noqa: N803 - AWS's name
        self.requests.append(Entries)
        if isinstance(self._answer, ClientError):
            raise self._answer
        return self._answer


@pytest.mark.parametrize(
    ("number", "length", "sizes"),
    [
        (0, 1, []),
        (AT_ONCE, 1, [AT_ONCE]),
        (2 * AT_ONCE + 3, 1, [AT_ONCE, AT_ONCE, 3]),
        (5, LARGEST // 3, [2, 2, 1]),
        (2, LARGEST + 1, [1, 1]),
    ],
)
def test_every_event_is_put_once_and_in_order(number: int, length: int, sizes: list[int]) -> None:
    bridge = Bridge({"FailedEntryCount": 0})
    details = [{"n": each, "text": "x" * length} for each in range(number)]
    EventBus(lambda: bridge, "bus").put("scim", "change", details)
    assert [len(request) for request in bridge.requests] == sizes
    entries = [entry for request in bridge.requests for entry in request]
    assert [json.loads(entry["Detail"]) for entry in entries] == details
    assert {(each["EventBusName"], each["Source"], each["DetailType"]) for each in entries} <= {
        ("bus", "scim", "change")
    }


@pytest.mark.parametrize(
    "answer",
    [{"FailedEntryCount": 1}, ClientError({"Error": {"Code": "InternalFailure"}}, "PutEvents")],
    ids=["one", "all"],
)
def test_an_event_that_is_not_taken_is_an_error(answer: Any) -> None:
    with pytest.raises(Unavailable):
        EventBus(lambda: Bridge(answer), "bus").put("scim", "change", [{}])
