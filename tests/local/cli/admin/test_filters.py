"""Filters are given by resource type."""

import click
import pytest

from scim_cli.admin.filters import filters_in


def test_no_option_means_no_filters() -> None:
    assert filters_in(()) == {}


def test_a_filter_may_hold_what_parts_it_from_its_type() -> None:
    given = ('User=displayName eq "a=b"', "Group=*")
    assert filters_in(given) == {"User": 'displayName eq "a=b"', "Group": "*"}


@pytest.mark.parametrize("given", [("User",), ("User=*", "User=active eq true")], ids=str)
def test_each_type_takes_one_filter(given: tuple[str, ...]) -> None:
    with pytest.raises(click.UsageError, match="one TYPE=FILTER for each type"):
        filters_in(given)
