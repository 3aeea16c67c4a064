"""Checking single values."""

import pytest

from scim.errors import InvalidSyntax, InvalidValue
from scim.profile import Profile, Tolerance
from scim.resource.value import LONGEST_STRING, checked, checked_element, printable_name
from scim.schema.schema import Attribute, AttributeType
from tests.scim.resource.types import USER

TOLERANT = Profile()
STRICT = Profile(name="strict", tolerances=frozenset())
MANAGER = USER.extensions[0].schema.attribute("manager")
EMAILS = USER.schema.attribute("emails")
NAME = USER.schema.attribute("name")
assert MANAGER is not None
assert EMAILS is not None
assert NAME is not None


def _a(type_: AttributeType) -> Attribute:
    return Attribute("x", type_)


STRING = _a(AttributeType.STRING)
BOOLEAN = _a(AttributeType.BOOLEAN)
INTEGER = _a(AttributeType.INTEGER)
DECIMAL = _a(AttributeType.DECIMAL)
DATE_TIME = _a(AttributeType.DATE_TIME)
BINARY = _a(AttributeType.BINARY)
REFERENCE = _a(AttributeType.REFERENCE)
OPEN = Attribute("x", AttributeType.COMPLEX, is_open=True)


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        pytest.param(STRING, "a\tb\r\nc", id="string-with-line-ends"),
        pytest.param(STRING, "\u202eabc", id="string-with-bidi-control"),
        pytest.param(STRING, "", id="empty-string"),
        pytest.param(BOOLEAN, False, id="boolean"),
        pytest.param(INTEGER, 2**63 - 1, id="largest-integer"),
        pytest.param(DECIMAL, 1, id="integer-as-decimal"),
        pytest.param(DECIMAL, 1.5, id="decimal"),
        pytest.param(DATE_TIME, "2011-05-13T04:42:34+02:00", id="date-time"),
        pytest.param(BINARY, "AAEC/+8=", id="base64"),
        pytest.param(BINARY, "AAEC_-8", id="base64url-unpadded"),
        pytest.param(REFERENCE, "../Users/1", id="relative-reference"),
    ],
)
def test_a_value_of_the_right_type_is_kept_as_sent(attribute: Attribute, value: object) -> None:
    assert checked(attribute, value, "x", STRICT).value is value


@pytest.mark.parametrize(
    ("attribute", "value", "told"),
    [
        pytest.param(STRING, 1, "x: expected a string, found a number", id="string"),
        pytest.param(BOOLEAN, "True", "x: expected true or false, found a string", id="boolean"),
        pytest.param(BOOLEAN, 1, "x: expected true or false, found a number", id="boolean-1"),
        pytest.param(INTEGER, True, "x: expected an integer, found a boolean", id="integer-true"),
        pytest.param(INTEGER, 1.0, "x: expected an integer, found a number", id="integer-1.0"),
        pytest.param(INTEGER, 2**63, "x: expected an integer of at most 64 bits", id="integer-big"),
        pytest.param(DECIMAL, "1", "x: expected a number, found a string", id="decimal"),
        pytest.param(DECIMAL, float("inf"), "x: expected a finite number", id="infinite"),
        pytest.param(DECIMAL, 10**400, "x: expected a finite number", id="huge"),
        pytest.param(
            DATE_TIME, "today", "x: expected a dateTime such as 2011-05-13T04:42:34Z", id="date"
        ),
        pytest.param(DATE_TIME, 5, "x: expected a dateTime string, found a number", id="date-type"),
        pytest.param(BINARY, "a b", "x: expected base64 (RFC 4648)", id="binary"),
        pytest.param(BINARY, "abcde", "x: expected base64 (RFC 4648)", id="binary-length"),
        pytest.param(REFERENCE, {}, "x: expected a string, found an object", id="reference"),
        pytest.param(NAME, 5, "x: expected an object, found a number", id="complex"),
        pytest.param(EMAILS, {"value": "a"}, "x: expected an array, found an object", id="plural"),
        pytest.param(EMAILS, ["a"], "x[0]: expected an object, found a string", id="element"),
        pytest.param(
            EMAILS, [{"value": 1}], "x[0].value: expected a string, found a number", id="part"
        ),
        pytest.param(OPEN, "a", "x: expected an object, found a string", id="text-for-open"),
        pytest.param(
            OPEN, {"value": 1}, "x.value: expected a string, found a number", id="part-of-open"
        ),
        pytest.param(
            STRING, "a" * (LONGEST_STRING + 1), "x: longer than 65536 characters", id="long"
        ),
    ],
)
def test_a_wrong_value_is_refused_with_place_and_expectation(
    attribute: Attribute, value: object, told: str
) -> None:
    with pytest.raises(InvalidValue) as refusal:
        checked(attribute, value, "x", STRICT)
    assert refusal.value.detail == told


