"""Values as clients spell them."""

import json
from decimal import Decimal

import pytest

from scim.compact import json_text
from scim.errors import InvalidSyntax, InvalidValue
from scim.profile import Profile, Tolerance
from scim.resource.value import checked, printable_name
from scim.schema.schema import Attribute, AttributeType, AttributeUniqueness
from scim.schema.spelling import (
    decimal_in,
    integer_in,
    object_in_text,
    object_spelt_as_text,
    objects_in_text,
    reference_named_before,
    text_of,
    unwrapped,
)

ROLES = Attribute(
    "roles",
    AttributeType.COMPLEX,
    multi_valued=True,
    sub_attributes=(Attribute("value"), Attribute("display"), Attribute("type")),
)
MANAGER = Attribute("manager", AttributeType.COMPLEX, sub_attributes=(Attribute("value"),))
NAME = Attribute("name", AttributeType.COMPLEX, sub_attributes=(Attribute("familyName"),))
SIZE = Attribute("size", AttributeType.INTEGER)
CERTIFICATE = Attribute("a", AttributeType.BINARY)
WEIGHT = Attribute("weight", AttributeType.DECIMAL)
LENIENT, STRICT = Profile(), Profile(name="strict", tolerances=frozenset())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (' {"a": 1}', {"a": 1}),
        ("{}", {}),
        ('{"a": 1, "A": 2}', None),
        ('{"a": NaN}', None),
        ('{"a": 1} x', None),
        ('[{"a": 1}]', None),
        ("{a}", None),
        ('{"a":' * 5000 + "1" + "}" * 5000, None),
        ('{"a":' * 40 + "1" + "}" * 40, None),
        ({"a": 1}, None),
        (7, None),
    ],
)
def test_a_text_is_an_object_or_a_text(text: object, found: object) -> None:
    assert object_in_text(text) == found


@pytest.mark.parametrize(
    ("attribute", "sent", "found"),
    [
        (NAME, '{"familyName": "F", "colour": 1}', {"familyName": "F"}),
        (NAME, '{"colour": 1}', None),
        (ROLES, {"value": '{"value": "E", "displayName": "Ed"}'}, {"value": "E", "display": "Ed"}),
        (
            ROLES,
            {"type": "t", "value": '{"value": "E", "display": "1", "displayName": "2"}'},
            {"type": "t", "value": "E", "display": "1"},
        ),
        (ROLES, {"value": '{"type": "t"}'}, None),
        (ROLES, {"value": "{x}"}, None),
        (ROLES, {"type": "t"}, None),
        (ROLES, None, None),
    ],
)
def test_an_object_sent_as_text_keeps_its_defined_sub_attributes(
    attribute: Attribute, sent: object, found: object
) -> None:
    assert object_spelt_as_text(attribute, sent) == found


@pytest.mark.parametrize(
    ("sent", "found"),
    [
        (' [{"value": "E", "id": "1"}, {"Type": "t"}]', [{"value": "E"}, {"Type": "t"}]),
        ("[]", []),
        ('[{"value": "E"}, {"id": "1"}]', None),
        ('["E"]', None),
        ('{"value": "E"}', None),
        ("[x]", None),
        ("[" * 500 + "]" * 500, None),
        ("E", None),
        (None, None),
    ],
)
def test_a_list_sent_as_text_holds_objects_with_a_defined_sub_attribute(
    sent: object, found: object
) -> None:
    assert objects_in_text(ROLES, sent) == found


@pytest.mark.parametrize(
    ("value", "simple"),
    [
        ({"$ref": None, "VALUE": "x"}, "x"),
        ({"value": "x", "type": "work"}, "x"),
        ({"value": "x", "colour": 1}, {"value": "x", "colour": 1}),
        ({"type": "x"}, {"type": "x"}),
        ("x", "x"),
    ],
)
def test_an_object_around_a_simple_value_is_that_value(value: object, simple: object) -> None:
    assert unwrapped(value) == simple


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("5", 5),
        ("-5.0", -5),
        (5.0, 5),
        (Decimal("5.00"), 5),
        *((each, None) for each in ("5.5", "1_000", "٥", "+5", " 5", "05", "", "1e3", 5.5, True)),
        *((each, None) for each in (float("inf"), Decimal("1e999999"), None, [5])),
    ],
)
def test_an_integer_is_written_in_ascii_digits(value: object, number: int | None) -> None:
    assert integer_in(value) == number


