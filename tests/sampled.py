"""Tables of which a few cases stand for all in `make test`; `make test-long` runs the others."""

from collections.abc import Iterable
from itertools import product
from typing import Any

import pytest


def sampled(cases: Iterable[Any], every: int) -> list[Any]:
    """Return the cases as parameters of one value each: every n-th stays, the others are long."""
    return [
        case if number % every == 0 else pytest.param(case, marks=pytest.mark.long)
        for number, case in enumerate(cases)
    ]


def sampled_pairs(first: Iterable[Any], second: Iterable[Any], every: int) -> list[Any]:
    """Return each of the first with each of the second, as parameters of two values: likewise."""
    return [
        pytest.param(*pair, marks=() if number % every == 0 else pytest.mark.long)
        for number, pair in enumerate(product(first, second))
    ]
