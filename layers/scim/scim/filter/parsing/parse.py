"""Parses filters, PATCH paths and attribute names to trees; errors name the position."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final, NamedTuple

from scim.errors import InvalidFilter, InvalidPath
from scim.filter.parsing.expected import TextKind, misplacement
from scim.filter.parsing.known import (
    CLOSING,
    OPENING,
    TERMS,
    UnquotedError,
    quoted_filter,
    quoted_path,
    strings_in,
    undotted_words,
)
from scim.filter.parsing.limits import FilterLimits
from scim.filter.parsing.template import filled, filter_template, path_template, shape_of
from scim.filter.parsing.tokens import (
    Fault,
    FilterToken,
    Misplaced,
    attribute_path_of,
    half_pair_in,
    is_unescaped,
    is_unquoted,
    literal_of,
    tokens_of,
    with_one_value,
)
from scim.filter.parsing.tree import AttributePath, Filter, PatchPath
from scim.profile import Tolerance

DEFAULT: Final = FilterLimits()
SHORT_TEXT: Final = 200
"""The most characters of a path that is cached."""


def terms_among(tokens: Iterable[FilterToken]) -> int:
    """Return the number of comparisons in a text, counted without a parser."""
    return sum(token.kind in TERMS for token in tokens)


def bounded_tokens(text: str, limits: FilterLimits) -> tuple[FilterToken, ...]:
    """Return the tokens of a text. Raises Fault when the text exceeds the limits."""
    if len(text) > limits.length:
        raise Fault(limits.length + 1, f"the text is longer than {limits.length} characters")
    if (half_pair := half_pair_in(text)) is not None:
        raise Fault(half_pair + 1, "the text holds half of a surrogate pair")
    tokens = tuple(tokens_of(text))
    if len(tokens) <= min(limits.terms, limits.depth):
        return tokens
    terms = depth = 0
    for token in tokens:
        terms += token.kind in TERMS
        depth += (token.kind in OPENING) - (token.kind in CLOSING)
        if terms > limits.terms:
            raise Fault(token.position, f"there are more than {limits.terms} comparisons")
        if depth > limits.depth:
            raise Fault(token.position, f"brackets are nested deeper than {limits.depth} levels")
    return tokens


class Parsed(NamedTuple):
    """A filter, and the tolerances that it needs beyond the RFC's grammar; a profile may not allow them."""

    filter: Filter
    tolerances: frozenset[Tolerance]


def parse_filter(text: str, limits: FilterLimits = DEFAULT) -> Parsed:
    """Parse a filter (RFC 7644 section 3.4.2.2). Raises InvalidFilter."""
    if '"' in text and len(text) <= limits.length and (split_text := strings_in(text)):
        strings, around = split_text
        try:
            quoted = quoted_filter(around)
        except UnquotedError:
            pass  # the parser below says what is wrong, and where
        else:
            if quoted.terms <= limits.terms and quoted.depth <= limits.depth:
                return Parsed(quoted.fill(strings), quoted.tolerances)
    try:
        tokens = bounded_tokens(text, limits)
        plain_tokens = undotted_words(tokens) if ":" in text else tokens
        parsed = _filter_of(with_one_value(plain_tokens, text), len(text))
    except Fault as fault:
        raise InvalidFilter(f"filter {fault}") from fault
    if plain_tokens == tokens:
        return parsed
    return parsed._replace(tolerances=parsed.tolerances | {Tolerance.DOTTED_URN})


def parse_path(text: str, limits: FilterLimits = DEFAULT) -> PatchPath:
    """Parse the path of a PATCH operation (RFC 7644 section 3.5.2). Raises InvalidPath."""
    if '"' in text and len(text) <= limits.length and (split_text := strings_in(text)):
        strings, around = split_text
        try:
            quoted = quoted_path(around)
        except UnquotedError:
            pass
        else:
            if quoted.terms <= limits.terms and quoted.depth <= limits.depth:
                filter_ = quoted.fill(strings)
                return PatchPath(quoted.path.path, filter_, quoted.path.sub, text)
    try:
        return _path_of(bounded_tokens(text, limits), text)
    except Fault as fault:
        raise InvalidPath(f"path {fault}") from fault


def known_path(text: str) -> PatchPath:
    """Parse a path as `parse_path` does, with a cache for short paths without a filter.

    Most paths are a word or two, and the same in all requests.
    """
    return parse_path(text) if len(text) > SHORT_TEXT or "[" in text else _short_path(text)


@lru_cache(maxsize=1024)
def _short_path(text: str) -> PatchPath:
    return parse_path(text)


def parse_attribute(text: str) -> AttributePath:
    """Parse one attribute name, as in `attributes` and `sortBy`. Raises InvalidPath."""
    try:
        return _attribute_of(bounded_tokens(text, DEFAULT), len(text))
    except Fault as fault:
        raise InvalidPath(f"attribute {fault}") from fault


def _filter_of(tokens: Sequence[FilterToken], length: int) -> Parsed:
    shape = shape_of(tokens)
    try:
        template = filter_template(shape.text)
    except Misplaced as error:
        raise misplacement(tokens, error.index, TextKind.FILTER, length) from error
    values = [literal_of(token) for token in shape.values]
    return Parsed(filled(template, iter(values)), _tolerances(shape.values))


def _path_of(tokens: Sequence[FilterToken], text: str) -> PatchPath:
    # Most paths are one word, which needs no parser.
    if len(tokens) == 1 and (attribute := attribute_path_of(tokens[0].text)):
        return PatchPath(attribute, text=text)
    shape = shape_of(tokens)
    try:
        template = path_template(shape.text)
    except Misplaced as error:
        raise misplacement(tokens, error.index, TextKind.PATH, len(text)) from error
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
    raise misplacement(tokens, 1 if path else 0, TextKind.ATTRIBUTE, length)


def _tolerances(values: Sequence[FilterToken]) -> frozenset[Tolerance]:
    return frozenset(name for name, needs in _NEEDS.items() if any(map(needs, values)))


_NEEDS: Final = {
    Tolerance.UNQUOTED_LITERAL: is_unquoted,
    Tolerance.UNESCAPED_BACKSLASH: is_unescaped,
}
