"""What requests cost, after AWS's documented capacity model.

Writes here are always transactional (two units for each started kilobyte); the index
byLastModified is written asynchronously, in plain units.
"""

from collections.abc import Iterable

from scim.store.dynamodb.values import Item, Value

READ_UNIT, WRITE_UNIT = 4096, 1024
TRANSACTION = 2


def size_of_item(item: Item) -> int:
    """Return the bytes an item counts for."""
    return sum(len(name.encode()) + size_of(value) for name, value in item.items())


def size_of(value: Value) -> int:
    """Return the bytes a value counts for."""
    match value:
        case bool():
            return 1
        case str():
            return len(value.encode())
        case int():
            return (len(str(abs(value))) + 1) // 2 + 1 + (value < 0)
        case bytes():
            return len(value)
        case _:
            return sum(map(len, value))


def read_units(sizes: Iterable[int], *, consistent: bool) -> float:
    """Return the units of separately read items of these sizes; an absent one counts, too."""
    units = sum(max(1, -(-size // READ_UNIT)) for size in sizes)
    return units if consistent else units / 2


def write_units(size: int) -> int:
    """Return the units of one transactional write of an item of that size."""
    return TRANSACTION * max(1, -(-size // WRITE_UNIT))
