"""Edits of one value."""

import pytest

from scim.patch.operation import Op
from scim.patch.single_value import is_lost, merged, revised, with_part
from scim.profile import Tolerance
from scim.schema.schema import Attribute, AttributeType
from tests.scim.patch.tables import LENIENT, STRICT, USER

NAME = USER.attribute("name") or Attribute("")
GIVEN = NAME.sub("givenName") or Attribute("")


@pytest.mark.parametrize(
    ("op", "held", "value", "after"),
    [
        (Op.ADD, None, "x", "x"),
        (Op.ADD, "x", "y", "y"),
        (Op.ADD, "x", None, "x"),
        (Op.REPLACE, "x", None, None),
        (Op.REPLACE, None, "x", "x"),
        (Op.REMOVE, "x", "y", None),
        (Op.REMOVE, None, None, None),
    ],
)
def test_a_simple_value_is_replaced(op: Op, held: object, value: object, after: object) -> None:
    assert revised(Attribute("a"), held, op, value, "a", STRICT).value == after


def test_a_part_is_set_within_its_value() -> None:
    held = {"familyName": "J", "givenName": "B"}
    assert with_part(GIVEN, held, Op.REPLACE, "C", "name.givenName", STRICT).value == {
        "familyName": "J",
        "givenName": "C",
    }
    assert held == {"familyName": "J", "givenName": "B"}


def test_a_value_without_parts_is_no_value() -> None:
    assert with_part(GIVEN, {"givenName": "B"}, Op.REMOVE, None, "", STRICT).value is None


def test_nulls_unassign_in_replace_only() -> None:
    held, sent = {"givenName": "B", "familyName": "J"}, {"GivenName": None}
    assert merged(NAME, held, sent, None, Op.REPLACE) == {"familyName": "J"}
    assert merged(NAME, held, sent, None, Op.ADD) == held


def test_the_tolerances_of_a_value_are_reported() -> None:
    active = Attribute("active", AttributeType.BOOLEAN)
    found = revised(active, True, Op.REPLACE, "False", "active", LENIENT)
    assert (found.value, found.tolerated) == (False, {Tolerance.STRING_BOOLEAN})


@pytest.mark.parametrize(
    ("sent", "taken", "lost"),
    [
        ([{"email": "n"}], None, True),
        ({"email": {"value": 0}}, None, True),
        ([{"value": "n"}], [{"value": "n"}], False),
        (None, None, False),
        ([{"value": None}, {}, "", []], None, False),
        ({"givenName": None, "email": "n"}, None, False),
        ({"first": None, "email": "n"}, None, True),
    ],
)
def test_a_value_without_a_known_sub_attribute_is_lost(
    sent: object, taken: object, lost: bool
) -> None:
    name = USER.attribute("name")
    assert is_lost(name, sent, taken) is lost
