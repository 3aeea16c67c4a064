"""The remaining time follows from the gateway's clock and Lambda's."""

from typing import Any

import pytest

from scim.http.message.request import ANSWER_WITHIN, time_left_of

NOW = 1_780_000_000.0


class Clock:
    """Stands in for the module `time`; stands still until it is told how long something takes."""

    def __init__(self) -> None:
        self.passed = 0.0

    def time(self) -> float:
        return NOW + self.passed

    def monotonic(self) -> float:
        return self.passed


@pytest.fixture(name="clock", autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("scim.http.message.request.time", clock)
    return clock


class Context:
    """A Lambda context with some time to go."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def get_remaining_time_in_millis(self) -> int:
        return int(self._seconds * 1000)


def event(age: float) -> dict[str, Any]:
    """Return the event of a request that reached the gateway so many seconds ago."""
    return {"requestContext": {"requestTimeEpoch": int((NOW - age) * 1000)}}


@pytest.mark.parametrize(
    ("event", "context", "seconds"),
    [
        pytest.param({}, None, 25, id="nobody says"),
        pytest.param({}, Context(29), 25, id="the gateway first"),
        pytest.param({}, Context(10), 9, id="Lambda first"),
        pytest.param({}, Context(0.5), -0.5, id="nothing left"),
        pytest.param({"requestContext": None}, Context(29), 25, id="no context"),
        pytest.param(
            {"requestContext": {"requestTimeEpoch": 1_428_582_896_000}},
            Context(29),
            25,
            id="an event from a file",
        ),
        pytest.param(
            {"requestContext": {"requestTimeEpoch": 32_503_680_000_000}},
            Context(29),
            25,
            id="from the future",
        ),
    ],
)
def test_the_time_left_ends_with_the_gateway_or_with_lambda(
    event: dict[str, Any], context: Any, seconds: float
) -> None:
    assert time_left_of(event, context)() == seconds


def test_a_request_that_just_came_has_all_of_the_time() -> None:
    assert time_left_of(event(0), Context(29))() == ANSWER_WITHIN


def test_a_cold_start_has_used_up_some_of_the_time() -> None:
    assert time_left_of(event(8), Context(29))() == ANSWER_WITHIN - 8


def test_the_time_left_grows_less(clock: Clock) -> None:
    watch = time_left_of({}, None)
    clock.passed += 7
    assert watch() == ANSWER_WITHIN - 7
