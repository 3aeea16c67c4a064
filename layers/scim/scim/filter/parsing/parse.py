"""Filters, PATCH paths and attribute names from text to tree, or refused with a position."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from scim.errors import InvalidFilter, InvalidPath
from scim.filter.parsing.expected import Whole, misplacement
from scim.filter.parsing.limits import DEFAULT, FilterLimits, bounded_tokens
from scim.filter.parsing.template import filled, filter_template, path_template, shape_of
from scim.filter.parsing.tokens import (
    Fault,
    FilterToken,
    Misplaced,
    TokenKind,
    attribute_path_of,
    is_unquoted,
    literal_of,
    undotted,
)
from scim.filter.parsing.tree import AttributePath, Filter, PatchPath
from scim.profile import Tolerance


@dataclass(frozen=True, slots=True)
class Parsed:
    """A filter, and the tolerances it needs beyond the RFC's grammar, which a profile may not allow."""

    filter: Filter
    tolerances: frozenset[Tolerance] = frozenset()


def parse_filter(text: str, limits: FilterLimits = DEFAULT) -> Parsed:
    """Read a filter, RFC 7644 section 3.4.2.2, or raise InvalidFilter."""
    try:
        tokens = bounded_tokens(text, limits)
        plain = tuple(
            token if before is TokenKind.OPERATOR else undotted(token)
            for before, token in zip((None, *(each.kind for each in tokens)), tokens, strict=False)
        )
        found = _filter_of(plain, len(text))
    except Fault as fault:
        raise InvalidFilter(f"filter {fault}") from fault
    if plain == tokens:
        return found
    return replace(found, tolerances=found.tolerances | {Tolerance.DOTTED_URN})


def parse_path(text: str, limits: FilterLimits = DEFAULT) -> PatchPath:
    """Read the path of a PATCH operation, RFC 7644 section 3.5.2, or raise InvalidPath."""
    try:
        return _path_of(bounded_tokens(text, limits), text)
    except Fault as fault:
        raise InvalidPath(f"path {fault}") from fault


def parse_attribute(text: str) -> AttributePath:
    """Read one attribute name, as in `attributes` and `sortBy`, or raise InvalidPath."""
    try:
        return _attribute_of(bounded_tokens(text, DEFAULT), len(text))
    except Fault as fault:
        raise InvalidPath(f"attribute {fault}") from fault


def _filter_of(tokens: Sequence[FilterToken], length: int) -> Parsed:
    shape = shape_of(tokens)
    try:
        template = filter_template(shape.text)
    except Misplaced as error:
        raise misplacement(tokens, error.index, Whole.FILTER, length) from error
    values = [literal_of(token) for token in shape.values]
    return Parsed(filled(template, iter(values)), _tolerances(shape.values))


def _path_of(tokens: Sequence[FilterToken], text: str) -> PatchPath:
    # Most paths are one word, and one word needs no parser.
    if len(tokens) == 1 and (attribute := attribute_path_of(tokens[0].text)):
        return PatchPath(attribute, text=text)
    shape = shape_of(tokens)
    try:
        template = path_template(shape.text)
    except Misplaced as error:
        raise misplacement(tokens, error.index, Whole.PATH, len(text)) from error
    values = iter([literal_of(token) for token in shape.values])
    return replace(
        template,
        filter=template.filter and filled(template.filter, values),
        text=text,
        tolerances=_tolerances(shape.values),
    )


def _attribute_of(tokens: Sequence[FilterToken], length: int) -> AttributePath:
    path = attribute_path_of(tokens[0].text) if tokens else None
    if path and len(tokens) == 1:
        return path
    raise misplacement(tokens, 1 if path else 0, Whole.ATTRIBUTE, length)


def _tolerances(values: Sequence[FilterToken]) -> frozenset[Tolerance]:
    return frozenset({Tolerance.UNQUOTED_LITERAL}) if any(map(is_unquoted, values)) else frozenset()
