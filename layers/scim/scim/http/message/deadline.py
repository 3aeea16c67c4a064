"""How long an answer may still take before the gateway gives the caller one of its own."""

import time
from collections.abc import Callable, Mapping
from typing import Any

ANSWER_WITHIN = 25.0
"""Seconds after the request reached the gateway, which waits for 29."""
_SPARE = 1.0
"""Seconds a function keeps for writing its answer before Lambda stops it."""

TimeLeft = Callable[[], float]
"""Returns the seconds left, below 0 when the answer is due."""


def time_left(event: Mapping[str, Any], context: Any) -> TimeLeft:
    """Return a watch for this invocation.

    A cold start and the authorizer count: the gateway's clock runs since the request came in.
    """
    ends = time.monotonic() + min(ANSWER_WITHIN - _age(event), _allowance(context) - _SPARE)
    return lambda: ends - time.monotonic()


def _age(event: Mapping[str, Any]) -> float:
    """Return for how many seconds the gateway has waited, 0 where it does not plausibly say."""
    came = (event.get("requestContext") or {}).get("requestTimeEpoch")
    age = time.time() - came / 1000 if isinstance(came, int) else 0.0
    return age if 0 <= age < ANSWER_WITHIN else 0.0


def _allowance(context: Any) -> float:
    remaining = getattr(context, "get_remaining_time_in_millis", None)
    return remaining() / 1000 if callable(remaining) else ANSWER_WITHIN + _SPARE