@pytest.mark.parametrize(
    ("value", "number"),
    [("5", 5), ("5.25", Decimal("5.25")), ("-1e3", Decimal("-1e3")), ("1_0", None), ("٥", None)],
)
def test_a_number_is_written_as_json_has_it(value: object, number: object) -> None:
    assert decimal_in(value) == number


def test_a_number_as_text_and_nothing_else() -> None:
    assert (text_of(12), text_of(1.5), text_of(True), text_of("x")) == ("12", "1.5", None, None)


@pytest.mark.parametrize(
    ("attribute", "sent", "stored", "name"),
    [
        (SIZE, "5", 5, Tolerance.STRING_NUMBER),
        (SIZE, 5.0, 5, Tolerance.STRING_NUMBER),
        (WEIGHT, "5.250", 5.25, Tolerance.STRING_NUMBER),
        (WEIGHT, "-1e3", -1000.0, Tolerance.STRING_NUMBER),
        (SIZE, [5], 5, Tolerance.LIST_OF_ONE),
        (SIZE, {"value": 5}, 5, Tolerance.WRAPPED_VALUES),
        (Attribute("a"), 12, "12", Tolerance.STRING_NUMBER),
        (CERTIFICATE, "TUlJ\r\n  RFE=\n", "TUlJRFE=", Tolerance.WRAPPED_BINARY),
        (ROLES, ['{"value": "E"}'], [{"value": "E"}], Tolerance.JSON_TEXT),
        (ROLES, '[{"value": "E"}]', [{"value": "E"}], Tolerance.JSON_TEXT),
        (NAME, '{"familyName": "F"}', {"familyName": "F"}, Tolerance.JSON_TEXT),
    ],
)
def test_every_spelling_has_a_switch(
    attribute: Attribute, sent: object, stored: object, name: Tolerance
) -> None:
    taken = checked(attribute, sent, "a", LENIENT)
    assert (taken.value, taken.tolerated) == (stored, {name})
    assert json.loads(json_text(taken.value)) == stored
    with pytest.raises(InvalidValue):
        checked(attribute, sent, "a", STRICT)


@pytest.mark.parametrize(
    ("attribute", "sent", "found"),
    [
        (MANAGER, {"ManagerId": "7", "displayName": "B"}, {"displayName": "B", "value": "7"}),
        (MANAGER, {"managerId": "7", "Value": None}, {"value": "7"}),
        (MANAGER, {"managerId": ""}, {"value": ""}),
        (MANAGER, {"managerId": "7", "value": "8"}, None),
        (MANAGER, {"id": "7"}, None),
        (ROLES, {"rolesId": "7"}, None),
        (NAME, {"nameId": "7"}, None),
        (
            Attribute(
                "owner",
                AttributeType.COMPLEX,
                sub_attributes=(Attribute("value"), Attribute("ownerId")),
            ),
            {"ownerId": "7"},
            None,
        ),
    ],
)
def test_a_reference_may_have_the_name_of_scim_1(
    attribute: Attribute, sent: dict[str, object], found: object
) -> None:
    assert reference_named_before(attribute, sent) == found


def test_a_reference_named_as_in_scim_1_is_tolerated() -> None:
    taken = checked(MANAGER, {"managerId": "7"}, "manager", LENIENT)
    assert (taken.value, taken.tolerated) == ({"value": "7"}, {Tolerance.BARE_REFERENCE})
    assert checked(MANAGER, {"managerId": ""}, "manager", LENIENT).value is None
    with pytest.raises(InvalidSyntax, match=r"manager\.managerId: no attribute"):
        checked(MANAGER, {"managerId": "7"}, "manager", STRICT)


@pytest.mark.parametrize("text", ["a\nb", "a\rb", "a\tb", "a\x85b", "a\u2028b", "\x00"])
@pytest.mark.parametrize("profile", [LENIENT, STRICT], ids=["lenient", "strict"])
def test_a_unique_value_may_not_hold_control_characters(text: str, profile: Profile) -> None:
    unique = Attribute("userName", uniqueness=AttributeUniqueness.SERVER)
    with pytest.raises(InvalidValue, match=r"^userName: contains a"):
        checked(unique, text, "userName", profile)


def test_two_values_are_no_list_of_one() -> None:
    with pytest.raises(InvalidValue, match="size: expected an integer, found an array"):
        checked(SIZE, [1, 2], "size", LENIENT)


def test_a_name_nobody_sees_is_quoted() -> None:
    assert (printable_name(""), printable_name(" "), printable_name("a b")) == ('""', '" "', "a b")
