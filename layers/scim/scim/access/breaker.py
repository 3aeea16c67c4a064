"""A tenant's breaker: whether it lets removals through, and how many more."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BreakerState:
    """A tenant's breaker as it is stored; times are in seconds since 1970, 0 for none.

    `number` and `percent` are its own limits, None for the deployment's; `opened_at` is empty
    while it is closed.
    """

    tenant: str
    opened_at: str = ""
    window_began: int = 0
    allowed: int = 0
    left: int = 0
    number: int | None = None
    percent: int | None = None
