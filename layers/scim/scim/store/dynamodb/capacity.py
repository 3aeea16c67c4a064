"""What requests cost: round trips, read and write capacity units, after AWS's documented model.

Writes here are always transactional (two units for each started kilobyte); the index
byLastModified is written asynchronously, in plain units. Reads are counted by the items that
came back, writes by the steps of the transaction: the numbers do not depend on what a back end
reports, which no emulator does right.

A write costs by the whole item, and of an item that was not read only what the step shows is
known: it is taken for small, a kilobyte at most. Of one that was read since the last reset the
meter knows better: who adds to the links of a user in a thousand groups pays for all of them.
"""

from collections.abc import Iterable
from threading import Lock

from scim.immutable import immutable
from scim.store.dynamodb.values import Item, Value

READ_UNIT, WRITE_UNIT = 4096, 1024
TRANSACTION = 2
KNOWN = 10_000
"""Items whose weight is remembered at most."""


def size_of_item(item: Item) -> int:
    """Return the bytes an item counts for."""
    return sum(
        [
            (len(name) if name.isascii() else len(name.encode())) + size_of(value)
            for name, value in item.items()
        ]
    )


def size_of(value: Value) -> int:
    """Return the bytes a value counts for."""
    match value:
        case str():
            return len(value) if value.isascii() else len(value.encode())
        case bytes():
            return len(value)
        case bool():
            return 1
        case int():
            return (len(str(abs(value))) + 1) // 2 + 1 + (value < 0)
        case _:
            return sum(map(len, value))


def read_units(sizes: Iterable[int], *, consistent: bool) -> float:
    """Return the units of separately read items of these sizes; an absent one counts, too."""
    units = sum(max(1, -(-size // READ_UNIT)) for size in sizes)
    return units if consistent else units / 2


def write_units(size: int) -> int:
    """Return the units of one transactional write of an item of that size."""
    return TRANSACTION * max(1, -(-size // WRITE_UNIT))


@immutable
class Cost:
    """What some work has cost."""

    round_trips: int = 0
    rcu: float = 0.0
    wcu: float = 0.0

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(
            self.round_trips + other.round_trips, self.rcu + other.rcu, self.wcu + other.wcu
        )


class Meter:
    """Adds up costs until it is reset; nothing is weighed for one that does not count.

    One that does not begins to when somebody asks what has been counted.
    """

    def __init__(self, *, counts: bool = True) -> None:
        self.counts = counts
        self._cost = Cost()
        self._lock = Lock()
        self._weights: dict[tuple[Value | None, Value | None], int] = {}

    def add_reads(self, items: Iterable[Item], absent: int = 0, *, consistent: bool) -> None:
        """Count a request that read each of the items for itself, and some that are not there."""
        if self.counts:
            sizes = [self._weighed(item) for item in items] + [0] * absent
            self.add(Cost(1, read_units(sizes, consistent=consistent)))

    def add_query(self, items: Iterable[Item], *, consistent: bool) -> None:
        """Count a request that read the items one after the other."""
        if self.counts:
            size = sum(map(size_of_item, items))
            self.add(Cost(1, read_units([size], consistent=consistent)))

    def _weighed(self, item: Item) -> int:
        size = size_of_item(item)
        if len(self._weights) >= KNOWN:
            self._weights.clear()
        self._weights[item.get("pk"), item.get("sk")] = size
        return size

    def weight_read(self, pk: str, sk: str) -> int:
        """Return the bytes of an item that was read for itself since the last reset, else 0."""
        return self._weights.get((pk, sk), 0)

    def add(self, cost: Cost) -> None:
        """Count one request, of whichever thread."""
        with self._lock:
            self._cost += cost

    def reading(self) -> Cost:
        """Return what has been counted since the last reset."""
        self.counts = True
        return self._cost

    def reset(self) -> None:
        """Begin again at nothing."""
        self._cost = Cost()
        self._weights.clear()
