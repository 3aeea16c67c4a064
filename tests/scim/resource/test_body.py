"""Reading a body at a place, and its `schemas`."""

from types import MappingProxyType

import pytest

from scim.resource.body import (
    ParsedLater,
    attributes_of,
    schemas_of,
    value_at,
    values_at,
    with_parts,
    with_value,
    without_parts,
)
from tests.scim.resource.types import ENTERPRISE, EXTRA_URN, GROUP, THING, USER, USER_URN

BODY = {
    "userName": "ada",
    "name": {"givenName": "Ada"},
    "emails": [{"value": "a"}, {"value": "b", "type": "work"}],
    ENTERPRISE: {"department": "x", "manager": {"value": "7"}},
}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("userName", ("ada",), id="plain"),
        pytest.param("name.givenName", ("Ada",), id="part"),
        pytest.param("emails.value", ("a", "b"), id="part-of-several"),
        pytest.param("emails.type", ("work",), id="part-of-some"),
        pytest.param("emails", ({"value": "a"}, {"value": "b", "type": "work"}), id="several"),
        pytest.param(f"{ENTERPRISE}:department", ("x",), id="extension"),
        pytest.param(f"{ENTERPRISE}:manager.value", ("7",), id="part-in-extension"),
        pytest.param("title", (), id="unassigned"),
        pytest.param("name.familyName", (), id="part-unassigned"),
    ],
)
def test_every_value_at_a_place_is_found(name: str, expected: tuple[object, ...]) -> None:
    ref = USER.named(name)
    assert ref is not None
    assert values_at(BODY, ref) == expected


def test_an_absent_extension_holds_nothing() -> None:
    assert value_at({}, ENTERPRISE, "department") is None


def test_a_value_is_put_without_changing_the_body_given() -> None:
    body = {"a": 1, EXTRA_URN: {"color": "red"}}
    assert with_value(body, None, "b", 2) == {"a": 1, "b": 2, EXTRA_URN: {"color": "red"}}
    assert with_value(body, EXTRA_URN, "batch", "7") == {
        "a": 1,
        EXTRA_URN: {"color": "red", "batch": "7"},
    }
    assert body == {"a": 1, EXTRA_URN: {"color": "red"}}


def test_an_emptied_extension_goes_with_its_last_value() -> None:
    assert with_value({"a": 1, EXTRA_URN: {"color": "red"}}, EXTRA_URN, "color", None) == {"a": 1}
    assert with_value({"a": 1}, EXTRA_URN, "color", None) == {"a": 1}


def test_the_attributes_of_a_body_are_listed_with_their_extensions() -> None:
    assert [(uri, each.name) for uri, each in attributes_of(GROUP)] == [
        (None, "externalId"),
        (None, "displayName"),
        (None, "members"),
        (None, "groups"),
        ("urn:ietf:params:scim:schemas:extension:groupMembers:2.0:Group", "membersMetadata"),
    ]
    assert (EXTRA_URN, "color") in [(uri, each.name) for uri, each in attributes_of(THING)]


def test_the_base_schema_comes_first_and_present_extensions_follow() -> None:
    assert schemas_of(USER, {"userName": "ada"}) == [USER_URN]
    assert schemas_of(USER, {ENTERPRISE: {"department": "x"}}) == [USER_URN, ENTERPRISE]


def test_a_body_that_is_parsed_later_equals_what_its_text_says() -> None:
    body = ParsedLater('{"a":[1],"b":{}}')
    assert body == {"b": {}, "a": [1]} == ParsedLater('{"b": {}, "a": [1]}')
    assert body == MappingProxyType({"a": [1], "b": {}})
    assert body != {"a": [1]}
    assert body != ParsedLater("{}")
    assert body != '{"a":[1],"b":{}}'


@pytest.mark.parametrize(
    ("value", "labels", "rest"),
    [
        pytest.param({"label": "a", "pin": "1"}, {"label": "a"}, {"pin": "1"}, id="both"),
        pytest.param({"pin": "1"}, None, {"pin": "1"}, id="one"),
        pytest.param([{"label": "a"}, {"pin": "1"}], [{"label": "a"}], [{"pin": "1"}], id="list"),
        pytest.param([{"pin": "1"}], None, [{"pin": "1"}], id="list-of-one"),
        pytest.param([], [], [], id="empty-list"),
        pytest.param({}, {}, {}, id="empty-value"),
        pytest.param("plain", "plain", "plain", id="simple"),
        pytest.param([False, 0, ""], [False, 0, ""], [False, 0, ""], id="simple-values"),
    ],
)
def test_what_has_no_chosen_part_goes_and_what_is_empty_already_stays(
    value: object, labels: object, rest: object
) -> None:
    assert with_parts(value, {"label"}) == labels
    assert without_parts(value, {"label"}) == rest
    assert with_parts(value, None) == value
