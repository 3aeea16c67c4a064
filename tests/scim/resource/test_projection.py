"""Which attributes an answer shows."""

from dataclasses import replace
from typing import Any

import pytest

from scim.resource.projection import Projection, _projection
from scim.schema.resource_type import ResourceType
from scim.schema.schema import Attribute, AttributeType, Schema
from tests.scim.resource.types import ENTERPRISE, EXTRA_URN, GROUP, THING, THING_URN, USER, USER_URN

META = {"resourceType": "User", "version": 'W/"1"'}
ADA: dict[str, Any] = {
    "schemas": [USER_URN, ENTERPRISE],
    "id": "1",
    "userName": "ada",
    "password": "never",
    "name": {"givenName": "Ada", "familyName": "King"},
    "emails": [{"value": "a", "type": "work"}, {"value": "b"}],
    ENTERPRISE: {"department": "x", "manager": {"value": "7", "displayName": "Boss"}},
    "meta": META,
}
BASE = {"schemas": [USER_URN, ENTERPRISE], "id": "1"}
SHOWN = {name: value for name, value in ADA.items() if name != "password"}


def _without(*names: str) -> dict[str, Any]:
    return {name: value for name, value in SHOWN.items() if name not in names}


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        pytest.param(["userName"], {"userName": "ada"}, id="attribute"),
        pytest.param(["USERNAME", " "], {"userName": "ada"}, id="any-case"),
        pytest.param([f"{USER_URN}:userName"], {"userName": "ada"}, id="base-urn"),
        pytest.param(["name"], {"name": ADA["name"]}, id="complex"),
        pytest.param(["name.givenName"], {"name": {"givenName": "Ada"}}, id="part"),
        pytest.param(
            ["emails.type"], {"emails": [{"type": "work"}]}, id="part-of-several-drops-the-empty"
        ),
        pytest.param([ENTERPRISE], {ENTERPRISE: ADA[ENTERPRISE]}, id="extension"),
        pytest.param(
            [f"{ENTERPRISE}:department"], {ENTERPRISE: {"department": "x"}}, id="in-extension"
        ),
        pytest.param(
            [f"{ENTERPRISE}:manager.value"],
            {ENTERPRISE: {"manager": {"value": "7"}}},
            id="part-in-extension",
        ),
        pytest.param(["meta.version"], {"meta": {"version": 'W/"1"'}}, id="part-of-meta"),
        pytest.param(["password"], {}, id="never-returned"),
        pytest.param(["shoeSize"], {}, id="unknown"),
        pytest.param(
            ["userName", "name.familyName"],
            {"userName": "ada", "name": {"familyName": "King"}},
            id="two",
        ),
    ],
)
def test_only_requested_attributes_are_shown_beside_id_and_schemas(
    attributes: list[str], expected: dict[str, Any]
) -> None:
    assert Projection.of(USER, attributes).shown(ADA) == BASE | expected


@pytest.mark.parametrize(
    ("excluded", "expected"),
    [
        pytest.param([], SHOWN, id="nothing"),
        pytest.param(["EMAILS", "meta"], _without("emails", "meta"), id="attributes"),
        pytest.param(["id", "schemas"], SHOWN, id="always-returned"),
        pytest.param([ENTERPRISE], _without(ENTERPRISE), id="extension"),
        pytest.param(["name.givenName"], SHOWN | {"name": {"familyName": "King"}}, id="part"),
        pytest.param(
            [f"{ENTERPRISE}:manager"], SHOWN | {ENTERPRISE: {"department": "x"}}, id="in-extension"
        ),
        pytest.param(["shoeSize"], SHOWN, id="unknown"),
        pytest.param([USER_URN], {**BASE, ENTERPRISE: ADA[ENTERPRISE], "meta": META}, id="base"),
    ],
)
def test_excluded_attributes_are_left_out(excluded: list[str], expected: dict[str, Any]) -> None:
    assert Projection.of(USER, (), excluded).shown(ADA) == expected


THING_SHOWN: dict[str, Any] = {
    "schemas": [THING_URN],
    "id": "1",
    "label": "x",
    "pin": "p",
    "kind": "k",
    "notes": ["n"],
    "maker": {"value": "7", "site": "s", "rating": 5, "secret": "!", "title": "t"},
    EXTRA_URN: {"color": "red", "code": "c"},
}
ALWAYS = {"schemas": [THING_URN], "id": "1", "kind": "k"}


