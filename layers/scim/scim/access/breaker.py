"""A tenant's breaker: its limits, whether it allows removals, and how many more."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BreakerLimits:
    """How much may be removed in a window of `seconds`: `number`, 0 for no limit.

    The limit is also `percent` of the resources that exist when the window begins, 0 for no such limit, but
    at least `minimum`; the lower limit applies. Removals within `new_seconds` of a resource's creation do not
    count.
    """

    number: int = 1000
    percent: int = 20
    minimum: int = 50
    seconds: int = 3600
    new_seconds: int = 3600

    @property
    def is_on(self) -> bool:
        return self.number > 0 or self.percent > 0


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
