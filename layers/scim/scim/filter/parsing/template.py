"""The shapes of filters and PATCH paths: each is parsed once, and filled with values ever after."""

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

# A few dozen shapes are what one tenant's clients send; the largest possible keeps about 30 KB.
SHAPES: Final = 256

_UNFIT = frozenset({TokenKind.STRING, TokenKind.QUOTED, TokenKind.ILLEGAL})


class FilterTemplate(NamedTuple):
    """A text with its values taken out, token for token, and those values in their order."""

    text: str
    values: tuple[FilterToken, ...]


def shape_of(tokens: Sequence[FilterToken]) -> FilterTemplate:
    """Take the values out of a text: they are what follows an operator."""
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
    """The filter a shape stands for, its values still missing; Misplaced where it is none."""
    if (known := shipped_filter(shape)) is not None:
        return known
    # Imported here because ANTLR is slow to import, and most requests need no parser.
    from scim.filter.parsing import antlr  # noqa: PLC0415 - heavy

    return antlr.filter_of_shape(shape)


@lru_cache(maxsize=SHAPES)
def path_template(shape: str) -> PatchPath:
    """The PATCH path a shape stands for, its values still missing; Misplaced where it is none."""
    if (known := shipped_path(shape)) is not None:
        return known
    from scim.filter.parsing import antlr  # noqa: PLC0415 - heavy, as above

    return antlr.path_of_shape(shape)


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
