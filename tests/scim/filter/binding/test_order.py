"""sortBy and sortOrder."""

from typing import Any

import pytest

from scim.errors import InvalidValue
from scim.filter.binding.bind import Scope
from scim.filter.binding.order import is_descending, ordered_across
from scim.filter.parsing.parse import parse_attribute
from scim.filter.parsing.tree import AttributePath
from scim.profile import Tolerance
from tests.scim.filter.things import BACK_LINKS, EXTENSION, STRICT, THING, TOLERANT, TYPES


def _things(*bodies: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"id": f"i{number}", **body} for number, body in enumerate(bodies, start=1)]


def _ids(resources: Any) -> str:
    return " ".join(each["id"] for each in resources)


@pytest.mark.parametrize(
    ("name", "bodies", "expected"),
    [
        pytest.param(
            "title", [{"title": "b"}, {"title": "A"}, {"title": "C"}], "i2 i1 i3", id="any-case"
        ),
        pytest.param("TITLE", [{"title": "b"}, {"title": "a"}], "i2 i1", id="name-in-any-case"),
        pytest.param(
            "code", [{"code": "b"}, {"code": "A"}, {"code": "C"}], "i2 i3 i1", id="case-exact"
        ),
        pytest.param("title", [{}, {"title": "z"}, {"title": None}], "i2 i1 i3", id="missing-last"),
        pytest.param(
            "title", [{"title": "x"}, {"title": "X"}, {"title": "x"}], "i1 i2 i3", id="ties-by-id"
        ),
        pytest.param(
            "title",
            [{"title": "ä"}, {"title": "z"}, {"title": "ﬁ"}, {"title": "fh"}],
            "i4 i3 i2 i1",
            id="unicode",
        ),
        pytest.param(
            "count",
            [{"count": 10}, {"count": 9}, {"count": -10}, {"count": -9}],
            "i3 i4 i2 i1",
            id="numbers",
        ),
        pytest.param(
            "ratio",
            [{"ratio": 0.5}, {"ratio": 0.05}, {"ratio": 5}, {"ratio": 0}],
            "i4 i2 i1 i3",
            id="decimals",
        ),
        pytest.param("active", [{"active": True}, {"active": False}], "i2 i1", id="boolean"),
        pytest.param(
            "born",
            [
                {"born": "2020-01-01T00:00:00Z"},
                {"born": "2020-01-01T00:30:00+01:00"},
                {"born": "2020-01-01T00:00:00.5Z"},
            ],
            "i2 i1 i3",
            id="instants",
        ),
        pytest.param(
            "tags",
            [{"tags": ["c", "a"]}, {"tags": ["b"]}, {"tags": []}],
            "i2 i1 i3",
            id="first-of-many",
        ),
        pytest.param(
            "parts.value",
            [
                {"parts": [{"value": "a"}, {"value": "z", "primary": True}]},
                {"parts": [{"value": "b"}]},
            ],
            "i2 i1",
            id="primary-of-many",
        ),
        pytest.param(
            "parts",
            [{"parts": [{"value": "z"}]}, {"parts": [{"value": "b"}]}],
            "i2 i1",
            id="complex-by-value",
        ),
        pytest.param(
            "parts.kind",
            [{"parts": [{"value": "a"}]}, {"parts": [{"kind": "b"}]}],
            "i2 i1",
            id="sub-missing",
        ),
        pytest.param(
            "box.width",
            [{"box": {"width": 2}}, {"box": {"width": 1}}, {"box": {}}, {}, {"box": "a text"}],
            "i2 i1 i3 i4 i5",
            id="sub-of-one",
        ),
        pytest.param(
            f"{EXTENSION}:rank",
            [{EXTENSION: {"rank": 2}}, {EXTENSION: {"rank": 1}}, {}],
            "i2 i1 i3",
            id="extension",
        ),
        pytest.param("id", [{}, {}], "i1 i2", id="id"),
        pytest.param(
            "meta.created",
            [
                {"meta": {"created": "2021-01-01T00:00:00Z"}},
                {"meta": {"created": "2020-01-01T00:00:00Z"}},
            ],
            "i2 i1",
            id="meta",
        ),
        pytest.param("count", [{"count": "many"}, {"count": 1}], "i2 i1", id="of-another-type"),
    ],
)
def test_resources_are_ordered_by_an_attribute(
    name: str, bodies: list[dict[str, Any]], expected: str
) -> None:
    (order,) = ordered_across([Scope(THING)], parse_attribute(name), STRICT)
    things = _things(*bodies)
    things.reverse()
    assert _ids(sorted(things, key=order.key)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [(None, False), ("", False), ("ascending", False), ("Descending", True), ("DESCENDING", True)],
)
def test_the_order_is_ascending_unless_asked_otherwise(text: str | None, expected: bool) -> None:
    assert is_descending(text) is expected


