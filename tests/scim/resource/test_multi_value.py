"""What holds among the values of a multi-valued attribute."""

from dataclasses import replace

import pytest

from scim.errors import InvalidValue
from scim.resource.multi_value import content_of, distinct, identities_of, identity_of
from scim.schema.schema import Attribute, AttributeType
from tests.scim.resource.types import USER

EMAILS = USER.schema.attribute("emails")
ADDRESSES = USER.schema.attribute("addresses")
assert EMAILS is not None
assert ADDRESSES is not None


def _always(_: object) -> bool:
    return True


def _never(_: object) -> bool:
    return False


def test_the_first_of_equal_values_stays_and_takes_over_primary() -> None:
    sent: list[object] = [
        {"value": "ada@example.org", "type": "work", "display": "first"},
        {"value": "ADA@example.org", "type": "Work", "primary": True},
        {"value": "ada@example.org", "type": "home"},
    ]
    assert distinct(EMAILS, sent, "emails", _always) == [
        {"value": "ada@example.org", "type": "work", "display": "first", "primary": True},
        {"value": "ada@example.org", "type": "home"},
    ]


@pytest.mark.parametrize(
    ("type_", "other", "is_exact", "are_equal"),
    [
        ("Work", "work", False, True),
        ("Straße", "STRASSE", False, True),
        ("Work", "work", True, False),
        ("\u00e9", "e\u0301", True, True),
        (None, "", False, True),
    ],
)
def test_types_are_compared_as_filters_compare_them(
    type_: str | None, other: str, is_exact: bool, are_equal: bool
) -> None:
    parts = (Attribute("value"), Attribute("type", case_exact=is_exact))
    codes = Attribute("codes", AttributeType.COMPLEX, multi_valued=True, sub_attributes=parts)
    one = {"value": "1"} if type_ is None else {"value": "1", "type": type_}
    sent: list[object] = [one, {"value": "1", "type": other}]
    assert distinct(codes, sent, "codes", _always) == (sent[:1] if are_equal else sent)


def test_a_type_that_has_several_values_is_compared_whole() -> None:
    parts = (Attribute("value"), Attribute("type", multi_valued=True))
    codes = Attribute("codes", AttributeType.COMPLEX, multi_valued=True, sub_attributes=parts)
    sent: list[object] = [{"value": "1", "type": ["a"]}, {"value": "1", "type": ["b"]}]
    assert distinct(codes, [*sent, sent[0]], "codes", _always) == sent


def test_equal_values_are_refused_without_the_tolerance() -> None:
    with pytest.raises(InvalidValue, match="emails: the same value and type"):
        distinct(EMAILS, [{"value": "a"}, {"value": "A"}], "emails", _never)


def test_values_without_value_are_equal_when_all_but_primary_is() -> None:
    sent: list[object] = [{"locality": "London"}, {"locality": "London", "primary": True}]
    assert distinct(ADDRESSES, sent, "addresses", _always) == [
        {"locality": "London", "primary": True}
    ]


def test_a_value_that_has_several_values_is_a_part_like_others() -> None:
    value = Attribute("value", multi_valued=True)
    lists = Attribute("lists", AttributeType.COMPLEX, multi_valued=True, sub_attributes=(value,))
    one, other = {"value": ["a", "b"]}, {"value": ["a"]}
    assert distinct(lists, [one, other, one], "lists", _always) == [one, other]


def test_only_one_value_is_primary() -> None:
    sent: list[object] = [{"value": "a", "primary": True}, {"value": "b", "primary": True}]
    with pytest.raises(InvalidValue, match="primary is true for more than one"):
        distinct(EMAILS, sent, "emails", _always)


def test_plain_values_are_identified_by_their_fold() -> None:
    assert identity_of(Attribute("tags", multi_valued=True), "Ada") == "ada"


def test_a_value_is_known_by_the_part_its_attribute_names_where_it_has_one() -> None:
    keyed = replace(EMAILS, known_by="display")
    one, other = {"display": "1", "value": "a"}, {"display": "2", "value": "a"}
    assert identity_of(keyed, one) == ("display", "1")
    assert identity_of(keyed, {"value": "a"}) == content_of(keyed, other)
    assert identities_of(keyed, one) == {("display", "1"), content_of(keyed, other)}
    assert identities_of(EMAILS, one) == {identity_of(EMAILS, other)}
    assert distinct(keyed, [one, other], "emails", _never) == [one, other]
    with pytest.raises(InvalidValue):
        distinct(keyed, [one, {**one, "value": "b"}], "emails", _never)
