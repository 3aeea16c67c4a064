"""Immutable attributes, and whether two bodies are equal."""

from typing import Any

import pytest

from scim.errors import Mutability
from scim.resource.mutability import immutable_refs, is_same, refuse_immutable_changes
from scim.schema.schema import Attribute, AttributeType
from tests.scim.resource.types import EXTRA_URN, THING

TEXT = Attribute("text")
TIME = Attribute("time", AttributeType.DATE_TIME)
BOX = Attribute(
    "box",
    AttributeType.COMPLEX,
    sub_attributes=(Attribute("a", AttributeType.DECIMAL), Attribute("b", multi_valued=True)),
)
LINK = Attribute(
    "link",
    AttributeType.COMPLEX,
    sub_attributes=tuple(Attribute(name) for name in ("value", "$ref", "display", "note")),
)
SHOWN = {"value": "1", "$ref": "/1", "display": "A"}

BEFORE: dict[str, Any] = {
    "label": "x",
    "serial": "1",
    "maker": {"value": "7", "title": "t"},
    EXTRA_URN: {"color": "red", "batch": "b"},
}


def test_immutable_attributes_and_parts_are_listed() -> None:
    assert [str(ref) for ref in immutable_refs(THING)] == [
        "serial",
        "maker.value",
        f"{EXTRA_URN}:batch",
    ]


@pytest.mark.parametrize(
    "after",
    [
        pytest.param(BEFORE, id="nothing"),
        pytest.param({**BEFORE, "label": "y"}, id="another-attribute"),
        pytest.param({**BEFORE, "maker": {"value": "7"}}, id="another-part"),
    ],
)
def test_changes_of_other_values_pass(after: dict[str, Any]) -> None:
    refuse_immutable_changes(THING, BEFORE, after)


def test_an_immutable_value_can_be_set_once() -> None:
    refuse_immutable_changes(THING, {"label": "x"}, BEFORE)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        pytest.param({"serial": "2"}, "serial: immutable", id="changed"),
        pytest.param({"serial": None}, "serial: immutable", id="removed"),
        pytest.param({"maker": {"value": "8"}}, "maker.value: immutable", id="part"),
        pytest.param({"maker": None}, "maker.value: immutable", id="removed-with-its-whole"),
        pytest.param({EXTRA_URN: {"batch": "c"}}, f"{EXTRA_URN}:batch: immutable", id="extension"),
    ],
)
def test_a_changed_immutable_value_is_refused(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(Mutability) as refusal:
        refuse_immutable_changes(THING, BEFORE, {**BEFORE, **changes})
    assert refusal.value.detail.startswith(told)


@pytest.mark.parametrize(
    ("attribute", "one", "other", "expected"),
    [
        pytest.param(BOX, {"a": 1, "b": ["x"]}, {"b": ["x"], "a": 1.0}, True, id="order-of-names"),
        pytest.param(BOX, {"b": ["x", "y"]}, {"b": ["y", "x"]}, True, id="order-of-values"),
        pytest.param(BOX, {"b": ["x", "y"]}, {"b": ["x"]}, False, id="fewer-values"),
        pytest.param(BOX, {"a": 1}, {"a": 2}, False, id="another-number"),
        pytest.param(BOX, {"a": 1}, None, False, id="none"),
        pytest.param(BOX, None, None, True, id="null"),
        pytest.param(LINK, {"value": "1"}, SHOWN, True, id="a-reference-as-shown"),
        pytest.param(LINK, {"value": "2"}, SHOWN, False, id="another-reference"),
        pytest.param(LINK, {"value": "1", "$ref": "/2"}, SHOWN, False, id="another-location"),
        pytest.param(LINK, {"value": "1"}, {**SHOWN, "note": "n"}, False, id="another-part"),
        pytest.param(LINK, {"note": "n"}, {"note": "n", "$ref": "/1"}, False, id="no-reference"),
        pytest.param(TEXT, "ä", "a", False, id="text"),
        pytest.param(TEXT, "A", "a", False, id="case"),
        pytest.param(TIME, "2026-01-01T00:00:00Z", "2026-01-01T00:00:00.0Z", True, id="time"),
    ],
)
def test_values_are_the_same_if_they_mean_the_same(
    attribute: Attribute, one: object, other: object, expected: bool
) -> None:
    assert is_same(attribute, one, other) is expected