def test_an_unknown_sort_order_is_refused() -> None:
    with pytest.raises(InvalidValue, match="expected ascending or descending"):
        is_descending("sideways")


@pytest.mark.parametrize(
    ("name", "detail"),
    [
        ("nonsense", "sortBy: 'nonsense' is not an attribute of Thing"),
        ("box", "sortBy: 'box' is complex; name one of its sub-attributes"),
        ("secret", "sortBy: 'secret' is never returned and cannot be sorted by"),
        ("pin", "sortBy: 'pin' is never returned and cannot be sorted by"),
        ("parts.key", "sortBy: 'parts.key' is never returned and cannot be sorted by"),
        ("locks", "sortBy: 'locks' is never returned and cannot be sorted by"),
        ("peers", "sortBy: 'peers' links to other resources and has no order"),
        ("friends.display", "sortBy: 'friends.display' links to other resources and has no order"),
        ("rank", "sortBy: 'rank' is not an attribute of Thing"),
    ],
)
def test_sorting_by_an_unsortable_attribute_is_refused(name: str, detail: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        ordered_across([Scope(THING, BACK_LINKS)], parse_attribute(name), STRICT)
    assert refused.value.detail == detail


def test_a_short_extension_name_is_named_as_a_tolerance() -> None:
    (order,) = ordered_across([Scope(THING)], AttributePath(None, "rank"), TOLERANT)
    assert str(order.ref) == f"{EXTENSION}:rank"
    assert order.tolerated == {Tolerance.SHORT_EXTENSION_NAME}


def test_a_type_without_the_attribute_comes_last_among_several() -> None:
    scopes = (Scope(TYPES["Group"]), Scope(TYPES["User"]))
    of_groups, of_users = ordered_across(scopes, AttributePath(None, "userName"), TOLERANT)
    keys = {
        "g": of_groups.key({"id": "g", "displayName": "a"}),
        "u": of_users.key({"id": "u", "userName": "z"}),
    }
    assert sorted(keys, key=lambda each: keys[each]) == ["u", "g"]


def test_sorting_by_an_attribute_of_no_type_is_refused() -> None:
    scopes = (Scope(TYPES["Group"]), Scope(TYPES["User"]))
    with pytest.raises(InvalidValue, match="'nonsense' is not an attribute of Group or User"):
        ordered_across(scopes, AttributePath(None, "nonsense"), TOLERANT)


@pytest.mark.parametrize(
    ("name", "body", "expected"),
    [
        ("title", {"title": "x"}, False),
        ("title", {}, True),
        ("title", {"title": None}, True),
        ("title", {"title": 7}, True),
    ],
)
def test_a_resource_without_the_value_is_marked_as_missing(
    name: str, body: dict[str, Any], expected: bool
) -> None:
    (order,) = ordered_across([Scope(THING)], parse_attribute(name), STRICT)
    assert order.is_missing(body) is expected
    assert order.key({"id": "i1", **body})[0] is expected


def test_every_resource_of_a_type_without_the_attribute_is_missing() -> None:
    scopes = (Scope(TYPES["Group"]), Scope(TYPES["User"]))
    of_groups, _ = ordered_across(scopes, AttributePath(None, "userName"), TOLERANT)
    assert of_groups.is_missing({"id": "g", "displayName": "a"})
