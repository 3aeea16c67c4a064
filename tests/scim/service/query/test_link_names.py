"""A link may be filtered by the name of the other resource where a profile's names have a domain."""

from dataclasses import replace

import pytest

from scim.errors import InvalidFilter
from scim.profile import Profile
from scim.profile.parts import Domains
from tests.fakes.endpoint import FakeDeployment, id_

DOMAINS = Domains(
    names={"User": ("userName",), "Group": ("displayName", "members.display")},
)


@pytest.fixture(name="deployment", scope="module")
def _deployment() -> FakeDeployment:
    """Users 1 to 3, the groups staff of the first two and TEST/staff of the last two."""
    deployment = FakeDeployment(profile=Profile(domains=DOMAINS))
    for name in ("anna", "bert", "TEST/carl"):
        deployment.user(name)
    deployment.group("staff", id_(1), id_(2))
    deployment.group("TEST/staff", id_(2), id_(3))
    return deployment


@pytest.mark.parametrize(
    ("type_name", "filter_", "domain", "numbers"),
    [
        ("User", 'groups eq "staff"', None, [1, 2]),
        ("User", 'groups eq "PRIMARY/staff"', None, [1, 2]),
        ("User", 'groups.display eq "TEST/Staff"', None, [2, 3]),
        ("User", 'groups[display eq "TEST/staff"]', None, [2, 3]),
        ("User", 'groups.display ne "staff"', None, [2, 3]),
        ("User", 'groups eq "staff" and groups eq "TEST/staff"', None, [2]),
        ("User", 'not (groups eq "staff") or userName eq "anna"', None, [1, 3]),
        ("User", 'groups eq "staff"', "TEST", [3]),
        ("User", f'groups eq "{id_(5)}"', None, [2, 3]),
        ("User", f'groups.value eq "{id_(5)}"', None, [2, 3]),
        ("User", 'groups.display eq "nobody"', None, []),
        ("User", "groups pr", None, [1, 2, 3]),
        ("Group", 'members.display eq "bert"', None, [4, 5]),
        ("Group", 'members eq "TEST/carl"', None, [5]),
        ("Group", 'members[value eq "x"]', None, []),
    ],
)
def test_a_link_is_found_by_the_name_of_the_other(
    deployment: FakeDeployment, type_name: str, filter_: str, domain: str | None, numbers: list[int]
) -> None:
    found = deployment.search(type_name, filter=filter_, domain=domain)
    assert sorted(int(str(each["id"])[-2:]) for each in found.resources) == numbers


def test_without_indexed_names_a_link_is_filtered_by_id_alone() -> None:
    deployment = FakeDeployment()
    deployment.group("staff", deployment.user("anna"))
    assert deployment.search("User", filter='groups eq "staff"').total == 0
    with pytest.raises(InvalidFilter, match=r"members\.value eq"):
        deployment.search("Group", filter='members.display eq "anna"')


@pytest.mark.parametrize(
    ("filter_", "numbers"),
    [
        ('groups.display eq "STAFF"', [1, 2]),
        ('groups[display eq "staff"]', [1, 2]),
        ('groups[display eq "staff" and type eq "direct"]', [1]),
        ('groups[display eq "staff" and type eq "indirect"]', [2]),
        ('groups[display eq "staff" or display eq "Others"]', [1, 2, 3]),
        ('groups.display eq "nobody"', []),
        ('groups[display eq "nobody"]', []),
        ('groups.display ne "staff"', [2, 3, 4]),
        ('groups.display ne "nobody"', [1, 2, 3, 4]),
        ('not (groups.display eq "staff")', [3, 4]),
    ],
)
def test_the_display_of_a_back_link_is_the_other_s_display_name(
    filter_: str, numbers: list[int]
) -> None:
    deployment = FakeDeployment()
    for name in ("anna", "bert", "carl", "dora"):
        deployment.user(name)
    inner = deployment.group("inner", id_(2))
    deployment.group("staff", id_(1), inner)
    deployment.group("others", id_(3))
    found = deployment.search("User", filter=filter_)
    assert sorted(int(str(each["id"])[-2:]) for each in found.resources) == numbers


def test_a_token_finds_nobody_by_the_name_of_a_hidden_group() -> None:
    deployment = FakeDeployment()
    deployment.group("staff", deployment.user("anna"))
    seen = replace(deployment, filters='{"User": "*", "Group": "displayName eq \\"other\\""}')
    assert seen.search("User", filter='groups.display eq "staff"').total == 0
