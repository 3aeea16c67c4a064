"""Shapes that identity providers send, which are parsed when the layer is built."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from scim.compiled import compiled
from scim.filter.parsing.tokens import OPERATORS, VALUE, attribute_path_of
from scim.filter.parsing.tree import (
    And,
    AttributePath,
    Comparison,
    Filter,
    Not,
    Or,
    PatchPath,
    Present,
    ValuePath,
)


class _Shipped(NamedTuple):
    filters: Mapping[str, Any]
    paths: Mapping[str, Any]


@cache
def _shipped() -> _Shipped:
    shapes = compiled("shapes")
    return _Shipped({}, {}) if shapes is None else _Shipped(**shapes)


def shipped_filter(shape: str) -> Filter | None:
    """Return the filter of a shape that the layer was built with, else None; a plain checkout has none."""
    rows = _shipped().filters.get(shape)
    return None if rows is None else _tree(rows)


def shipped_path(shape: str) -> PatchPath | None:
    """Return the PATCH path of a shape that the layer was built with, else None."""
    rows = _shipped().paths.get(shape)
    if rows is None:
        return None
    path, inner, sub = rows
    return PatchPath(_path(path), None if inner is None else _tree(inner), sub)


def rows_of_path(path: PatchPath) -> list[Any]:
    """Return a PATCH path as plain data, from which `shipped_path` rebuilds it."""
    return [str(path.path), None if path.filter is None else rows_of(path.filter), path.sub]


def rows_of(tree: Filter) -> list[Any]:
    """Return a filter, without its values, as plain data, from which `shipped_filter` rebuilds it."""
    match tree:
        case Comparison():
            return [tree.operator.value, str(tree.path)]
        case Present():
            return ["pr", str(tree.path)]
        case And():
            return ["and", *map(rows_of, tree.terms)]
        case Or():
            return ["or", *map(rows_of, tree.terms)]
        case Not():
            return ["not", rows_of(tree.term)]
        case ValuePath():
            return ["[]", str(tree.path), rows_of(tree.filter)]


def _tree(rows: Any) -> Filter:
    kind, *parts = rows
    match kind:
        case "and":
            return And(tuple(map(_tree, parts)))
        case "or":
            return Or(tuple(map(_tree, parts)))
        case "not":
            return Not(_tree(parts[0]))
        case "[]":
            return ValuePath(_path(parts[0]), _tree(parts[1]))
        case "pr":
            return Present(_path(parts[0]))
        case operator:
            return Comparison(_path(parts[0]), OPERATORS[operator], VALUE)


def _path(text: str) -> AttributePath:
    path = attribute_path_of(text)
    if path is None:
        raise ValueError(text)
    return path
