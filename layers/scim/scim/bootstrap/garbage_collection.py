"""How often a function collects garbage: objects that nothing but each other refers to (docs/decisions/0144-garbage-collection-after-more-objects.md)."""

import gc
from typing import Final

OBJECTS: Final = 20_000
"""How many objects more there are before the youngest are collected: a request of any size but the largest makes fewer at a time."""


def collect_seldom() -> None:
    """Let Python collect when there are so many objects more, and not after each 700 or 2,000 as it would."""
    _, *older = gc.get_threshold()
    gc.set_threshold(OBJECTS, *older)
