"""A number is an id only where ids are numbers, and only under the names of ids."""

import pytest

from scim.filter.binding.names import with_ids_as_text
from scim.filter.parsing.parse import parse_filter
from scim.profile import Profile
from scim.profile.parts import Wire

NUMBERED = Profile(wire=Wire(ids={"/Users": "number"}))


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("id eq 1", 'id eq "1"'),
        ('id eq "1"', 'id eq "1"'),
        ("ID ne 2 and size eq 3", 'ID ne "2" and size eq 3'),
        ("members.value eq 4 or members eq 5", 'members.value eq "4" or members eq 5'),
        ("not (members[value eq 6 and rank gt 7])", 'not (members[value eq "6" and rank gt 7])'),
        ("id eq true", "id eq true"),
        ("id pr", "id pr"),
    ],
)
def test_ids_are_compared_as_text(text: str, read: str) -> None:
    assert str(with_ids_as_text(parse_filter(text).filter, NUMBERED)) == read


def test_other_profiles_filters_stay_as_they_are() -> None:
    wanted = parse_filter("id eq 1").filter
    assert with_ids_as_text(wanted, Profile()) is wanted