@pytest.mark.parametrize(
    ("attributes", "excluded", "expected"),
    [
        pytest.param(
            [],
            [],
            ALWAYS
            | {"label": "x", "maker": {"value": "7", "site": "s", "title": "t"}}
            | {EXTRA_URN: {"color": "red"}},
            id="by-default",
        ),
        pytest.param(["notes"], [], ALWAYS | {"notes": ["n"]}, id="on-request"),
        pytest.param([], ["kind", "maker", EXTRA_URN], ALWAYS | {"label": "x"}, id="excluded"),
        pytest.param(
            ["maker.title"], [], ALWAYS | {"maker": {"site": "s", "title": "t"}}, id="always-part"
        ),
        pytest.param(
            ["maker.rating", "maker.secret"],
            [],
            ALWAYS | {"maker": {"site": "s", "rating": 5}},
            id="requested-part",
        ),
        pytest.param(
            [],
            ["label", "maker.site", "maker.value", EXTRA_URN],
            ALWAYS | {"maker": {"site": "s", "title": "t"}},
            id="excluded-parts",
        ),
    ],
)
def test_each_attribute_is_shown_as_its_definition_says(
    attributes: list[str], excluded: list[str], expected: dict[str, Any]
) -> None:
    assert Projection.of(THING, attributes, excluded).shown(THING_SHOWN) == expected


@pytest.mark.parametrize("blank", [[""], [" ", ""]])
def test_blank_names_ask_for_nothing(blank: list[str]) -> None:
    whole = Projection.of(USER)
    assert Projection.of(USER, blank) == Projection.of(USER, [], blank) == whole
    assert Projection.of(USER, blank, ["emails"]) == Projection.of(USER, [], ["emails"])


def test_attributes_win_over_excluded_attributes() -> None:
    both = Projection.of(USER, ["userName"], ["userName", "emails"])
    assert both == Projection.of(USER, ["userName"])


@pytest.mark.parametrize(
    ("attributes", "excluded", "expected"),
    [
        pytest.param([], [], True, id="by-default"),
        pytest.param(["MEMBERS"], [], True, id="asked-for"),
        pytest.param(["members.value"], [], True, id="part-asked-for"),
        pytest.param(["displayName"], [], False, id="not-asked-for"),
        pytest.param([], ["members"], False, id="excluded"),
        pytest.param([], ["members.display"], True, id="part-excluded"),
    ],
)
def test_a_projection_tells_whether_an_attribute_is_needed(
    attributes: list[str], excluded: list[str], expected: bool
) -> None:
    assert Projection.of(GROUP, attributes, excluded).wants("members") is expected


def test_no_projection_wants_an_attribute_that_is_not_defined() -> None:
    assert not Projection.of(GROUP).wants("groups")


OPEN = ResourceType(
    "Door",
    "/Doors",
    "",
    Schema("urn:x:Door", "Door", "", (Attribute("notes", AttributeType.COMPLEX, is_open=True),)),
)


@pytest.mark.parametrize(
    ("attributes", "excluded", "expected"),
    [
        ([], [], {"notes": {"a b": "1", "c": "2"}}),
        (["notes"], [], {"notes": {"a b": "1", "c": "2"}}),
        (["notes.c"], [], {"notes": {"c": "2"}}),
        (["notes.a b"], [], {"notes": {"a b": "1"}}),
        (["notes.z"], [], {}),
        ([], ["notes.c"], {"notes": {"a b": "1"}}),
        ([], ["notes"], {}),
    ],
)
def test_parts_of_an_open_attribute_are_shown_as_asked(
    attributes: list[str], excluded: list[str], expected: dict[str, Any]
) -> None:
    body = {"id": "1", "notes": {"a b": "1", "c": "2"}}
    shown = Projection.of(OPEN, attributes, excluded).shown(body)
    assert shown == {"id": "1", **expected}


def test_an_empty_list_stays_whatever_parts_are_named() -> None:
    body = {"id": "1", "emails": []}
    assert Projection.of(USER, ["emails.type"]).shown(body) == body
    assert Projection.of(USER, [], ["emails.type"]).shown(body) == body


@pytest.mark.parametrize(
    "names",
    [["userName"] * 600, [f"n{n}" for n in range(2000)], ["n" * 5000]],
    ids=["repeated", "many", "long"],
)
@pytest.mark.parametrize("listed", ["attributes", "excluded_attributes"])
def test_a_projection_of_many_names_is_not_cached(names: list[str], listed: str) -> None:
    before = _projection.cache_info()
    first, second = (Projection.of(USER, **{listed: names}) for _ in range(2))
    assert first == second
    assert _projection.cache_info() == before


@pytest.mark.timeout(10)
def test_many_parts_of_many_attributes_are_found_in_linear_time() -> None:
    sub = Attribute("part", AttributeType.STRING)
    attributes = tuple(
        Attribute(f"a{n}", AttributeType.COMPLEX, sub_attributes=(sub, replace(sub, name="other")))
        for n in range(8000)
    )
    resource_type = ResourceType("Wide", "/Wide", "", Schema("urn:wide", "Wide", "", attributes))
    projection = Projection.of(resource_type, [f"a{n}.part" for n in range(8000)])
    assert projection.shown({"a7999": {"part": "x", "other": "y"}}) == {"a7999": {"part": "x"}}
