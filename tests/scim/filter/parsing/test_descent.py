"""The trees of the parser beside those of one written by hand, which shares nothing with it."""

from random import Random
from typing import Any

import pytest

from bench.descent import descended
from scim.filter.parsing.known import quoted_filter
from scim.filter.parsing.limits import FilterLimits
from scim.filter.parsing.parse import parse_filter
from tests.scim.filter.generated import filter_text
from tests.scim.filter.trees import cases, written

WIDE = FilterLimits(length=10**6, terms=10**4, depth=32)
NUMBER = 10_000
SAMPLE = 1_000
# What the service takes beyond the grammar of the RFC is not in the other's.
STRICT = [
    case for case in cases("filters.json") if not parse_filter(case.values[0]["text"]).tolerances
]


@pytest.mark.parametrize("row", STRICT)
def test_a_filter_of_the_table_is_read_as_by_hand(row: dict[str, Any]) -> None:
    assert written(parse_filter(row["text"]).filter) == written(descended(row["text"]))


def differing(seeds: range) -> list[str]:
    """Return the filters that the two read differently, each read twice: anew and as known."""
    texts = [filter_text(Random(seed)) for seed in seeds]
    return [
        text
        for text in texts
        for _ in range(2)
        if written(parse_filter(text, WIDE).filter) != written(descended(text))
    ]


def test_generated_filters_are_read_as_by_hand() -> None:
    assert differing(range(SAMPLE)) == []


@pytest.mark.long
def test_ten_thousand_generated_filters_are_read_as_by_hand() -> None:
    assert differing(range(SAMPLE, NUMBER)) == []


def test_generated_filters_reach_both_ways_of_reading() -> None:
    quoted_filter.cache_clear()
    for seed in range(200):
        parse_filter(filter_text(Random(seed)), WIDE)
    assert quoted_filter.cache_info().currsize > 20
