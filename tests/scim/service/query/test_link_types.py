"""Filters on the types of members, and on values that differ."""

import json
from collections.abc import Mapping
from dataclasses import replace

import pytest

from scim.errors import TooMany
from scim.service.endpoint import Bounds
from tests.fakes.endpoint import FakeDeployment, id_


def _deployment(bounds: Bounds | None = None) -> FakeDeployment:
    """Users 1 to 3; groups 4 of user 1, 5 of user 1 and group 4, 6 of group 4 alone, 7 of nobody."""
    deployment = FakeDeployment() if bounds is None else FakeDeployment(bounds=bounds)
    for name in ("anna", "bert", "carl"):
        deployment.user(name)
    deployment.group("four", id_(1))
    deployment.group("five", id_(1), id_(4))
    deployment.group("six", id_(4))
    deployment.group("seven")
    return deployment


def _numbers(deployment: FakeDeployment, type_name: str, filter_: str) -> list[int]:
    found = deployment.search(type_name, filter=filter_)
    return sorted(int(str(each["id"])[-2:]) for each in found.resources)


CASES = [
    ("Group", 'members.type eq "Group"', [5, 6]),
    ("Group", 'members.type eq "User"', [4, 5]),
    ("Group", 'members.type ne "Group"', [4, 5, 7]),
    ("Group", 'not (members.type eq "Group")', [4, 7]),
    ("Group", "members.type pr", [4, 5, 6]),
    ("Group", f'members[value eq "{id_(4)}" and type eq "Group"]', [5, 6]),
    ("Group", f'members[value eq "{id_(4)}" and type eq "User"]', []),
    ("Group", f'members[value eq "{id_(1)}" and type eq "User"]', [4, 5]),
    ("Group", f'members.value ne "{id_(4)}"', [4, 5, 7]),
    ("Group", f'members.value ne "{id_(1)}"', [5, 6, 7]),
    ("User", f'groups.value ne "{id_(4)}"', [1, 2, 3]),
    ("User", f'groups.value ne "{id_(7)}"', [1, 2, 3]),
    ("Group", 'members.type eq "Group" and displayName eq "six"', [6]),
]


@pytest.mark.parametrize(("type_name", "filter_", "numbers"), CASES)
def test_values_are_found_by_type(type_name: str, filter_: str, numbers: list[int]) -> None:
    assert _numbers(_deployment(), type_name, filter_) == numbers


@pytest.mark.parametrize(("type_name", "filter_", "numbers"), CASES)
def test_values_are_found_by_type_where_there_are_more_of_the_type(
    type_name: str, filter_: str, numbers: list[int]
) -> None:
    deployment = _deployment()
    for number in range(10):
        deployment.user(f"more{number}")
    found = [each for each in _numbers(deployment, type_name, filter_) if each <= 7]
    assert found == numbers


def test_a_user_in_one_group_has_no_other_group() -> None:
    deployment = FakeDeployment()
    deployment.group("one", deployment.user("anna"))
    deployment.user("bert")
    assert _numbers(deployment, "User", f'groups.value ne "{id_(2)}"') == [3]
    assert _numbers(deployment, "User", f'not (groups.value ne "{id_(2)}")') == [1]


@pytest.mark.parametrize(
    ("filters", "filter_", "numbers"),
    [
        ({"User": "*", "Group": 'displayName ne "four"'}, 'members.type eq "Group"', []),
        ({"User": 'userName eq "bert"', "Group": "*"}, 'members.type eq "User"', []),
        ({"User": 'userName eq "anna"', "Group": "*"}, 'members.type eq "User"', [4, 5]),
        ({"User": 'userName eq "bert"', "Group": "*"}, f'members.value ne "{id_(4)}"', [4, 7]),
    ],
)
def test_a_token_with_filters_counts_only_visible_links(
    filters: Mapping[str, str], filter_: str, numbers: list[int]
) -> None:
    assert (
        _numbers(replace(_deployment(), filters=json.dumps(filters)), "Group", filter_) == numbers
    )


def test_more_than_one_query_may_read_is_refused() -> None:
    with pytest.raises(TooMany):
        _numbers(_deployment(Bounds(scanned=2)), "Group", 'members.type eq "User"')
