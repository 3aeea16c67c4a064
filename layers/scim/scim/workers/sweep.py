"""The sweep: finishes the work that deletes and large changes left, on a schedule."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

BUDGET = 500
"""The most transactions of one run; the next run, a minute later, does the rest."""


class Progress(Protocol):
    """How many transactions a sweep made, and whether no work is left."""

    @property
    def transactions(self) -> int: ...
    @property
    def is_done(self) -> bool: ...


class Sweepable(Protocol):
    """A store that finds the work left to do."""

    def sweep(self, now: str, budget: int) -> Progress:
        """Continue interrupted work, in up to `budget` transactions."""

    def sweep_tenants(self, now: str, budget: int) -> Progress:
        """Do the same for every tenant that ever had work, without the index that lists open work."""


Sweeper = Callable[[Mapping[str, Any], Any], dict[str, object]]


def sweeper(directory: Sweepable, now: Callable[[], str]) -> Sweeper:
    """Return the Lambda handler of the schedule.

    Open work is always found in the table, not in the event: a lost, duplicate or late event does no
    harm. The event `{"tenants": "all"}`, sent once a day, looks at each tenant.
    """

    def handler(event: Mapping[str, Any], _context: Any) -> dict[str, object]:
        sweep = directory.sweep_tenants if event.get("tenants") == "all" else directory.sweep
        progress = sweep(now(), BUDGET)
        return {"transactions": progress.transactions, "isDone": progress.is_done}

    return handler
