"""Filters and paths of a known shape: splits the text at quotation marks and fills the strings in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import count
from typing import Final, NamedTuple

from scim.filter.parsing.limits import DEEPEST
from scim.filter.parsing.template import SHAPES, filter_template, path_template, shape_of
from scim.filter.parsing.tokens import (
    FilterToken,
    Misplaced,
    TokenKind,
    literal_of,
    tokens_of,
    undotted,
)
from scim.filter.parsing.tree import (
    And,
    Comparison,
    Filter,
    Not,
    Or,
    PatchPath,
    Present,
    ValuePath,
)
from scim.profile import Tolerance

TERMS: Final = frozenset({TokenKind.OPERATOR, TokenKind.PRESENT})
OPENING: Final = frozenset({TokenKind.LPAREN, TokenKind.LBRACKET})
CLOSING: Final = frozenset({TokenKind.RPAREN, TokenKind.RBRACKET})

_FIXED: Final = frozenset({TokenKind.STRING, TokenKind.CONSTANT})

Filling = Callable[[Sequence[str]], Filter]
"""Makes a filter from its strings, in the order of the text."""


class UnquotedError(Exception):
    """The text has values that are neither quoted nor constants, nests too deeply, or is invalid."""


class QuotedFilter(NamedTuple):
    """Makes the filters that differ only in their strings; its size and tolerances apply to all of them."""

    fill: Filling
    terms: int
    depth: int
    tolerances: frozenset[Tolerance]


class QuotedPath(NamedTuple):
    """A PATCH path, the function that makes its filter, and the filter's size."""

    path: PatchPath
    fill: Filling
    terms: int
    depth: int


def strings_in(text: str) -> tuple[Sequence[str], str] | None:
    """Return the strings of a text, and the text with one quotation mark in the place of each.

    Returns None if the text has a backslash, a character that cannot be printed, or an odd number of
    quotation marks. Otherwise the text between two quotation marks is one string, unless an apostrophe
    outside makes a quotation mark part of a value, which callers check.
    """
    if "\\" in text or not text.isprintable():
        return None
    parts = text.split('"')
    if len(parts) % 2 == 0:
        return None
    return parts[1::2], '"'.join(parts[::2])


@lru_cache(maxsize=SHAPES)
def quoted_filter(around: str) -> QuotedFilter:
    """Return what makes the filters with this text around their strings. Raises UnquotedError."""
    tokens = _tokens_around(around)
    plain_tokens = undotted_words(tokens) if ":" in around else tokens
    shape = shape_of(plain_tokens)
    try:
        template = filter_template(shape.text)
    except Misplaced as error:
        raise UnquotedError from error
    fill = _filling_of(template, _values(shape.values))
    tolerances = (
        frozenset[Tolerance]() if plain_tokens == tokens else frozenset({Tolerance.DOTTED_URN})
    )
    return QuotedFilter(fill, *_size_of(tokens), tolerances)


@lru_cache(maxsize=SHAPES)
def quoted_path(around: str) -> QuotedPath:
    """Return what makes the PATCH paths with this text around their strings. Raises UnquotedError."""
    tokens = _tokens_around(around)
    shape = shape_of(tokens)
    try:
        path = path_template(shape.text)
    except Misplaced as error:
        raise UnquotedError from error
    if path.filter is None:
        raise UnquotedError
    return QuotedPath(path, _filling_of(path.filter, _values(shape.values)), *_size_of(tokens))


def undotted_words(tokens: Sequence[FilterToken]) -> tuple[FilterToken, ...]:
    """Return the tokens with a colon instead of a dot after each URN; values stay as they are."""
    kinds_before = (None, *(token.kind for token in tokens))
    return tuple(
        token if kind is TokenKind.OPERATOR else undotted(token)
        for kind, token in zip(kinds_before, tokens, strict=False)
    )


def _tokens_around(around: str) -> tuple[FilterToken, ...]:
    if "'" in around:
        raise UnquotedError
    tokens = tuple(tokens_of(around.replace('"', '""')))
    if _size_of(tokens)[1] > DEEPEST:
        raise UnquotedError
    return tokens


def _values(tokens: Sequence[FilterToken]) -> Iterator[FilterToken]:
    if any(token.kind not in _FIXED for token in tokens):
        raise UnquotedError
    return iter(tokens)


def _size_of(tokens: Sequence[FilterToken]) -> tuple[int, int]:
    """Return the number of comparisons, and the largest number of open brackets."""
    terms = depth = deepest = 0
    for kind, _, _ in tokens:
        if kind in TERMS:
            terms += 1
        elif kind in OPENING:
            depth += 1
            deepest = max(deepest, depth)
        elif kind in CLOSING:
            depth -= 1
    return terms, deepest


def _filling_of(template: Filter, values: Iterator[FilterToken]) -> Filling:
    """Return the function that fills strings into a template, whose constants are already filled in."""
    return _filling(template, values, count())


def _filling(template: Filter, values: Iterator[FilterToken], indexes: Iterator[int]) -> Filling:
    match template:
        case Comparison():
            path, operator, value = template.path, template.operator, next(values)
            if value.kind is TokenKind.CONSTANT:
                comparison = Comparison(path, operator, literal_of(value))
                return lambda _: comparison
            index = next(indexes)
            return lambda strings: Comparison(path, operator, strings[index])
        case Present():
            return lambda _: template
        case And():
            return _joined(And, [_filling(term, values, indexes) for term in template.terms])
        case Or():
            return _joined(Or, [_filling(term, values, indexes) for term in template.terms])
        case Not():
            inner = _filling(template.term, values, indexes)
            return lambda strings: Not(inner(strings))
        case ValuePath():
            selected, path = _filling(template.filter, values, indexes), template.path
            return lambda strings: ValuePath(path, selected(strings))


def _joined(node: Callable[[tuple[Filter, ...]], Filter], terms: Sequence[Filling]) -> Filling:
    if len(terms) == 2:  # nearly all have two; a loop would take twice as long
        first, second = terms
        return lambda strings: node((first(strings), second(strings)))
    return lambda strings: node(tuple([fill(strings) for fill in terms]))
