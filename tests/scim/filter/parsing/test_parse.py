"""Reading filters, PATCH paths and attribute names: the tables beside this file say what becomes of each text."""

import contextlib
import json
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given

from scim.errors import InvalidFilter, InvalidPath
from scim.filter.parsing.limits import FilterLimits
from scim.filter.parsing.parse import (
    SHORT_TEXT,
    Parsed,
    known_path,
    parse_attribute,
    parse_filter,
    parse_path,
)
from scim.filter.parsing.tree import AttributePath, Comparison, Filter, Operator, PatchPath
from scim.profile import Tolerance
from tests.scim.filter.trees import (
    attribute_paths,
    cases,
    filter_like_texts,
    filters,
    patch_paths,
    written,
)

UNQUOTED = frozenset({Tolerance.UNQUOTED_LITERAL})


def tolerances(row: dict[str, Any]) -> frozenset[Tolerance]:
    unescaped = frozenset({Tolerance.UNESCAPED_BACKSLASH})
    return (UNQUOTED if row.get("unquoted") else frozenset()) | (
        unescaped if row.get("unescaped") else frozenset()
    )


@pytest.mark.parametrize("row", cases("filters.json"))
def test_a_filter_becomes_its_tree(row: dict[str, Any]) -> None:
    parsed = parse_filter(row["text"])
    assert written(parsed.filter) == json.dumps(row["tree"])
    assert parsed.tolerances == tolerances(row)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("displayName eq All  Users \t", ["eq", "displayName", "All  Users"]),
        ("displayName ew Group 1 true", ["ew", "displayName", "Group 1 true"]),
        ("urn:x:Group:name SW tion/User Portal", ["sw", "urn:x:Group:name", "tion/User Portal"]),
        ("a ne 1 2", ["ne", "a", "1 2"]),
        ("a co it's so", ["co", "a", "it's so"]),
        ("displayName Eq Sales (EMEA)", ["eq", "displayName", "Sales (EMEA)"]),
        ("a eq f(x) ((y) z)", ["eq", "a", "f(x) ((y) z)"]),
        ("a eq 'Ann's old team' ", ["eq", "a", "Ann's old team"]),
        ("a eq 'It''s \\'so\\''", ["eq", "a", "It's 'so'"]),
        ("a eq 'The team's of '24'", ["eq", "a", "The team's of '24"]),
        ("a sw 'R and D' x'", ["sw", "a", "R and D' x"]),
    ],
)
def test_words_after_a_lone_operator_are_one_value(text: str, tree: list[str]) -> None:
    parsed = parse_filter(text)
    assert written(parsed.filter) == json.dumps(tree)
    assert parsed.tolerances == UNQUOTED


@pytest.mark.parametrize("row", cases("refused_filters.json"))
def test_a_broken_filter_is_refused_with_its_position(row: dict[str, Any]) -> None:
    with pytest.raises(InvalidFilter) as refusal:
        parse_filter(row["text"])
    assert refusal.value.detail == row["detail"]


@pytest.mark.parametrize("row", cases("paths.json"))
def test_a_patch_path_becomes_its_tree(row: dict[str, Any]) -> None:
    parsed = parse_path(row["text"])
    assert [parsed.path.uri, parsed.path.name, parsed.path.sub] == row["path"]
    assert written(parsed.filter) == json.dumps(row.get("filter"))
    assert parsed.sub == row.get("sub")
    assert parsed.text == row["text"]
    assert parsed.tolerances == tolerances(row)


@pytest.mark.parametrize("row", cases("refused_paths.json"))
def test_a_broken_patch_path_is_refused_with_its_position(row: dict[str, Any]) -> None:
    with pytest.raises(InvalidPath) as refusal:
        parse_path(row["text"])
    assert refusal.value.detail == row["detail"]


