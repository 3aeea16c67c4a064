"""CPU that a call takes itself, whatever the process holds beside it."""

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Spent:
    """Seconds of CPU, known when the block has ended."""

    seconds = 0.0


@contextmanager
def cpu() -> Iterator[Spent]:
    """Measure a block on this thread; what other tests left is neither collected nor looked through."""
    spent = Spent()
    gc.collect()
    gc.freeze()
    began = time.thread_time()
    try:
        yield spent
    finally:
        spent.seconds = time.thread_time() - began
        gc.unfreeze()
