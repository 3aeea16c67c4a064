"""Requests on groups cost the same at every size, within their budgets; here with small groups on moto."""

import pytest

from bench.caller import Cost
from bench.groups import BUDGETS, complaints_of, main, table_of

CHEAP = Cost(1, 0.5, 0)


@pytest.mark.long
def test_the_size_of_a_group_costs_nothing() -> None:
    table, complaints = main((10, 100), "moto")
    assert complaints == []
    assert "| add 1 member | 2 / 2 / 6 |" in table


def test_differing_costs_and_broken_budgets_are_reported() -> None:
    same = dict.fromkeys(BUDGETS, CHEAP)
    assert complaints_of({10: same, 1000: same}) == []
    found = complaints_of({10: same, 1000: {**same, "rename": Cost(3, 1, 6)}})
    assert found[0] == "rename: not the same at every size"
    assert found[1].startswith("rename at 1,000: 3 / 1 / 6 is beyond")


@pytest.mark.parametrize("size", [10, 1_000_000])
def test_the_table_names_the_sizes(size: int) -> None:
    head, *_ = table_of({size: dict.fromkeys(BUDGETS, CHEAP)}).splitlines()
    assert head == f"| operation | at {size:,} members |"
