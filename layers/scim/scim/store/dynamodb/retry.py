"""When to ask DynamoDB again: what its refusals and its silence mean, how long to wait, when to end.

Nobody else repeats: botocore makes one attempt (docs/decisions/0028-one-retry-policy.md).
"""

import math
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from botocore import exceptions
from botocore.exceptions import BotoCoreError, ClientError

from scim.errors import PayloadTooLarge, TooManyRequests, Unavailable

BUSY = frozenset(
    {
        "TransactionConflict",
        "TransactionConflictException",
        "TransactionInProgressException",
        "InternalServerError",
        "ServiceUnavailable",
        # What botocore makes of an answer without a word of DynamoDB's: its code is the status.
        "500",
        "502",
        "503",
        "504",
    }
)
SLOW = frozenset(
    {
        "ThrottlingError",
        "ThrottlingException",
        "ProvisionedThroughputExceeded",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
    }
)


def reasons_of(error: ClientError) -> Sequence[Mapping[str, Any]]:
    """Return why a transaction was cancelled, by step; nothing for other errors."""
    reasons: Sequence[Mapping[str, Any]] = error.response.get("CancellationReasons", ())
    return reasons


class NotHeld(Exception):
    """The condition of a single write did not hold; `item` is what it met, as it came."""

    def __init__(self, item: Mapping[str, Any]) -> None:
        super().__init__("a condition did not hold")
        self.item = item


SILENCE = (exceptions.HTTPClientError, exceptions.ConnectionError)
"""No answer: not reached, cut off, or too late."""


def is_passing(error: BotoCoreError | ClientError) -> bool:
    """Tell whether the same request may succeed a moment later."""
    if isinstance(error, BotoCoreError):
        return isinstance(error, SILENCE)
    return bool(_codes_of(error) & (BUSY | SLOW))


def translated(error: BotoCoreError | ClientError) -> Exception:
    """Return what the client is told, or the error itself when it is a mistake of ours."""
    if isinstance(error, BotoCoreError):
        return out_of_reach()
    codes = _codes_of(error)
    if any(_is_too_large(reason) for reason in reasons_of(error)):
        return PayloadTooLarge(
            "A resource would become larger than the store takes: it is linked to too often."
        )
    if "ConditionalCheckFailedException" in codes:
        response: Mapping[str, Any] = error.response
        return NotHeld(response.get("Item", {}))
    if codes & SLOW:
        return too_busy()
    if codes & BUSY:
        return Unavailable("Others change the same resources at the moment; try again.")
    return error


def too_busy() -> TooManyRequests:
    """Return what the client is told when DynamoDB asks for less."""
    return TooManyRequests("Too many requests at the moment; slow down.", retry_after=1)


def out_of_reach() -> Unavailable:
    """Return what the client is told when DynamoDB does not answer in time."""
    return Unavailable("The store cannot be reached at the moment; try again.", retry_after=5)


def _is_too_large(reason: Mapping[str, Any]) -> bool:
    # What is sent is checked before; an item that grows by an update only DynamoDB can weigh,
    # and of all that is not valid only its words tell this apart.
    return reason.get("Code") == "ValidationError" and "size" in str(reason.get("Message"))


def _codes_of(error: ClientError) -> set[str]:
    return {error.response["Error"]["Code"], *(str(r.get("Code")) for r in reasons_of(error))}


LOST = 4.0
"""Seconds of unanswered attempts after which a request asks nothing more."""


class Deadline:
    """How long the request being served may go on asking: a process serves one at a time.

    Until a request is named nothing ends: a worker's calls are bounded one by one.
    """

    def __init__(self) -> None:
        self._time_left: Callable[[], float] | None = None
        self._lost = 0.0

    def begin(self, time_left: Callable[[], float]) -> None:
        """Serve another request from now on, whose watch that is."""
        self._time_left = time_left
        self._lost = 0.0

    def lose(self, seconds: float) -> None:
        """Note an attempt that was not answered; those side by side all count."""
        self._lost += seconds

    def left(self) -> float:
        """Return for how many seconds there may be waited and asked, 0 and less for none."""
        if self._time_left is None:
            return math.inf
        return self._time_left() if self._lost < LOST else 0.0


# Clones of one snapshot must not wait alike, so the operating system throws the dice.
@dataclass(frozen=True, slots=True)
class Retry:
    """Full jitter: waits between nothing and a bound that doubles each time.

    `chance` returns a number from 0 up to 1. A call is repeated up to `times`, none of it begun
    later than `within` seconds after the first, nor when `patience` has ended.
    """

    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = field(default_factory=lambda: random.SystemRandom().random)
    times: int = 8
    first: float = 0.025
    longest: float = 1.6
    within: float = 4.0
    deadline: Deadline = field(default_factory=Deadline)
    clock: Callable[[], float] = time.monotonic

    def wait_before(self, attempt: int) -> float:
        """Return how long to wait before the attempt with that number, the first repetition being 1."""
        doubled: float = self.first * 2**attempt
        return self.chance() * min(self.longest, doubled)

    def begun(self) -> "Attempts":
        """Return the attempts of one call, none made."""
        return Attempts(self)


class Attempts:
    """One call of DynamoDB, with its repetitions."""

    def __init__(self, retry: Retry) -> None:
        self._retry = retry
        self._began = retry.clock()
        self._made = 0

    def make(self, ask: Callable[..., Any], **request: Any) -> Any:
        """Ask, return the answer. Raises Unavailable instead when the request has ended."""
        deadline, clock = self._retry.deadline, self._retry.clock
        if deadline.left() <= 0:
            raise out_of_reach()
        began = clock()
        self._made += 1
        try:
            return ask(**request)
        except SILENCE:
            deadline.lose(clock() - began)
            raise

    def wait(self, error: BotoCoreError | ClientError | None = None) -> bool:
        """Wait before the next attempt; return False at once when there shall be none."""
        retry = self._retry
        if self._made > retry.times or (error is not None and not is_passing(error)):
            return False
        seconds = retry.wait_before(self._made)
        since = retry.clock() - self._began
        if since + seconds >= retry.within or seconds >= retry.deadline.left():
            return False
        retry.sleep(seconds)
        return True
