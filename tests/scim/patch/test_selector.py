"""Selectors in a dialect's spelling, as RFC 7644 has them."""

import pytest

from scim.filter.parsing.parse import parse_path
from scim.filter.parsing.tree import AttributePath, Comparison, Operator
from scim.patch.request import with_selector_as_filter


@pytest.mark.parametrize(
    ("path", "plain"),
    [
        ("credentials[extId='c1']", 'credentials[extId eq "c1"]'),
        ("credentials[extId='c1'].state", 'credentials[extId eq "c1"].state'),
        ("credentials[ extId = 'c1' ].state", 'credentials[extId eq "c1"].state'),
        ('credentials[extId="c1"].state', 'credentials[extId eq "c1"].state'),
        ("emails[extId=='e 1']", 'emails[extId eq "e 1"]'),
        ("emails[extId='']", 'emails[extId eq ""]'),
        ("urn:a:b:User:emails[extId='1'].value", 'urn:a:b:User:emails[extId eq "1"].value'),
        ("emails[extId='o'brien']", 'emails[extId eq "o\'brien"]'),
        ("emails[extId='a\"b']", 'emails[extId eq "a\\"b"]'),
        ("emails[extId='a\\']", 'emails[extId eq "a\\\\"]'),
        ("emails[extId='a']b'].value", 'emails[extId eq "a\']b"].value'),
        (
            "emails[extId='x' or value pr or y eq 'z']",
            "emails[extId eq \"x' or value pr or y eq 'z\"]",
        ),
    ],
)
def test_a_selector_becomes_a_value_filter(path: str, plain: str) -> None:
    assert with_selector_as_filter(path, "x") == (plain, "x")


@pytest.mark.parametrize("wanted", ["c1", "o'brien", 'a"b', "a\\b", "']", "é\U0001f600", "[x]"])
def test_a_selector_selects_the_text_between_the_quotes_whatever_it_holds(wanted: str) -> None:
    path, _ = with_selector_as_filter(f"credentials[extId='{wanted}'].state", None)
    parsed = parse_path(path)
    assert parsed.filter == Comparison(AttributePath(None, "extId"), Operator.EQ, wanted)
    assert parsed.sub == "state"


@pytest.mark.parametrize(
    "path",
    [
        "userName",
        "name.givenName",
        'emails[type eq "work"]',
        "emails[value eq \"a='b'\"]",
        "emails[extId=c1]",
        "emails[extId='c1]",
        "emails['c1']",
        "[extId='c1']",
        "emails[extId='c1'].a b",
    ],
)
def test_a_path_without_a_selector_is_left_alone(path: str) -> None:
    assert with_selector_as_filter(path, {"a": 1}) == (path, {"a": 1})


@pytest.mark.parametrize(
    ("path", "value", "kept"),
    [
        ("emails[extId='e1']", {"value": "a"}, {"extId": "e1", "value": "a"}),
        ("emails[extId='e1']", {"EXTID": "e2"}, {"EXTID": "e2"}),
        ("emails[extId='e1']", {}, {}),
        ("emails[extId='e1']", None, None),
        ("emails[extId='e1'].value", {"value": "a"}, {"value": "a"}),
    ],
)
def test_a_replacement_keeps_the_selected_identifier(
    path: str, value: object, kept: object
) -> None:
    assert with_selector_as_filter(path, value)[1] == kept
