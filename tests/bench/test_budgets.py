"""Operations with a budget cost the same at every size and stay within it."""

import pytest

from bench.budgets import (
    AS_OF_NOW,
    BUDGETS,
    RELAXED,
    as_json,
    complaints_of,
    measured,
    of_json,
    rows,
)
from bench.caller import Cost

CHEAP = dict.fromkeys(BUDGETS, Cost(1, 0.5, 0))
BOTH = {AS_OF_NOW: CHEAP, RELAXED: CHEAP}


@pytest.mark.dynamodb
@pytest.mark.timeout(1800)
def test_budgets_hold_at_100_users_and_at_10_000() -> None:
    found = measured((100, 10_000), "dynamodb-local")
    assert complaints_of(found) == []
    measured_ones = {name for costs in found[100].values() for name in costs}
    assert measured_ones == set(BUDGETS)


@pytest.mark.parametrize(
    ("reading", "operation", "cost", "complaint"),
    [
        (RELAXED, "GET user", Cost(1, 1, 0), "at 100: 1 / 1 / 0 is beyond 1 / 0.5 / 0"),
        (AS_OF_NOW, "GET user", Cost(2, 1, 0), "at 100: 2 / 1 / 0 is beyond 1 / 1 / 0"),
        (RELAXED, "PATCH user, unindexed attribute", Cost(2, 1, 4), "beyond 2 / 1 / 3"),
        (RELAXED, "delete a user in 1,000 groups", Cost(4, 0, 0), "beyond 3 / - / -"),
    ],
    ids=["read-units", "round-trips", "write-units", "nothing-asked-of-units"],
)
def test_a_cost_beyond_its_budget_is_reported(
    reading: str, operation: str, cost: Cost, complaint: str
) -> None:
    (told,) = complaints_of({100: {**BOTH, reading: {**CHEAP, operation: cost}}})
    assert told.startswith(f"{operation}, {reading}")
    assert complaint in told


def test_reading_as_of_now_may_cost_twice() -> None:
    now = {**CHEAP, "GET user": Cost(1, 1, 0), "userName eq": Cost(2, 2, 0)}
    assert complaints_of({100: {**BOTH, AS_OF_NOW: now}}) == []


def test_a_cost_that_depends_on_the_size_is_reported() -> None:
    dearer = {**CHEAP, "GET user": Cost(1, 0, 0)}
    found = {100: BOTH, 10_000: {**BOTH, RELAXED: dearer}}
    assert complaints_of(found) == ["GET user, ConsistentReads=0: not the same at every size"]


def test_a_request_not_measured_under_one_consistency_has_no_row_for_it() -> None:
    some = {name: cost for name, cost in CHEAP.items() if name != "list 100, first page"}
    lines = rows({100: {**BOTH, RELAXED: some}})
    assert len([line for line in lines if line.startswith("| list 100, first page")]) == 1
    assert lines[0] == "| operation | reads | at most | at 100 users |"


def test_a_cost_that_is_the_same_at_every_size_stands_once() -> None:
    dearer = {**CHEAP, "list 100, first page": Cost(3, 9, 0)}
    lines = rows({100: BOTH, 10_000: {**BOTH, AS_OF_NOW: dearer}})
    assert lines[0] == "| operation | reads | at most | at 100 / 10,000 users |"
    assert [
        line.split(" | ")[-1]
        for line in lines
        if line.startswith("| list 100, first page | as of now")
    ] == [f"{CHEAP['list 100, first page']}; 3 / 9 / 0 |"]
    assert f"| GET user | as of now | 1 / 1 / 0 | {CHEAP['GET user']} |" in lines


def test_a_cost_that_is_the_same_however_it_is_read_has_one_row() -> None:
    lines = rows({100: BOTH})
    assert [line.split(" | ")[1] for line in lines if line.startswith("| rename")] == ["either"]


def test_costs_are_kept_as_json() -> None:
    found = {100: BOTH}
    assert of_json(as_json(found)) == found
