"""The text of a body can rule out a match, and never rules out a matching body."""

import random

import pytest

from scim.filter.binding.bind import bound
from scim.filter.binding.predicate import predicate
from scim.filter.binding.stored_text import text_test
from scim.filter.parsing.limits import FilterLimits
from scim.filter.parsing.parse import parse_filter
from scim.profile import Profile
from scim.schema.loading import shipped_catalogue
from scim.store.dynamodb.values import inflated, packed

USER = shipped_catalogue().resource_type("User")
OUTSIDE = {"id", "meta", "schemas", "groups"}
BODIES: list[dict[str, object]] = [
    {},
    {"userName": "Kim", "title": "Engineer"},
    {"userName": "kim@example.com", "name": {"familyName": 'O"Brien\\', "givenName": "Kim\tA"}},
    {"userName": "ｋｉｍ", "title": "Ingénieur"},
    {"userName": "STRASSE", "title": "title"},
    {"emails": [{"value": "kim@home.example", "type": "home"}, {"value": "x@y", "type": "work"}]},
    {"userName": "a\u0001b", "active": True, "externalId": "E-7"},
    {
        "title": "kim",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "Sales"},
    },
]
TERMS = [
    'userName eq "kim"',
    'userName co "KIM"',
    'userName sw "ki"',
    'userName ew "example.com"',
    'userName co "straße"',
    'userName co "ｋｉｍ"',
    'userName eq "a\\u0001b"',
    'title eq "Ingénieur"',
    'title co "NG"',
    'title co "-"',
    "title pr",
    'title ne "Engineer"',
    'title gt "a"',
    'name.familyName co "brien"',
    'name.familyName eq "O\\"Brien\\\\"',
    'name.givenName ew "a"',
    'emails co "home"',
    'emails.value co "@"',
    'emails[type eq "work" and value co "x"]',
    'emails[type eq "home" and value co "x"]',
    'emails[not (type eq "work")]',
    "active eq true",
    'externalId eq "E-7"',
    'externalId co "e-7"',
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department co "ales"',
    'id co "a"',
    'meta.resourceType eq "User"',
    'schemas co "urn"',
]


def trees() -> list[str]:
    dice = random.Random(19)
    found = list(TERMS)
    for _ in range(400):
        one, other, third = (dice.choice(TERMS) for _ in range(3))
        found.append(f"{one} {dice.choice(('and', 'or'))} {dice.choice(('', 'not '))}({other})")
        found.append(f"({one} or {other}) and {third}")
    return found


@pytest.mark.parametrize("text", [*trees()[:28], " or ".join(TERMS[:3])])
def test_a_matching_body_is_never_ruled_out(text: str) -> None:
    check(text)


def test_a_body_that_matches_several_terms_is_never_ruled_out() -> None:
    for text in trees():
        check(text)


def check(text: str) -> None:
    assert USER is not None
    wanted = parse_filter(text, FilterLimits()).filter
    tree = bound(USER, wanted, Profile(), ["groups"]).tree
    matches, may_match = predicate(tree), text_test(tree, OUTSIDE)
    for body in BODIES:
        whole = {"id": "a1", "schemas": ["urn:x"], "meta": {"resourceType": "User"}, **body}
        stored = inflated(packed(body))
        if matches(whole):
            assert may_match is None or may_match(stored), (text, body)


@pytest.mark.parametrize(
    ("text", "ruled_out"),
    [
        ('title co "zzz"', 7),
        ("title pr", 4),
        ('emails[type eq "work"]', 7),
        ('title pr and userName co "kim"', 6),
        ('title co "zzz" or externalId pr', 6),
        ('title co "ngen"', 7),
    ],
)
def test_most_bodies_that_do_not_match_are_ruled_out(text: str, ruled_out: int) -> None:
    assert USER is not None
    wanted = parse_filter(text, FilterLimits()).filter
    may_match = text_test(bound(USER, wanted, Profile(), ["groups"]).tree, OUTSIDE)
    assert may_match is not None
    assert sum(not may_match(inflated(packed(body))) for body in BODIES) == ruled_out


@pytest.mark.parametrize(
    "text",
    [
        'id co "a"',
        'title ne "x"',
        "not (title pr)",
        'meta.created gt "2020-01-01T00:00:00Z"',
        "groups pr",
        'title pr or id sw "a"',
    ],
)
def test_a_filter_on_values_outside_the_body_rules_nothing_out(text: str) -> None:
    assert USER is not None
    wanted = parse_filter(text, FilterLimits()).filter
    assert text_test(bound(USER, wanted, Profile(), ["groups"]).tree, OUTSIDE) is None
