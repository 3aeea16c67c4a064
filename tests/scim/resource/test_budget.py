"""The budget of one request."""

from typing import Any

import pytest

from scim.errors import PayloadTooLarge, TooMany, Unavailable
from scim.resource.budget import FOLDED_CHARACTERS, RequestBudget, values_in
from scim.schema.loading import shipped_catalogue

USER = shipped_catalogue().resource_type("User")


def test_comparisons_within_the_budget_pass_and_one_more_is_too_many() -> None:
    budget = RequestBudget(comparisons=10)
    budget.compare(4)
    budget.compare(6)
    with pytest.raises(TooMany, match="more than 10 comparisons"):
        budget.compare(1)


def test_no_work_begins_once_the_answer_is_due() -> None:
    RequestBudget().require_time()
    with pytest.raises(Unavailable, match="time for one request"):
        RequestBudget(is_late=lambda: True).require_time()


def _emails(number: int) -> dict[str, Any]:
    return {"emails": [{"value": f"{i}@x.example"} for i in range(number)]}


@pytest.mark.parametrize(
    ("before", "after"), [(None, 3), (0, 3), (5, 5), (5, 4)], ids=["new", "few", "old", "fewer"]
)
def test_an_attribute_may_keep_as_many_values_as_it_had(before: int | None, after: int) -> None:
    assert USER is not None
    held = None if before is None else _emails(before)
    RequestBudget(values=3).require_few_values(USER, _emails(after), held)


@pytest.mark.parametrize(("before", "after"), [(None, 4), (3, 4), (5, 6)])
def test_more_values_are_refused_with_the_attribute_and_the_number(
    before: int | None, after: int
) -> None:
    assert USER is not None
    held = None if before is None else _emails(before)
    with pytest.raises(PayloadTooLarge, match=f"emails has {after} values; at most 3 are taken"):
        RequestBudget(values=3).require_few_values(USER, _emails(after), held)


LONG = "ж" * 10 * FOLDED_CHARACTERS


@pytest.mark.parametrize(
    ("value", "number"),
    [
        pytest.param(None, 1, id="nothing"),
        pytest.param("ж" * (FOLDED_CHARACTERS - 1), 1, id="text"),
        pytest.param("e" * 65_536, 1, id="long ASCII, which takes no longer"),
        pytest.param(LONG, 11, id="long text"),
        pytest.param("\ufdfa" * 10 * FOLDED_CHARACTERS, 181, id="characters that are eighteen"),
        pytest.param("\u0f73" * 600, 1 + 1200 // FOLDED_CHARACTERS, id="marks"),
        pytest.param(["a", 7, LONG], 13, id="values"),
        pytest.param({"value": "a", "type": "b", "display": LONG}, 11, id="parts"),
        pytest.param([{"words": ["a"] * 100}, {"value": "b"}], 101, id="values of parts"),
        pytest.param({"userName": "a", "urn:x": {"tags": ["a"] * 50}}, 50, id="in an extension"),
    ],
)
def test_a_term_is_compared_with_each_value_and_longer_with_long_ones(
    value: object, number: int
) -> None:
    assert values_in(value) == number
