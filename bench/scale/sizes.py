"""Runs a measurement at several sizes: SIZES sets others, STORE the store, WRITE names a file for the tables."""

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from local.tools.marked import write_marked

Measure = Callable[[Sequence[int], str], tuple[str, list[str]]]
"""Takes sizes and a store; returns the tables, and what is wrong with the measurements."""


def reported(measure: Measure, usual: Sequence[int]) -> int:
    """Print the tables and what is wrong with them. Return 1 if anything is, else 0."""
    chosen = [int(size) for size in os.environ.get("SIZES", "").replace(",", " ").split()]
    tables, complaints = measure(chosen or usual, os.environ.get("STORE", "dynamodb-local"))
    print("round trips / read units / write units\n")
    print(tables)
    if document := os.environ.get("WRITE"):
        write_marked(Path(document), "measured", f"{tables}\n")
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    return 1 if complaints else 0
