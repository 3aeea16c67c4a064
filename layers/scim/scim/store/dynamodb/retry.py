"""When to try again: what DynamoDB's refusals mean, and how long to wait."""

import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from scim.errors import PayloadTooLarge, TooManyRequests, Unavailable

BUSY = frozenset(
    {
        "TransactionConflict",
        "TransactionConflictException",
        "TransactionInProgressException",
        "InternalServerError",
        "ServiceUnavailable",
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


def is_passing(error: ClientError) -> bool:
    """Tell whether the same request may succeed a moment later."""
    return bool(_codes_of(error) & (BUSY | SLOW))


def translated(error: BotoCoreError | ClientError) -> Exception:
    """Return what the client is told, or the error itself when it is a mistake of ours."""
    if isinstance(error, BotoCoreError):
        return Unavailable("The store cannot be reached at the moment; try again.")
    codes = _codes_of(error)
    if any(_is_too_large(reason) for reason in reasons_of(error)):
        return PayloadTooLarge(
            "A resource would become larger than the store takes: it is linked to too often."
        )
    if codes & SLOW:
        return too_busy()
    if codes & BUSY:
        return Unavailable("Others change the same resources at the moment; try again.")
    return error


def too_busy() -> TooManyRequests:
    """Return what the client is told when DynamoDB asks for less."""
    return TooManyRequests("Too many requests at the moment; slow down.", retry_after=1)


def _is_too_large(reason: Mapping[str, Any]) -> bool:
    # What is sent is checked before; an item that grows by an update only DynamoDB can weigh,
    # and of all that is not valid only its words tell this apart.
    return reason.get("Code") == "ValidationError" and "size" in str(reason.get("Message"))


def _codes_of(error: ClientError) -> set[str]:
    return {error.response["Error"]["Code"], *(str(r.get("Code")) for r in reasons_of(error))}


# Clones of one snapshot must not wait alike, so the operating system throws the dice.
@dataclass(frozen=True, slots=True)
class Retry:
    """Full jitter: waits between nothing and a bound that doubles each time.

    `chance` returns a number from 0 up to 1.
    """

    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = field(default_factory=lambda: random.SystemRandom().random)
    times: int = 8
    first: float = 0.025
    longest: float = 1.6

    def wait(self, attempt: int) -> None:
        """Wait before the attempt with that number, the first repetition being 1."""
        self.sleep(self.chance() * min(self.longest, self.first * 2**attempt))