@pytest.mark.parametrize(
    "char", ["\x00", "\x08", "\x0b", "\x1f", "\x7f", "\ud800"], ids=lambda char: f"{ord(char):04x}"
)
def test_control_characters_and_lone_surrogates_are_refused(char: str) -> None:
    with pytest.raises(InvalidValue, match="control character"):
        checked(STRING, f"a{char}b", "x", TOLERANT)


def test_a_refusal_never_repeats_the_value() -> None:
    with pytest.raises(InvalidValue) as refusal:
        checked(DATE_TIME, "s3cret", "x", TOLERANT)
    assert "s3cret" not in refusal.value.detail


@pytest.mark.parametrize("value", [None, [], {}], ids=["null", "empty-array", "empty-object"])
def test_null_and_empty_values_are_unassigned(value: object) -> None:
    # RFC 7643 section 2.5
    assert checked(EMAILS, value, "emails", STRICT).value is None
    assert checked(NAME, value, "name", STRICT).value is None


def test_an_object_of_nulls_is_unassigned() -> None:
    assert checked(NAME, {"givenName": None}, "name", STRICT).value is None
    assert checked(EMAILS, [None, {"value": None}], "emails", STRICT).value is None


def test_parts_get_the_spelling_of_the_schema_and_read_only_ones_are_dropped() -> None:
    sent = {"VALUE": "7", "DisplayName": "Boss"}
    assert checked(MANAGER, sent, "manager", STRICT).value == {"value": "7"}


def test_parts_that_differ_by_case_only_are_refused() -> None:
    with pytest.raises(InvalidSyntax, match=r"emails\[0\]: Value occurs more than once"):
        checked(EMAILS, [{"Value": "a", "value": "b"}], "emails", TOLERANT)


def test_an_unknown_part_is_refused_by_a_strict_profile() -> None:
    with pytest.raises(InvalidSyntax, match=r"name\.nick: no attribute of that name"):
        checked(NAME, {"nick": "x"}, "name", STRICT)


def test_any_value_is_taken_where_the_schema_suggests_some() -> None:
    # RFC 7643 section 7: canonicalValues are suggestions
    sent = [{"value": "a", "type": "branch office"}]
    assert checked(EMAILS, sent, "emails", STRICT).value == sent


