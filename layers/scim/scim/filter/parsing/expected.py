"""What the grammar expected at a position, so that an error says what to change, not only where."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from scim.filter.parsing.tokens import LITERALS, Fault, FilterToken, TokenKind

_CLOSING_OF: Final = {TokenKind.LPAREN: TokenKind.RPAREN, TokenKind.LBRACKET: TokenKind.RBRACKET}
_LONGEST_ECHO: Final = 24


class TextKind(StrEnum):
    """The kind of text that is parsed; the value names its end in messages."""

    FILTER = "the end of the filter"
    PATH = "the end of the path"
    ATTRIBUTE = "the end of the attribute"


def misplacement(
    tokens: Sequence[FilterToken], index: int, text_kind: TextKind, length: int
) -> Fault:
    """Return the fault for the token at an index; one past the last means the end of a text of `length`."""
    expected = _expected(tokens[:index], text_kind)
    if index < len(tokens):
        return Fault(tokens[index].position, f"expected {expected}, found {_shown(tokens[index])}")
    return Fault(length + 1, f"expected {expected}, found {text_kind}")


def _expected(tokens_before: Sequence[FilterToken], text_kind: TextKind) -> str:
    if not tokens_before:
        return "an attribute"
    last_token = tokens_before[-1]
    if (
        last_token.kind in LITERALS
        and len(tokens_before) > 1
        and tokens_before[-2].kind is TokenKind.OPERATOR
    ):
        return f"{_continuation(tokens_before, text_kind)} after the value"
    match last_token.kind:
        case TokenKind.OPERATOR:
            expected = "a value"
        case TokenKind.NOT:
            expected = "'('"
        case TokenKind.PRESENT | TokenKind.RPAREN:
            expected = _continuation(tokens_before, text_kind)
        case TokenKind.RBRACKET if text_kind is TextKind.PATH:
            expected = f"a sub-attribute such as .value, or {text_kind}"
        case TokenKind.RBRACKET:
            expected = _continuation(tokens_before, text_kind)
        case TokenKind.WORD:
            expected = _after_attribute(tokens_before, text_kind)
        case _:
            expected = "an attribute"
    return f"{expected} after {_shown(last_token)}"


def _after_attribute(tokens_before: Sequence[FilterToken], text_kind: TextKind) -> str:
    if text_kind is TextKind.FILTER or _innermost(tokens_before) is not None:
        return "an operator such as eq"
    if text_kind is TextKind.PATH and len(tokens_before) == 1:
        return f"'[' or {text_kind}"
    return str(text_kind)


def _continuation(tokens_before: Sequence[FilterToken], text_kind: TextKind) -> str:
    closing = _innermost(tokens_before)
    return f"'and', 'or' or {text_kind}" if closing is None else f"'and', 'or' or '{closing}'"


def _innermost(tokens_before: Sequence[FilterToken]) -> TokenKind | None:
    """Return the token that closes the innermost open bracket, None if no bracket is open."""
    closings: list[TokenKind] = []
    for token in tokens_before:
        if closing := _CLOSING_OF.get(token.kind):
            closings.append(closing)
        elif closings and token.kind is closings[-1]:
            closings.pop()
    return closings[-1] if closings else None


def _shown(token: FilterToken) -> str:
    """Return a token as messages show it: shortened, and never a quoted string, which can be personal data."""
    if token.kind is TokenKind.STRING:
        return "a quoted string"
    if token.text == '"':
        return "a string that is not closed or has a control character"
    if token.kind is TokenKind.ILLEGAL:
        return f"the character U+{ord(token.text):04X}"
    if len(token.text) > _LONGEST_ECHO:
        return f"'{token.text[:_LONGEST_ECHO]}…'"
    return f"'{token.text}'"
