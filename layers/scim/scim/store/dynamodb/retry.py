"""When to retry a call of DynamoDB: which errors and timeouts allow it, how long to wait, when to stop.

No other code retries: botocore makes one attempt (docs/decisions/0028-one-retry-policy.md).
"""

import math
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from botocore import exceptions
from botocore.exceptions import BotoCoreError, ClientError

from scim.errors import TooManyRequests, Unavailable

CONTENDED = frozenset(
    {
        "TransactionConflict",
        "TransactionConflictException",
        "TransactionInProgressException",
    }
)
FAILING = frozenset(
    {
        "InternalServerError",
        "InternalFailure",
        "ServiceUnavailable",
        # botocore uses the status as the code if a response has no error of DynamoDB's.
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
    """Return the cancellation reason of each step of a transaction, or nothing for other errors."""
    reasons: Sequence[Mapping[str, Any]] = error.response.get("CancellationReasons", ())
    return reasons


class NotHeld(Exception):
    """The condition of a single write failed; `item` is the existing item, in wire form."""

    def __init__(self, item: Mapping[str, Any]) -> None:
        super().__init__("a condition did not hold")
        self.item = item


SILENCE = (exceptions.HTTPClientError, exceptions.ConnectionError)
"""No response: no connection, a broken connection or a timeout."""


def is_passing(error: BotoCoreError | ClientError) -> bool:
    """Tell whether the same request may succeed a moment later."""
    if isinstance(error, BotoCoreError):
        return isinstance(error, SILENCE)
    return bool(_codes_of(error) & (CONTENDED | FAILING | SLOW))


def translated(error: BotoCoreError | ClientError) -> Exception:
    """Return the error to send to the client, or `error` itself if it is a bug of ours."""
    if isinstance(error, BotoCoreError):
        return out_of_reach()
    codes = _codes_of(error)
    if "ConditionalCheckFailedException" in codes:
        response: Mapping[str, Any] = error.response
        return NotHeld(response.get("Item", {}))
    if codes & SLOW:
        return too_busy()
    if codes & CONTENDED:
        return Unavailable("Others change the same resources at the moment; try again.")
    if codes & FAILING:
        return out_of_reach()
    return error


def too_busy() -> TooManyRequests:
    """Return the error for the client when DynamoDB throttles."""
    return TooManyRequests("Too many requests at the moment; slow down.", retry_after=1)


def out_of_reach() -> Unavailable:
    """Return the error for the client when DynamoDB fails or does not respond in time."""
    return Unavailable("The store cannot be reached at the moment; try again.", retry_after=5)


def _codes_of(error: ClientError) -> set[str]:
    return {
        error.response["Error"]["Code"],
        *(str(reason.get("Code")) for reason in reasons_of(error)),
    }


LOST = 4.0
"""Total seconds of unanswered attempts after which a request sends nothing more to DynamoDB."""


class Deadline:
    """How long the current request may go on calling DynamoDB. A process serves one request at a time.

    There is no limit until `begin` is called: each call of a worker has its own bound.
    """

    def __init__(self) -> None:
        self._time_left: Callable[[], float] | None = None
        self._lost = 0.0

    def begin(self, time_left: Callable[[], float]) -> None:
        """Start a new request; `time_left` returns the seconds that remain."""
        self._time_left = time_left
        self._lost = 0.0

    def lose(self, seconds: float) -> None:
        """Add the seconds of an unanswered attempt. Concurrent attempts all count."""
        self._lost += seconds

    def left(self) -> float:
        """Return how many seconds remain for waits and calls; 0 or less means none."""
        if self._time_left is None:
            return math.inf
        return self._time_left() if self._lost < LOST else 0.0


# Clones of one snapshot must not wait equally long, so the randomness is the operating system's.
@dataclass(frozen=True, slots=True)
class Retry:
    """Retries with full jitter: each wait is between zero and a bound that doubles.

    `chance` returns a number from 0 up to, but not including, 1. A call is retried up to `times` times. No
    retry starts later than `within` seconds after the first attempt, or after `deadline`.
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
        """Return the seconds to wait before a retry; the first retry is attempt 1."""
        doubled: float = self.first * 2**attempt
        return self.chance() * min(self.longest, doubled)

    def begun(self) -> "Attempts":
        """Return a new call, with no attempts made."""
        return Attempts(self)


class Attempts:
    """One call of DynamoDB and its retries."""

    def __init__(self, retry: Retry) -> None:
        self._retry = retry
        self._began = retry.clock()
        self._made = 0

    def make(self, call: Callable[..., Any], **request: Any) -> Any:
        """Call `call` and return the response. Raises Unavailable if the request's deadline has passed."""
        deadline, clock = self._retry.deadline, self._retry.clock
        if deadline.left() <= 0:
            raise out_of_reach()
        start = clock()
        self._made += 1
        try:
            return call(**request)
        except SILENCE:
            deadline.lose(clock() - start)
            raise

    def wait(self, error: BotoCoreError | ClientError | None = None) -> bool:
        """Wait before the next attempt, or return False at once if there must be none."""
        retry = self._retry
        if self._made > retry.times or (error is not None and not is_passing(error)):
            return False
        seconds = retry.wait_before(self._made)
        since = retry.clock() - self._began
        if since + seconds >= retry.within or seconds >= retry.deadline.left():
            return False
        retry.sleep(seconds)
        return True
