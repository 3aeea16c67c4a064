"""Replacing a resource by PUT."""

from dataclasses import replace
from typing import Any

import pytest

from scim.errors import Mutability
from scim.profile.parts import PutRules
from scim.resource.intake import Intake
from scim.resource.replacement import asserted_in, mentions_in, merged, replaced
from scim.schema.resource_type import Derived, Extension, Moment
from scim.schema.schema import Attribute, Returned, Schema
from tests.scim.resource.types import EXTRA_URN, THING

STORED: dict[str, Any] = {
    "label": "old",
    "kind": "k",
    "serial": "1",
    "made": "2020-01-01T00:00:00Z",
    "pin": "p",
    "maker": {"value": "7", "title": "t"},
    EXTRA_URN: {"color": "red", "batch": "b", "made": "2020-01-02T00:00:00Z"},
}


def test_writable_attributes_are_replaced_and_the_rest_is_kept() -> None:
    sent = Intake({"label": "new", EXTRA_URN: {"color": "blue"}, "maker": {"value": "7"}})
    assert replaced(THING, STORED, sent) == {
        "label": "new",
        "serial": "1",
        "made": "2020-01-01T00:00:00Z",
        "pin": "p",
        "maker": {"value": "7"},
        EXTRA_URN: {"color": "blue", "batch": "b", "made": "2020-01-02T00:00:00Z"},
    }


def test_an_immutable_value_sent_must_match() -> None:
    with pytest.raises(Mutability, match="serial: immutable"):
        replaced(THING, STORED, Intake({"label": "new", "serial": "2"}))


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        pytest.param({}, {"value": "7"}, id="whole"),
        pytest.param({"maker": {"title": "u"}}, {"value": "7", "title": "u"}, id="part"),
    ],
)
def test_an_immutable_part_that_is_not_sent_stays(sent: dict[str, Any], expected: Any) -> None:
    assert replaced(THING, STORED, Intake({"label": "new", **sent}))["maker"] == expected


def test_an_immutable_part_sent_must_match() -> None:
    with pytest.raises(Mutability, match=r"maker\.value: immutable"):
        replaced(THING, STORED, Intake({"label": "new", "maker": {"value": "8"}}))


def test_an_immutable_value_can_be_set_where_there_is_none() -> None:
    assert replaced(THING, {"label": "x"}, Intake({"label": "x", "serial": "2"})) == {
        "label": "x",
        "serial": "2",
    }


def test_a_write_only_value_sent_replaces_the_stored_one() -> None:
    assert replaced(THING, {"pin": "p"}, Intake({"pin": "q"}))["pin"] == "q"


def test_a_value_that_a_get_does_not_show_is_kept_unless_it_is_emptied() -> None:
    stored, sent = {"label": "old", "notes": ["n"]}, Intake({"label": "new"})
    assert replaced(THING, stored, sent) == {"label": "new", "notes": ["n"]}
    notes = frozenset({(None, "notes")})
    assert replaced(THING, stored, sent, asserted=notes) == {"label": "new"}
    assert replaced(THING, stored, Intake({"label": "new", "notes": ["m"]}))["notes"] == ["m"]


def test_a_value_derived_whenever_a_put_omits_it_is_not_kept() -> None:
    secret = Attribute("secret", returned=Returned.NEVER)
    type_ = replace(
        THING,
        schema=replace(THING.schema, attributes=(*THING.schema.attributes, secret)),
        derived=(Derived("secret", constant="s", moment=Moment.WRITING),),
    )
    stored = {"label": "old", "secret": "t", "notes": ["n"]}
    assert replaced(type_, stored, Intake({"label": "new"})) == {"label": "new", "notes": ["n"]}


@pytest.mark.parametrize("required", [True, False])
def test_an_extension_that_is_not_sent_goes_as_a_whole_if_an_attribute_of_it_is_required(
    required: bool,
) -> None:
    hint = Attribute("hint", returned=Returned.REQUEST)
    schema = Schema("urn:x", "X", "", (Attribute("name", required=required), hint))
    type_ = replace(THING, extensions=(Extension(schema),))
    stored = {"label": "old", "urn:x": {"name": "n", "hint": "h"}}
    kept = {} if required else {"urn:x": {"hint": "h"}}
    assert replaced(type_, stored, Intake({"label": "new"})) == {"label": "new", **kept}
    sent = {"label": "new", "urn:x": {"name": "m"}}
    assert replaced(type_, stored, Intake(sent))["urn:x"] == {"name": "m", "hint": "h"}


