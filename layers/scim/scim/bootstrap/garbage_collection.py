"""How often a function collects reference cycles (docs/decisions/0144-garbage-collection-after-more-objects.md)."""

import gc
from typing import Final

OBJECTS: Final = 20_000
"""How many new objects trigger a collection of the youngest generation: all but the largest requests make fewer."""


def collect_seldom() -> None:
    """Let Python collect after OBJECTS new objects instead of its default of 700 or 2,000."""
    _, *older = gc.get_threshold()
    gc.set_threshold(OBJECTS, *older)
