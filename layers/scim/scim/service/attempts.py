"""How often a use case starts over when what it read was overtaken by another writer."""

LIMIT = 10


def attempts() -> range:
    """Return one turn per attempt; the store has already waited out plain conflicts."""
    return range(LIMIT)
