"""The CPU time of a block, as such and compared with that of a fixed piece of work on the same machine."""

import gc
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache


class Spent:
    """Seconds of CPU, known when the block has ended."""

    seconds = 0.0


@contextmanager
def cpu() -> Iterator[Spent]:
    """Measure a block on this thread, without garbage collection: it would go through what all tests have made."""
    spent = Spent()
    gc.disable()
    began = time.thread_time()
    try:
        yield spent
    finally:
        spent.seconds = time.thread_time() - began
        gc.enable()


def megabytes(seconds: float) -> float:
    """Return how many megabytes of JSON this machine writes and reads in so many seconds of CPU."""
    return seconds / _of_a_megabyte()


@cache
def _of_a_megabyte() -> float:
    value = [{"number": n, "text": "x" * 14} for n in range(25_000)]
    return min(_of_json(value) for _ in range(5))


def _of_json(value: object) -> float:
    with cpu() as spent:
        assert json.loads(json.dumps(value)) == value
    return spent.seconds
