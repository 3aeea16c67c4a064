"""Sub-attributes that show another resource (manager.displayName) are not stored, so no query finds them."""

import pytest

from scim.errors import InvalidFilter, InvalidValue
from scim.filter.binding.bind import Scope, bound
from scim.filter.binding.order import ordered_across
from scim.filter.parsing.parse import parse_attribute, parse_filter
from scim.profile.shipped import shipped
from scim.schema.loading import catalogue_of
from tests.scim.filter.things import TOLERANT
from tests.scim.resource.types import ENTERPRISE, USER

MANAGER = f"{ENTERPRISE}:manager"
EMPLOYMENT = catalogue_of(shipped("ownidp")).resource_type("OrganizationUser")
SAID = "' cannot be filtered, because it shows another resource; possible is '"


@pytest.mark.parametrize(
    ("text", "ref", "whole"),
    [
        (f'{MANAGER}.displayName eq "Boss"', f"{MANAGER}.displayName", MANAGER),
        (f"not ({MANAGER}.displayName pr)", f"{MANAGER}.displayName", MANAGER),
        (f'{MANAGER}[displayName ne "Boss"]', f"{MANAGER}.displayName", MANAGER),
        (
            f'userName eq "a" or {MANAGER}[value pr and displayName pr]',
            f"{MANAGER}.displayName",
            MANAGER,
        ),
    ],
)
def test_the_name_of_a_mentioned_resource_is_not_filtered(text: str, ref: str, whole: str) -> None:
    with pytest.raises(InvalidFilter) as refused:
        bound(USER, parse_filter(text).filter, TOLERANT)
    assert refused.value.detail == f"'{ref}{SAID}{whole}.value eq \"id\"'"


@pytest.mark.parametrize("text", ['user.display eq "Kim"', "organization[$ref pr]"])
def test_sub_attributes_shown_by_a_reference_cannot_be_filtered(text: str) -> None:
    assert EMPLOYMENT is not None
    with pytest.raises(InvalidFilter, match="because it shows another resource"):
        bound(EMPLOYMENT, parse_filter(text).filter, TOLERANT)


@pytest.mark.parametrize(
    "text", [f'{MANAGER}.value eq "7"', f"{MANAGER}[$ref pr]", f"{MANAGER} pr", "groups.value pr"]
)
def test_stored_sub_attributes_can_be_filtered(text: str) -> None:
    assert bound(USER, parse_filter(text).filter, TOLERANT).tree is not None


def test_sorting_by_the_name_of_a_mentioned_resource_is_refused() -> None:
    sort_by = parse_attribute(f"{MANAGER}.displayName")
    with pytest.raises(InvalidValue, match="links to other resources and has no order"):
        ordered_across([Scope(USER, ())], sort_by, TOLERANT)
