"""A number is an id only where ids are numbers, and only under the names of ids."""

import pytest

from scim.filter.binding.bind import Scope, bound
from scim.filter.binding.names import with_ids_as_text
from scim.filter.binding.order import ordered_across
from scim.filter.binding.predicate import predicate
from scim.filter.parsing.parse import parse_attribute, parse_filter
from scim.profile import Profile
from scim.profile.parts import Wire
from tests.scim.filter.things import THING

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


def test_filters_of_other_profiles_stay_as_they_are() -> None:
    wanted = parse_filter("id eq 1").filter
    assert with_ids_as_text(wanted, Profile()) is wanted


THINGS = Profile(wire=Wire(ids={THING.endpoint: "digits"}))
MIXED = ["2", "b", "10", "1", "a", "100", "20"]


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        pytest.param(THINGS, ["1", "2", "10", "20", "100", "a", "b"], id="numbers-then-text"),
        pytest.param(NUMBERED, ["1", "10", "100", "2", "20", "a", "b"], id="another-type"),
        pytest.param(Profile(), ["1", "10", "100", "2", "20", "a", "b"], id="text"),
    ],
)
def test_ids_are_sorted_as_numbers_where_they_are_numbers(
    profile: Profile, expected: list[str]
) -> None:
    (order,) = ordered_across([Scope(THING)], parse_attribute("id"), profile)
    things = sorted(({"id": id_} for id_ in MIXED), key=order.key)
    assert [thing["id"] for thing in things] == expected


@pytest.mark.parametrize(
    ("profile", "text", "expected"),
    [
        (THINGS, "id gt 2", ["10", "100", "20", "a", "b"]),
        (THINGS, 'id le "10"', ["1", "10", "2"]),
        (THINGS, "id gt -1 and id lt 100", ["1", "10", "2", "20"]),
        (THINGS, 'id ge "b"', ["b"]),
        (THINGS, 'id sw "10"', ["10", "100"]),
        (THINGS, "id ne 10", ["1", "100", "2", "20", "a", "b"]),
        (Profile(), 'id gt "2"', ["20", "a", "b"]),
    ],
)
def test_ids_compare_as_numbers_where_they_are_numbers(
    profile: Profile, text: str, expected: list[str]
) -> None:
    matches = predicate(bound(THING, parse_filter(text).filter, profile).tree)
    assert sorted(id_ for id_ in MIXED if matches({"id": id_})) == expected