@pytest.mark.parametrize(
    ("attribute", "value", "expected", "tolerated"),
    [
        pytest.param(BOOLEAN, "False", False, {Tolerance.STRING_BOOLEAN}, id="string-boolean"),
        pytest.param(MANAGER, "7", {"value": "7"}, {Tolerance.BARE_REFERENCE}, id="bare-string"),
        pytest.param(
            MANAGER, [{"value": "7"}], {"value": "7"}, {Tolerance.BARE_REFERENCE}, id="in-array"
        ),
        pytest.param(
            NAME, [{"givenName": "A"}], {"givenName": "A"}, {Tolerance.LIST_OF_ONE}, id="object"
        ),
        pytest.param(
            MANAGER,
            '[{"value": "7"}]',
            {"value": "7"},
            {Tolerance.JSON_TEXT, Tolerance.BARE_REFERENCE},
            id="in-array-as-text",
        ),
        pytest.param(
            NAME,
            '[{"givenName": "A", "colour": 1}]',
            {"givenName": "A"},
            {Tolerance.JSON_TEXT, Tolerance.LIST_OF_ONE},
            id="object-in-array-as-text",
        ),
        pytest.param(MANAGER, "[]", None, {Tolerance.JSON_TEXT}, id="empty-array-as-text"),
        pytest.param(OPEN, [{"a": "1"}], {"a": "1"}, {Tolerance.LIST_OF_ONE}, id="open-in-array"),
        pytest.param(OPEN, {"a": "1", "value": ""}, {"a": "1", "value": ""}, set(), id="open"),
        pytest.param(MANAGER, "", None, {Tolerance.BARE_REFERENCE}, id="empty-string"),
        pytest.param(MANAGER, {"value": ""}, None, {Tolerance.BARE_REFERENCE}, id="empty-value"),
        pytest.param(
            EMAILS, {"value": "a"}, [{"value": "a"}], {Tolerance.BARE_REFERENCE}, id="one-object"
        ),
        pytest.param(EMAILS, "a", [{"value": "a"}], {Tolerance.BARE_REFERENCE}, id="bare-value"),
        pytest.param(EMAILS, ["a"], [{"value": "a"}], {Tolerance.BARE_REFERENCE}, id="bare-values"),
        pytest.param(
            MANAGER,
            7,
            {"value": "7"},
            {Tolerance.BARE_REFERENCE, Tolerance.STRING_NUMBER},
            id="bare-number",
        ),
        pytest.param(
            EMAILS,
            [0, "a"],
            [{"value": "0"}, {"value": "a"}],
            {Tolerance.BARE_REFERENCE, Tolerance.STRING_NUMBER},
            id="bare-numbers",
        ),
        pytest.param(EMAILS, "", None, {Tolerance.BARE_REFERENCE}, id="empty-string-for-a-list"),
        pytest.param(
            EMAILS,
            ["", "a"],
            [{"value": "a"}],
            {Tolerance.BARE_REFERENCE},
            id="empty-string-in-a-list",
        ),
        pytest.param(
            EMAILS,
            [{"value": "a"}, {"value": "a"}],
            [{"value": "a"}],
            {Tolerance.DUPLICATE_VALUES},
            id="duplicates",
        ),
        pytest.param(
            NAME,
            {"givenName": "A", "nick": "x"},
            {"givenName": "A"},
            {Tolerance.UNKNOWN_ATTRIBUTES},
            id="unknown-part",
        ),
        pytest.param(
            NAME,
            {"givenName": "A", "nick": None},
            {"givenName": "A"},
            {Tolerance.NULL_VALUES},
            id="null-of-unknown-part",
        ),
    ],
)
def test_a_dialect_is_understood_and_counted(
    attribute: Attribute, value: object, expected: object, tolerated: set[Tolerance]
) -> None:
    result = checked(attribute, value, "x", TOLERANT)
    assert result.value == expected
    assert result.tolerated == tolerated


@pytest.mark.parametrize(
    ("attribute", "value", "off"),
    [
        (MANAGER, 7, Tolerance.BARE_REFERENCE),
        (MANAGER, 7, Tolerance.STRING_NUMBER),
        (EMAILS, [7], Tolerance.BARE_REFERENCE),
        (EMAILS, [7], Tolerance.STRING_NUMBER),
        (MANAGER, '[{"value": "7"}]', Tolerance.BARE_REFERENCE),
        (NAME, '[{"givenName": "A"}]', Tolerance.JSON_TEXT),
        (NAME, '[{"givenName": "A"}]', Tolerance.LIST_OF_ONE),
    ],
)
def test_a_value_in_two_dialects_needs_the_tolerances_of_both(
    attribute: Attribute, value: object, off: Tolerance
) -> None:
    fewer = Profile(tolerances=TOLERANT.tolerances - {off})
    with pytest.raises(InvalidValue):
        checked(attribute, value, "x", fewer)


@pytest.mark.parametrize("attribute", [MANAGER, NAME])
def test_two_objects_in_json_text_are_not_a_single_value(attribute: Attribute) -> None:
    sent = '[{"value": "7", "givenName": "A"}, {"value": "8", "givenName": "B"}]'
    with pytest.raises(InvalidValue):
        checked(attribute, sent, "x", TOLERANT)


def test_a_plain_value_uses_no_tolerance() -> None:
    assert checked(EMAILS, [{"value": "a"}], "emails", TOLERANT).tolerated == frozenset()


def test_one_element_can_be_checked_alone() -> None:
    assert checked_element(EMAILS, {"VALUE": "a"}, "emails", STRICT).value == {"value": "a"}


def test_a_name_is_told_back_short_and_printable() -> None:
    assert printable_name("a\x00" + "b" * 200) == "a?" + "b" * 98
