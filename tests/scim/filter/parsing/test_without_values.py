"""A filter without its values still says what was asked, and nothing about whom."""

import pytest

from scim.filter.parsing.without_values import with_values_replaced


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('userName eq "kim"', "userName eq ~3"),
        ("", ""),
        ("title pr  and\tnot (active eq true)", "title pr  and\tnot (active eq true)"),
        ('name.givenName sw "" or nickName eq null', "name.givenName sw ~0 or nickName eq null"),
        ("urn:example:User:rank gt 42", "urn:example:User:rank gt ~2"),
        (
            'emails[type eq "work" and value co "k\\"m"].value pr',
            "emails[type eq ~4 and value co ~4].value pr",
        ),
        ("userName eq kim", "userName eq ~3"),
        ("userName eq 'kim'", "userName eq ~3"),
        ("displayName eq 'O'Brien'", "displayName eq ~7"),
        ("displayName eq All Sales (EMEA)", "displayName eq ~3 ~5 (~4)"),
        ("displayName eq Kim and Lee", "displayName eq ~3 and ~3"),
        ("emails[type eq work]", "emails[type eq ~4]"),
        ("familyName eq Le", "familyName eq ~2"),
        ("familyName ne Or and title pr", "familyName ne ~2 and title pr"),
        ("emails[kim@example.com pr]", "emails[~15 pr]"),
        ("kim@example.com", "~15"),
        ("userName kim", "~8 ~3"),
        ("userName = kim", "~8 ~1 ~3"),
        ('userName eq "kim or title pr', "userName eq ~15"),
        ("title pr \0 userName eq kim", "title pr ~17"),
    ],
)
def test_only_names_operators_and_constants_stay(text: str, shown: str) -> None:
    assert with_values_replaced(text, lambda value: f"~{len(value)}") == shown


def test_a_value_is_replaced_as_it_is_without_its_quotation_marks() -> None:
    texts = ['a eq "kim"', "a eq 'kim'", "a eq kim"]
    assert {with_values_replaced(text, str.upper) for text in texts} == {"a eq KIM"}
