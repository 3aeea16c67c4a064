"""How large a filter may be, checked on its characters and tokens, before a parser sees it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from scim.filter.parsing.tokens import Fault, FilterToken, TokenKind, half_pair_in, tokens_of

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