def test_a_parsed_filter_is_made_of_plain_values() -> None:
    expected = Comparison(AttributePath(None, "userName"), Operator.EQ, "bjensen")
    assert parse_filter('userName EQ "bjensen"') == Parsed(expected, frozenset())


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("userName", AttributePath(None, "userName")),
        (" name.familyName ", AttributePath(None, "name", "familyName")),
        ("urn:x:2.0:User:a.b", AttributePath("urn:x:2.0:User", "a", "b")),
        ("urn:x:2.0:User", AttributePath("urn:x:2.0", "User")),
        ("urn:x:2.0", AttributePath("urn:x", "2.0")),
        ("co", AttributePath(None, "co")),
    ],
)
def test_an_attribute_name_becomes_a_path(text: str, path: AttributePath) -> None:
    assert parse_attribute(text) == path


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("", "attribute position 1: expected an attribute, found the end of the attribute"),
        ("a b", "attribute position 3: expected the end of the attribute after 'a', found 'b'"),
        ("a.b.c", "attribute position 1: expected an attribute, found 'a.b.c'"),
        (
            "emails[type pr]",
            "attribute position 7: expected the end of the attribute after 'emails', found '['",
        ),
        ('"a"', "attribute position 1: expected an attribute, found a quoted string"),
        ("[", "attribute position 1: expected an attribute, found '['"),
        ("-id", "attribute position 1: expected an attribute, found '-id'"),
    ],
)
def test_an_invalid_attribute_name_is_refused(text: str, detail: str) -> None:
    with pytest.raises(InvalidPath) as refusal:
        parse_attribute(text)
    assert refusal.value.detail == detail


@given(filters)
def test_a_filter_written_and_read_is_the_same_filter(tree: Filter) -> None:
    parsed = parse_filter(str(tree))
    assert written(parsed.filter) == written(tree)
    assert parsed.filter == tree
    assert parsed.tolerances == frozenset()


@given(patch_paths)
def test_a_patch_path_written_and_read_is_the_same_path(path: PatchPath) -> None:
    assert parse_path(str(path)) == path


@pytest.mark.parametrize("value", ["1", '"x"'])
@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("a eq {} or b eq {}", FilterLimits(terms=1)),
        ("((a eq {}))", FilterLimits(depth=1)),
        ("(a[b eq {}])", FilterLimits(depth=1)),
    ],
)
def test_limits_hold_with_strings_and_without(text: str, limits: FilterLimits, value: str) -> None:
    filter_ = text.replace("{}", value)
    assert parse_filter(filter_).filter
    with pytest.raises(InvalidFilter):
        parse_filter(filter_, limits)
    if "[" not in text:
        assert parse_path(f"c[{filter_}]").filter
        with pytest.raises(InvalidPath):
            parse_path(f"c[{filter_}]", limits)


@given(attribute_paths)
def test_an_attribute_path_written_and_read_is_the_same_path(path: AttributePath) -> None:
    assert parse_attribute(str(path)) == path


@given(filter_like_texts)
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(InvalidFilter):
        parse_filter(text)
    with contextlib.suppress(InvalidPath):
        parse_path(text)
    with contextlib.suppress(InvalidPath):
        parse_attribute(text)


def test_antlr_is_not_loaded_before_a_filter_is_read() -> None:
    program = (
        "import sys\n"
        "from scim.filter.parsing.parse import parse_attribute, parse_path\n"
        "parse_attribute('userName'), parse_path('name.givenName')\n"
        "sys.exit('antlr4' in sys.modules)\n"
    )
    path = [*sys.path]
    code = f"import sys; sys.path[:] = {path!r}\n{program}"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_short_path_without_a_filter_is_read_once() -> None:
    known = known_path("name.givenName")
    assert known is known_path("name.givenName")
    assert known == parse_path("name.givenName")
    assert known_path("name.GivenName").text == "name.GivenName"
    for text in ('emails[type eq "work"]', "a" * SHORT_TEXT + "b"):
        assert known_path(text) == parse_path(text)
        assert known_path(text) is not known_path(text)


def test_a_path_that_cannot_be_read_is_refused_each_time() -> None:
    for _ in range(2):
        with pytest.raises(InvalidPath):
            known_path("no path")
