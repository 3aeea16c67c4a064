"""The shapes of filters: the text with every value taken out, parsed once and filled in ever after.

Identity providers send one shape with another value all day, and filling in costs a small part of
parsing. A shape holds attribute names and keywords only, so the cache remembers no user's data.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from scim.filter.parsing.tokens import LITERALS, FilterToken, TokenKind
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
