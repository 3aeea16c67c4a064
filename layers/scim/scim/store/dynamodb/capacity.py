"""What requests cost: round trips, read and write capacity units, by AWS's documented rules.

Writes are counted as transactional (two units for each started kilobyte). The index byLastModified is written
asynchronously and costs standard units. Reads are counted from the returned items and writes from the steps
of the transaction, because no emulator reports consumed capacity correctly.

A write costs as much as the whole item. If the item was not read, only the attributes in the step are known,
and the meter counts those. If the item was read since the last reset, the meter knows its size: adding a link
to a user who is in a thousand groups is charged for all the links.
"""

from collections.abc import Iterable
from threading import Lock

from scim.immutable import immutable
from scim.store.dynamodb.values import Item, Value

READ_UNIT, WRITE_UNIT = 4096, 1024
TRANSACTION = 2
KNOWN = 10_000
"""The maximum number of items whose size the meter remembers."""


def size_of_item(item: Item) -> int:
    """Return the size of an item in bytes, as DynamoDB counts it."""
    return sum(
        [
            (len(name) if name.isascii() else len(name.encode())) + size_of(value)
            for name, value in item.items()
        ]
    )


def size_of(value: Value) -> int:
    """Return the size of a value in bytes, as DynamoDB counts it."""
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
    """Return the read units of items read one by one, given their sizes; a missing item (size 0) counts too."""
    units = sum(max(1, -(-size // READ_UNIT)) for size in sizes)
    return units if consistent else units / 2


def write_units(size: int) -> int:
    """Return the units of one transactional write of an item of `size` bytes."""
    return TRANSACTION * max(1, -(-size // WRITE_UNIT))


@immutable
class Cost:
    """The cost of some work."""

    round_trips: int = 0
    rcu: float = 0.0
    wcu: float = 0.0

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(
            self.round_trips + other.round_trips, self.rcu + other.rcu, self.wcu + other.wcu
        )


class Meter:
    """Adds up costs until it is reset. With `counts=False` it computes no sizes.

    Such a meter starts to count at the first call of `reading`.
    """

    def __init__(self, *, counts: bool = True) -> None:
        self.counts = counts
        self._cost = Cost()
        self._lock = Lock()
        self._weights: dict[tuple[Value | None, Value | None], int] = {}

    def add_reads(self, items: Iterable[Item], absent: int = 0, *, consistent: bool) -> None:
        """Count one request that read each of the items by key, and `absent` items that do not exist."""
        if self.counts:
            sizes = [self._weighed(item) for item in items] + [0] * absent
            self.add(Cost(1, read_units(sizes, consistent=consistent)))

    def add_query(self, items: Iterable[Item], *, consistent: bool) -> None:
        """Count one request that read the items in sequence."""
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
        """Return the size in bytes of an item that was read by key since the last reset, else 0."""
        return self._weights.get((pk, sk), 0)

    def add(self, cost: Cost) -> None:
        """Count one request. Safe to call from any thread."""
        with self._lock:
            self._cost += cost

    def reading(self) -> Cost:
        """Return the cost since the last reset."""
        self.counts = True
        return self._cost

    def reset(self) -> None:
        """Set the cost to zero and forget the sizes."""
        self._cost = Cost()
        self._weights.clear()
