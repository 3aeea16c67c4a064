"""A tenant's breaker: whether it allows removals, and how many more."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BreakerState:
    """The stored state of a tenant's breaker; times are in seconds since 1970, 0 for none.

    `allowed` and `left` are removals of the window, None without a limit. `number` and `percent` are the
    tenant's own limits, None for the deployment's; `opened_at` is empty while the breaker is closed.
    """

    tenant: str
    opened_at: str = ""
    window_began: int = 0
    allowed: int | None = 0
    left: int | None = 0
    number: int | None = None
    percent: int | None = None
