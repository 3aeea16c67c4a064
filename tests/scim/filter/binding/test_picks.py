"""`credentials[OTP]` in attributes picks values by their type."""

from typing import Any

import pytest

from scim.filter.binding.selection import (
    SelectionRules,
    excluded_picks_as_filters,
    leaving_out_values,
    picks_as_filters,
    showing_values,
)
from scim.filter.parsing.limits import FilterLimits
from scim.profile.shipped import shipped
from scim.resource.budget import RequestBudget
from tests.scim.resource.types import USER

WORK, HOME, BARE = {"type": "work", "value": "w"}, {"type": "HOME", "value": "h"}, {"value": "b"}
ADA: dict[str, Any] = {"id": "1", "emails": [WORK, HOME, BARE], "name": {"familyName": "King"}}
RULES = SelectionRules(shipped("nevisidm"), FilterLimits(), RequestBudget())


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        (["emails"], {"emails": [WORK, HOME, BARE]}),
        (["emails[work]"], {"emails": [WORK]}),
        (["Emails[Work]", "emails[home]"], {"emails": [WORK, HOME]}),
        (["name", "emails[ home ]"], {"name": {"familyName": "King"}, "emails": [HOME]}),
        (["emails[work].value"], {"emails": [{"value": "w"}]}),
        (["emails[work]", "emails"], {"emails": [WORK, HOME, BARE]}),
        (["emails[other]"], {}),
        (['emails[a"b]'], {}),
        (["name[work]"], {"name": {"familyName": "King"}}),
        (["colours[work]"], {}),
    ],
)
def test_attributes_pick_the_values_of_these_types(names: list[str], shown: dict[str, Any]) -> None:
    projection = showing_values(USER, picks_as_filters(USER, names, "type"), RULES)
    assert projection.shown(ADA) == {"id": "1", **shown}
    assert not projection.tolerated


@pytest.mark.parametrize(
    ("names", "emails"),
    [
        (["emails[work]", "name"], [HOME, BARE]),
        (["emails[work]", "emails[HOME]", "name"], [BARE]),
        (["name[work]", "colours[work]", "name"], [WORK, HOME, BARE]),
    ],
)
def test_excluded_attributes_leave_out_the_values_of_these_types(
    names: list[str], emails: list[object]
) -> None:
    projection = leaving_out_values(USER, excluded_picks_as_filters(USER, names, "type"), RULES)
    assert projection.shown(ADA) == {"id": "1", "emails": emails}
    assert not projection.tolerated


@pytest.mark.timeout(10)
@pytest.mark.parametrize("name", ["a" * 500_000, "a" * 500_000 + "[", "[" * 500_000])
def test_a_long_name_without_a_pick_is_read_in_the_time_that_its_length_allows(name: str) -> None:
    assert picks_as_filters(USER, [name], "type") == (name,)
