"""The sweep: finishes what deletes and large changes left to do, on schedule or when told."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

BUDGET = 500
"""Transactions of one run; what is left is for the next one, a minute later."""


class Progress(Protocol):
    """How many transactions a sweep made, and whether nothing is left to do."""

    @property
    def transactions(self) -> int: ...
    @property
    def is_done(self) -> bool: ...


class Sweepable(Protocol):
    """A store that knows what is left to do."""

    def sweep(self, now: str, budget: int) -> Progress:
        """Go on with what was begun and interrupted, in up to `budget` transactions."""

    def sweep_tenants(self, now: str, budget: int) -> Progress:
        """Do the same for every tenant that ever had work, without the index that names it."""


Sweeper = Callable[[Mapping[str, Any], Any], dict[str, object]]


def sweeper(directory: Sweepable, now: Callable[[], str]) -> Sweeper:
    """Return the Lambda handler of the schedule, and of the stream that tells of new work.

    Either way what is open is found in the table, not in the event: one that is lost, doubled
    or late does no harm. An event `{"tenants": "all"}`, once a day, looks at each tenant.
    """

    def handler(event: Mapping[str, Any], _context: Any) -> dict[str, object]:
        sweep = directory.sweep_tenants if event.get("tenants") == "all" else directory.sweep
        progress = sweep(now(), BUDGET)
        return {"transactions": progress.transactions, "isDone": progress.is_done}

    return handler
