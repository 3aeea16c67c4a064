"""Filter trees for tests: how case tables write them, and strategies that make any of them."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from scim.filter.parsing.tree import (
    And,
    AttributePath,
    Comparison,
    Filter,
    Literal,
    Not,
    Operator,
    Or,
    PatchPath,
    Present,
    ValuePath,
    conjunction_of,
    disjunction_of,
)


def cases(name: str) -> list[Any]:
    """The rows of a table beside this file, each a test parameter with its id."""
    rows = json.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))
    assert len({row["id"] for row in rows}) == len(rows)
    return [pytest.param(row, id=row["id"]) for row in rows]


def written(tree: Filter | None) -> str:
    """A tree as the tables write it, in one line of JSON: unlike Python, JSON does not hold true equal to 1."""
    return json.dumps(tree and _rows(tree))


def _rows(tree: Filter) -> list[Any]:
    match tree:
        case Comparison():
            value = {"decimal": str(tree.value)} if isinstance(tree.value, Decimal) else tree.value
            return [tree.operator.value, str(tree.path), value]
        case Present():
            return ["pr", str(tree.path)]
        case And():
            return ["and", *map(_rows, tree.terms)]
        case Or():
            return ["or", *map(_rows, tree.terms)]
        case Not():
            return ["not", _rows(tree.term)]
        case ValuePath():
            return ["values", str(tree.path), _rows(tree.filter)]


KEYWORDS = frozenset(
    [
        "and",
        "or",
        "not",
        "pr",
        "eq",
        "ne",
        "co",
        "sw",
        "ew",
        "gt",
        "ge",
        "lt",
        "le",
        "true",
        "false",
        "null",
    ]
)

names = st.from_regex(r"\$?[A-Za-z][A-Za-z0-9_$-]{0,6}", fullmatch=True).filter(
    lambda s: s.lower() not in KEYWORDS
)
attribute_paths = st.builds(
    AttributePath,
    uri=st.none()
    | st.from_regex(r"[a-z][a-z0-9+.-]{0,3}:[A-Za-z0-9:._~/?#@!$&'*+,;=%-]{1,12}", fullmatch=True),
    name=names,
    sub=st.none() | names,
)
plain_strings = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
literals: st.SearchStrategy[Literal] = st.one_of(
    plain_strings,
    st.booleans(),
    st.none(),
    st.integers(-(10**20), 10**20),
    st.decimals(min_value=-(10**9), max_value=10**9, places=2),
)
conditions: st.SearchStrategy[Filter] = st.one_of(
    st.builds(Comparison, attribute_paths, st.sampled_from(Operator), literals),
    st.builds(Present, attribute_paths),
)


def _combined(terms: st.SearchStrategy[Filter]) -> st.SearchStrategy[Filter]:
    several = st.lists(terms, min_size=1, max_size=4)
    return st.one_of(several.map(conjunction_of), several.map(disjunction_of), terms.map(Not))


value_filters = st.recursive(conditions, _combined, max_leaves=6)
filters = st.recursive(
    conditions | st.builds(ValuePath, attribute_paths, value_filters), _combined, max_leaves=10
)
patch_paths = st.one_of(
    st.builds(PatchPath, attribute_paths),
    st.builds(PatchPath, attribute_paths, value_filters, st.none() | names),
)

# Text that looks like filters, mostly wrong ones.
_fragments = st.sampled_from(
    [
        *sorted(KEYWORDS),
        *["(", ")", "[", "]", ".", ":", ",", "?", '"', "'", "'a b'", "\\", "\x00", "\n"],
        *('""', '"x"', '"\\u0041"', '"a\\"b"', '"\\x"', '"\\ud800"', "EQ", "Not", "TRUE"),
        *(
            "userName",
            "a.b",
            ".value",
            "emails",
            "urn:a:2.0:User:x.y",
            "urn:a:2.0",
            "a.b.c",
            "$ref",
            "9",
            "-1.5e3",
            "007",
        ),
        *("1e999", "é", "K", "ſ", "x@y", "a:", "a:b", "a::b", "\x7f", "\x85", "\u00a0"),
    ]
)
filter_like_texts = st.one_of(
    st.lists(
        st.tuples(_fragments, st.sampled_from(["", " ", " ", "\t"])).map("".join), max_size=14
    ).map("".join),
    st.text(max_size=20),
    filters.map(str),
)
