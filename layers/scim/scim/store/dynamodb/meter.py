"""Counts what the store asks of DynamoDB: round trips, read and write capacity units.

Reads are counted by the items that came back, writes by the steps of the transaction: the
numbers do not depend on what a back end reports, which no emulator does right.

A write costs by the whole item, and of an item that was not read only what the step shows is
known. It is taken for small, a kilobyte at most: too little for the target of an edge that many
others point to already, such as a user in dozens of groups (17 bytes each) who joins one more.
"""

from dataclasses import dataclass, fields
from threading import Lock


@dataclass(frozen=True, slots=True)
class Cost:
    """What a stretch of work has cost."""

    round_trips: int = 0
    rcu: float = 0.0
    wcu: float = 0.0

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


class Meter:
    """Adds up costs until it is reset."""

    def __init__(self) -> None:
        self._cost = Cost()
        self._lock = Lock()

    def add(self, cost: Cost) -> None:
        """Count one request, of whichever thread."""
        with self._lock:
            self._cost += cost

    def reading(self) -> Cost:
        """Return what has been counted since the last reset."""
        return self._cost

    def reset(self) -> None:
        """Begin again at nothing."""
        self._cost = Cost()
