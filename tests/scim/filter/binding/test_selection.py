"""Filters in `attributes`: which values of an attribute are shown."""

from collections.abc import Callable
from typing import Any

import pytest

from scim.errors import InvalidValue, TooMany
from scim.filter.binding.selection import (
    SelectionRules,
    leaving_out_values,
    showing_values,
)
from scim.filter.parsing.limits import FilterLimits
from scim.resource.budget import RequestBudget
from tests.scim.filter.things import TOLERANT
from tests.scim.resource.types import ENTERPRISE, USER

WORK, HOME = {"type": "work", "value": "w"}, {"type": "home", "value": "h"}
ADA: dict[str, Any] = {
    "id": "1",
    "emails": [WORK, HOME],
    "name": {"familyName": "King"},
    ENTERPRISE: {"manager": {"value": "7"}, "division": "D"},
}


def _rules(comparisons: int = 100, terms: int = 10) -> SelectionRules:
    return SelectionRules(TOLERANT, FilterLimits(terms=terms), RequestBudget(comparisons))


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        (['emails[type eq "work"]'], {"emails": [WORK]}),
        (['emails[type eq "work"].value'], {"emails": [{"value": "w"}]}),
        (['emails[type eq "x"]', "name"], {"name": {"familyName": "King"}}),
        (['name[familyName eq "King"]'], {"name": {"familyName": "King"}}),
        (['name[familyName eq "Queen"]'], {}),
        ([f'{ENTERPRISE}:manager[value eq "7"]'], {ENTERPRISE: {"manager": {"value": "7"}}}),
        (
            [f'{ENTERPRISE}:manager[value eq "8"]', f"{ENTERPRISE}:division"],
            {ENTERPRISE: {"division": "D"}},
        ),
        (['emails[type eq "x"]', f"{ENTERPRISE}.division"], {ENTERPRISE: {"division": "D"}}),
    ],
)
def test_the_values_that_fulfil_it_are_shown(names: list[str], shown: dict[str, Any]) -> None:
    projection = showing_values(USER, names, _rules())
    assert projection.shown(ADA) == {"id": "1", **shown}


def test_a_filter_in_excluded_attributes_leaves_out_the_values_that_fulfil_it() -> None:
    shown = leaving_out_values(USER, ['emails[type eq "work"]', "name"], _rules()).shown(ADA)
    assert (shown["emails"], "name" in shown) == ([HOME], False)


def test_comparisons_are_counted() -> None:
    projection = showing_values(USER, ['emails[type eq "a" or type eq "b"]'], _rules(comparisons=3))
    with pytest.raises(TooMany):
        projection.shown(ADA)


def test_the_terms_of_all_filters_together_are_limited() -> None:
    with pytest.raises(InvalidValue, match="more than 2 comparisons"):
        showing_values(USER, ['emails[type eq "a"]'] * 3, _rules(terms=2))


@pytest.mark.parametrize(
    ("selected", "parameter"),
    [(showing_values, "attributes"), (leaving_out_values, "excludedAttributes")],
)
@pytest.mark.parametrize(
    ("name", "detail"),
    [
        ("emails[type eq", "path position 15: "),
        ('emails[nope eq "a"]', "'nope' is not a sub-attribute of 'emails'"),
    ],
)
def test_a_refusal_names_the_parameter(
    selected: Callable[..., object], parameter: str, name: str, detail: str
) -> None:
    with pytest.raises(InvalidValue) as refused:
        selected(USER, [name], _rules())
    assert refused.value.detail.startswith(f"{parameter}: {detail}")
