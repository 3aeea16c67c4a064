"""Filters, PATCH paths and attribute names from text to tree, or refused with a position."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from scim.errors import InvalidFilter, InvalidPath
from scim.filter.parsing.expected import Whole, misplacement
from scim.filter.parsing.tokens import (
    LITERALS,
    Fault,
    FilterToken,
    Misplaced,
    TokenKind,
    attribute_path_of,
    half_pair_in,
    is_unquoted,
    literal_of,
    tokens_of,
    undotted,
)
from scim.filter.parsing.tree import (
    And,
    AttributePath,
    Comparison,
    Filter,
    Literal,
    Not,
    Or,
    PatchPath,
    Present,
    ValuePath,
)
from scim.profile import Tolerance

# Each level of brackets takes six frames of the thousand that Python allows: no setting brings the
# parser near the end of them.
DEEPEST: Final = 32

_TERMS = frozenset({TokenKind.OPERATOR, TokenKind.PRESENT})
_OPENING = frozenset({TokenKind.LPAREN, TokenKind.LBRACKET})
_CLOSING = frozenset({TokenKind.RPAREN, TokenKind.RBRACKET})


@dataclass(frozen=True, slots=True)
class FilterLimits:
    """Bounds on one filter or path: characters, comparisons (`pr` is one), brackets open at a time."""

    length: int = 4096
    terms: int = 100
    depth: int = 20

    def __post_init__(self) -> None:
        if min(self.length, self.terms, self.depth) < 1:
            raise ValueError("filter limits start at 1")
        if self.depth > DEEPEST:
            raise ValueError(
                f"a filter depth of {self.depth} is too much for the parser; at most {DEEPEST}"
            )


DEFAULT: Final = FilterLimits()


def terms_among(tokens: Iterable[FilterToken]) -> int:
    """How many comparisons a text has, counted without a parser."""
    return sum(token.kind in _TERMS for token in tokens)


def bounded_tokens(text: str, limits: FilterLimits) -> tuple[FilterToken, ...]:
    """The tokens of a text that is within the limits; Fault when it is not."""
    if len(text) > limits.length:
        raise Fault(limits.length + 1, f"the text is longer than {limits.length} characters")
    if (half := half_pair_in(text)) is not None:
        raise Fault(half + 1, "the text holds half of a surrogate pair")
    tokens: list[FilterToken] = []
    terms = depth = 0
    for token in tokens_of(text):
        terms += token.kind in _TERMS
        depth += (token.kind in _OPENING) - (token.kind in _CLOSING)
        if terms > limits.terms:
            raise Fault(token.position, f"there are more than {limits.terms} comparisons")
        if depth > limits.depth:
            raise Fault(token.position, f"brackets are nested deeper than {limits.depth} levels")
        tokens.append(token)
    return tuple(tokens)


# A few dozen shapes are what one tenant's clients send; the largest possible keeps about 30 KB.
SHAPES: Final = 256

# A bare word to the grammar, for where a value stands; nowhere else is it a part of any filter.
_VALUE = "?"
# For a token that fits nowhere: it keeps the place, so that the parser stops at the right one.
_MISPLACED = "\0"
_UNFIT = frozenset({TokenKind.STRING, TokenKind.ILLEGAL})


@dataclass(frozen=True, slots=True)
class FilterTemplate:
    """A text with its values taken out, token for token, and those values in their order."""

    text: str
    values: tuple[FilterToken, ...]


def shape_of(tokens: Sequence[FilterToken]) -> FilterTemplate:
    """Take the values out of a text: they are what follows an operator."""
    words: list[str] = []
    values: list[FilterToken] = []
    after_operator = False
    for token in tokens:
        if after_operator and token.kind in LITERALS:
            values.append(token)
            words.append(_VALUE)
        elif token.kind in _UNFIT or not token.text.isascii():
            words.append(_MISPLACED)
        else:
            words.append(token.text)
        after_operator = token.kind is TokenKind.OPERATOR
    return FilterTemplate(" ".join(words), tuple(values))


@lru_cache(maxsize=SHAPES)
def filter_template(shape: str) -> Filter:
    """The filter a shape stands for, its values still missing."""
    # Imported here because ANTLR is slow to import, and most requests need no parser.
    from scim.filter.parsing import antlr  # noqa: PLC0415 - heavy

    return antlr.filter_syntax(shape)


@lru_cache(maxsize=SHAPES)
def path_template(shape: str) -> PatchPath:
    """The PATCH path a shape stands for, its values still missing."""
    from scim.filter.parsing import antlr  # noqa: PLC0415 - heavy, as above

    return antlr.path_syntax(shape)


def filled(template: Filter, values: Iterator[Literal]) -> Filter:
    """The tree of a template with values in it, taken in the order in which the text has them."""
    match template:
        case Comparison():
            return Comparison(template.path, template.operator, next(values))
        case Present():
            return template
        case And():
            return And(tuple(filled(term, values) for term in template.terms))
        case Or():
            return Or(tuple(filled(term, values) for term in template.terms))
        case Not():
            return Not(filled(template.term, values))
        case ValuePath():
            return ValuePath(template.path, filled(template.filter, values))


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
