"""The shapes of filters and PATCH paths: each is parsed once, and then filled with values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from scim.filter.parsing.shipped import shipped_filter, shipped_path
from scim.filter.parsing.tokens import LITERALS, MISPLACED, VALUE, FilterToken, TokenKind
from scim.filter.parsing.tree import (
    And,
    Comparison,
    Filter,
    Literal,
    Not,
    Or,
    PatchPath,
    Present,
    ValuePath,
)

# One tenant's clients send a few dozen shapes; the largest possible one takes about 30 KB.
SHAPES: Final = 256

_UNFIT = frozenset({TokenKind.STRING, TokenKind.QUOTED, TokenKind.ILLEGAL})


class FilterTemplate(NamedTuple):
    """The tokens of a text with a placeholder for each value, and the values in order."""

    text: str
    values: tuple[FilterToken, ...]


def shape_of(tokens: Sequence[FilterToken]) -> FilterTemplate:
    """Return the shape of a text: the literals after operators are its values."""
    words: list[str] = []
    values: list[FilterToken] = []
    after_operator = False
    for token in tokens:
        kind, text, _ = token
        if after_operator and kind in LITERALS:
            values.append(token)
            words.append(VALUE)
        elif kind in _UNFIT or not text.isascii():
            words.append(MISPLACED)
        else:
            words.append(text)
        after_operator = kind is TokenKind.OPERATOR
    return FilterTemplate(" ".join(words), tuple(values))


@lru_cache(maxsize=SHAPES)
def filter_template(shape: str) -> Filter:
    """Return the filter of a shape, without its values. Raises Misplaced when the shape is not a filter."""
    if (shipped := shipped_filter(shape)) is not None:
        return shipped
    # ANTLR is slow to import, and most requests need no parser.
    from scim.filter.parsing import antlr  # noqa: PLC0415 - heavy

    return antlr.filter_of_shape(shape)


@lru_cache(maxsize=SHAPES)
def path_template(shape: str) -> PatchPath:
    """Return the PATCH path of a shape, without its values. Raises Misplaced when the shape is not a path."""
    if (shipped := shipped_path(shape)) is not None:
        return shipped
    from scim.filter.parsing import antlr  # noqa: PLC0415 - heavy, as above

    return antlr.path_of_shape(shape)


def filled(template: Filter, values: Iterator[Literal]) -> Filter:
    """Return the template's tree with the values filled in, in the order of the text."""
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
