"""The exponents of growth: those of known series, and which are worse than reported."""

import math
from collections.abc import Callable
from typing import Any

import pytest

from bench.scale.growth import exponent, grown, rows, worse

SIZES = (10, 100, 1_000, 10_000)


@pytest.mark.parametrize(
    ("spent", "least", "most"),
    [
        (lambda _: 3.0, 0, 0),
        (lambda size: 0.02 * size, 1, 1),
        (lambda size: 0.02 * size * math.log(size), 1.15, 1.25),
        (lambda size: 0.02 * size**2, 2, 2),
        (lambda size: 5 + 0.02 * size, 0.3, 0.7),
    ],
    ids=["1", "n", "n log n", "n²", "5 + n/50"],
)
def test_the_exponent_of_a_known_series(
    spent: Callable[[int], float], least: float, most: float
) -> None:
    found = exponent(SIZES, [spent(size) for size in SIZES])
    assert least - 1e-9 <= found <= most + 1e-9


def test_the_exponent_of_the_last_step_is_less_affected_by_a_constant_cost() -> None:
    found = grown(SIZES, [5 + 0.02 * size for size in SIZES])
    assert found["exponent"] < found["last"]
    assert found["last"] == pytest.approx(0.9, abs=0.1)


def _growth(exponent: float, last: float) -> dict[str, dict[str, Any]]:
    held = {"sizes": [10, 100], "milliseconds": [1.0, 1234.5]}
    return {"values in a body": {**held, "exponent": exponent, "last": last}}


@pytest.mark.parametrize(
    ("now", "complaints"),
    [((0.8, 1.0), 0), ((1.0, 1.2), 0), ((1.01, 1.0), 1), ((0.8, 1.21), 1), ((1.5, 1.5), 2)],
)
def test_an_exponent_may_be_a_fifth_more(now: tuple[float, float], complaints: int) -> None:
    assert len(list(worse(_growth(*now), _growth(0.8, 1.0)))) == complaints


def test_a_request_that_was_not_reported_is_not_worse() -> None:
    assert list(worse(_growth(2, 2), {})) == []


def test_a_row_has_the_limit_and_says_what_is_more_than_in_proportion() -> None:
    assert rows(_growth(0.8, 1.0))[2] == (
        "| values in a body | 10 / 100 | 1.0 / 1,234.5 | 0.8 | 1.0 | `MaxValues` 1,000 |"
    )
    assert "| 1.2, more than proportional |" in rows(_growth(0.8, 1.2))[2]
