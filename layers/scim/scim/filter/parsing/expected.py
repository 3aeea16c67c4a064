"""What the grammar expected at a position, so that an error says what to change, not only where."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from scim.filter.parsing.tokens import LITERALS, Fault, FilterToken, TokenKind

_CLOSING_OF: Final = {TokenKind.LPAREN: TokenKind.RPAREN, TokenKind.LBRACKET: TokenKind.RBRACKET}
_LONGEST_ECHO: Final = 24


class Whole(StrEnum):
    """The kind of text that is parsed; the value names its end in messages."""

    FILTER = "the end of the filter"
    PATH = "the end of the path"
    ATTRIBUTE = "the end of the attribute"


def misplacement(tokens: Sequence[FilterToken], index: int, whole: Whole, length: int) -> Fault:
    """Return the fault for the token at an index; one past the last means the end of a text of `length`."""
    expected = _expected(tokens[:index], whole)
    if index < len(tokens):
        return Fault(tokens[index].position, f"expected {expected}, found {_shown(tokens[index])}")
    return Fault(length + 1, f"expected {expected}, found {whole}")


def _expected(before: Sequence[FilterToken], whole: Whole) -> str:
    if not before:
        return "an attribute"
    last = before[-1]
    if last.kind in LITERALS and len(before) > 1 and before[-2].kind is TokenKind.OPERATOR:
        return f"{_continuation(before, whole)} after the value"
    match last.kind:
        case TokenKind.OPERATOR:
            wanted = "a value"
        case TokenKind.NOT:
            wanted = "'('"
        case TokenKind.PRESENT | TokenKind.RPAREN:
            wanted = _continuation(before, whole)
        case TokenKind.RBRACKET if whole is Whole.PATH:
            wanted = f"a sub-attribute such as .value, or {whole}"
        case TokenKind.RBRACKET:
            wanted = _continuation(before, whole)
        case TokenKind.WORD:
            wanted = _after_attribute(before, whole)
        case _:
            wanted = "an attribute"
    return f"{wanted} after {_shown(last)}"


def _after_attribute(before: Sequence[FilterToken], whole: Whole) -> str:
    if whole is Whole.FILTER or _innermost(before) is not None:
        return "an operator such as eq"
    if whole is Whole.PATH and len(before) == 1:
        return f"'[' or {whole}"
    return str(whole)


def _continuation(before: Sequence[FilterToken], whole: Whole) -> str:
    closing = _innermost(before)
    return f"'and', 'or' or {whole}" if closing is None else f"'and', 'or' or '{closing}'"


def _innermost(before: Sequence[FilterToken]) -> TokenKind | None:
    """Return the token that closes the innermost open bracket, None if no bracket is open."""
    closings: list[TokenKind] = []
    for token in before:
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
