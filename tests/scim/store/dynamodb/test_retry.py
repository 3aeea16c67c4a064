"""A passing failure is retried with growing waits; a lasting one is reported to the client."""

from typing import Any, cast

import pytest
from botocore.exceptions import BotoCoreError, ClientError, EndpointConnectionError

from scim.errors import ScimError, TooManyRequests, Unavailable
from scim.store.dynamodb.retry import Retry, is_passing, reasons_of, translated

CANCELLED = "TransactionCanceledException"


def error(code: str, *reasons: str) -> ClientError:
    response: dict[str, Any] = {
        "Error": {"Code": code, "Message": "arn:aws:dynamodb:…"},
        "CancellationReasons": [{"Code": reason} for reason in reasons],
    }
    return ClientError(cast(Any, response), "TransactWriteItems")


BUSY, SLOW, MISTAKE = Unavailable, TooManyRequests, ClientError
ERRORS = [
    (error("ThrottlingException"), SLOW),
    (error("ProvisionedThroughputExceededException"), SLOW),
    (error("RequestLimitExceeded"), SLOW),
    (error("TransactionConflictException"), BUSY),
    (error("TransactionInProgressException"), BUSY),
    (error("InternalServerError"), BUSY),
    (error("InternalFailure"), BUSY),
    (error("ServiceUnavailable"), BUSY),
    (error(CANCELLED, "None", "TransactionConflict"), BUSY),
    (error(CANCELLED, "None", "ThrottlingError"), SLOW),
    (error(CANCELLED, "ProvisionedThroughputExceeded", "TransactionConflict"), SLOW),
    (error(CANCELLED, "None", "ValidationError"), MISTAKE),
    (error("ValidationException"), MISTAKE),
    (error("AccessDeniedException"), MISTAKE),
    (error("ResourceNotFoundException"), MISTAKE),
]


def name_of(value: object) -> str:
    if not isinstance(value, ClientError):
        return ""
    return " ".join([value.response["Error"]["Code"], *(str(r["Code"]) for r in reasons_of(value))])


@pytest.mark.parametrize(("met", "told"), ERRORS, ids=name_of)
def test_only_our_own_mistakes_are_not_asked_again(met: ClientError, told: type[Exception]) -> None:
    assert is_passing(met) is (told is not MISTAKE)


@pytest.mark.parametrize(
    ("code", "words"),
    [("TransactionConflictException", "Others change"), ("InternalServerError", "The store")],
)
def test_a_failure_of_dynamodb_is_not_called_a_conflict(code: str, words: str) -> None:
    assert str(translated(error(code))).startswith(words)


@pytest.mark.parametrize(("met", "told"), ERRORS, ids=name_of)
def test_throttling_and_unavailability_are_different_errors(
    met: ClientError, told: type[Exception]
) -> None:
    assert type(translated(met)) is told


@pytest.mark.parametrize(
    "met",
    [
        *[met for met, told in ERRORS if told is not MISTAKE],
        EndpointConnectionError(endpoint_url="https://dynamodb.example"),
    ],
    ids=name_of,
)
def test_errors_reveal_nothing_of_the_store(met: ClientError | BotoCoreError) -> None:
    told = translated(met)
    assert isinstance(told, ScimError)
    assert "dynamodb" not in str(told.detail).casefold()
    assert "Retry-After" in told.headers()


def test_a_store_out_of_reach_is_unavailable() -> None:
    unreachable = EndpointConnectionError(endpoint_url="https://dynamodb.example")
    assert isinstance(translated(unreachable), Unavailable)


@pytest.mark.parametrize(
    ("chance", "waits"),
    [
        (1.0, [0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 1.6, 1.6]),
        (0.5, [0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 0.8, 0.8]),
        (0.0, [0, 0, 0, 0, 0, 0, 0, 0]),
    ],
)
def test_the_bound_of_a_wait_doubles_up_to_the_longest(chance: float, waits: list[float]) -> None:
    retry = Retry(chance=lambda: chance)
    assert [retry.wait_before(attempt) for attempt in range(1, retry.times + 1)] == waits


def test_two_processes_wait_for_different_times() -> None:
    waits = [Retry().wait_before(6) for _ in range(2)]
    assert waits[0] != waits[1]
    assert 0 <= min(waits) <= max(waits) < 1.6