def test_an_extension_that_a_get_does_not_show_at_all_is_kept_though_a_part_is_required() -> None:
    hint = Attribute("hint", required=True, returned=Returned.REQUEST)
    type_ = replace(THING, extensions=(Extension(Schema("urn:x", "X", "", (hint,))),))
    stored = {"label": "old", "urn:x": {"hint": "h"}}
    assert replaced(type_, stored, Intake({"label": "new"}))["urn:x"] == {"hint": "h"}


def test_the_bodies_given_are_not_changed() -> None:
    stored = {"serial": "1", EXTRA_URN: {"batch": "b"}}
    taken = Intake({"label": "x"})
    replaced(THING, stored, taken)
    assert stored == {"serial": "1", EXTRA_URN: {"batch": "b"}}
    assert taken.body == {"label": "x"}


def test_an_immutable_value_sent_can_give_way_to_the_stored_one() -> None:
    keeping = PutRules(immutable="keep")
    sent = Intake({"label": "new", "serial": "2", "maker": {"value": "8", "title": "u"}})
    body = replaced(THING, STORED, sent, keeping)
    assert (body["serial"], body["maker"]) == ("1", {"value": "7", "title": "u"})
    cleared = replaced(THING, STORED, Intake({"label": "new"}), keeping)
    assert cleared["maker"] == {"value": "7"}
    assert replaced(THING, {"label": "old"}, sent, keeping)["serial"] == "2"


COLOR, BATCH, MADE = ((EXTRA_URN, name) for name in ("color", "batch", "made"))
LABEL, MAKER = (None, "label"), (None, "maker")


@pytest.mark.parametrize(
    ("sent", "mentions"),
    [
        ({"LABEL": "x", "unknown": 1}, {LABEL: None}),
        ({"urn:scim:schemas:core:1.0:label": "x"}, {LABEL: None}),
        ({"maker": {"Title": "t"}}, {MAKER: {"title"}}),
        ({"maker": "7"}, {MAKER: None}),
        ({"maker.title": "t", "maker.value": "7"}, {MAKER: {"title", "value"}}),
        ({"maker.title": "t", "maker": "7"}, {MAKER: None}),
        ({EXTRA_URN: {"color": "red", "unknown": 1}}, {COLOR: None}),
    ],
    ids=["a name", "a former URN", "parts", "text", "dotted", "text beside a part", "an extension"],
)
def test_a_body_mentions_attributes_in_any_spelling(
    sent: dict[str, Any], mentions: dict[Any, Any]
) -> None:
    assert mentions_in(THING, sent) == mentions


@pytest.mark.parametrize("value", [None, "x", []])
def test_an_extension_without_attributes_mentions_all_of_them(value: object) -> None:
    assert {COLOR, BATCH, MADE} <= mentions_in(THING, {EXTRA_URN: value}).keys()


def test_an_object_asserts_something_if_a_part_does() -> None:
    assert asserted_in(THING, {"maker": {"title": None, "site": "s"}}) == {MAKER}
    assert asserted_in(THING, {"maker": {"title": None, "site": []}}) == {MAKER}
    assert asserted_in(THING, {"maker": {"title": None}, EXTRA_URN: {}}) == frozenset()


def test_null_and_empty_text_assert_nothing_in_an_extension_either() -> None:
    sent = {"label": "", "maker": [], EXTRA_URN: {"color": None, "batch": "", "made": "x"}}
    assert asserted_in(THING, sent) == {MAKER, MADE}
    assert asserted_in(THING, {"label": [None, ""], "maker": {"title": ""}}) == frozenset()


@pytest.mark.parametrize(
    ("sent", "maker"),
    [
        ({"maker": {"title": None}}, {"value": "7"}),
        ({"maker": {"title": "u"}}, {"value": "7", "title": "u"}),
        ({}, {"value": "7", "title": "t"}),
        ({"maker": None}, None),
    ],
    ids=["a part that is null", "a part", "nothing", "null"],
)
def test_attributes_that_are_not_mentioned_are_merged(sent: dict[str, Any], maker: object) -> None:
    parts = {name: part for name, part in (sent.get("maker") or {}).items() if part is not None}
    intake = Intake({"label": "x", **({"maker": parts} if parts else {})})
    body = merged(THING, STORED, intake, mentions_in(THING, {"label": "x", **sent})).body
    assert body.get("maker") == maker
    assert (body["label"], body["kind"]) == ("x", "k")
    assert "serial" not in body  # `replaced` keeps what is immutable, whatever is mentioned
