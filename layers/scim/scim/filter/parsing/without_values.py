"""The text of a client's filter without its values, so that it can be kept: they can be personal data."""

from collections.abc import Callable
from typing import Final

from scim.filter.parsing.tokens import TokenKind, attribute_path_of, tokens_of

_BEFORE_NAMES: Final = frozenset(
    {
        *(None, TokenKind.AND, TokenKind.OR, TokenKind.NOT),
        *(TokenKind.LPAREN, TokenKind.LBRACKET, TokenKind.RBRACKET),
    }
)
_AFTER_NAMES: Final = frozenset({TokenKind.OPERATOR, TokenKind.PRESENT, TokenKind.LBRACKET})
_TEXTS: Final = frozenset({TokenKind.WORD, TokenKind.STRING, TokenKind.QUOTED, TokenKind.ILLEGAL})
_KEYWORDS: Final = frozenset(
    {TokenKind.OPERATOR, TokenKind.PRESENT, TokenKind.AND, TokenKind.OR, TokenKind.NOT}
)


def with_values_replaced(text: str, replacement: Callable[[str], str]) -> str:
    """Return the filter, valid or not, with `replacement` of all but names, operators and constants.

    A word is a name only where the grammar has one, because values can lack quotation marks; so can a value
    that is a keyword, `familyName eq Le`. What follows a character that begins no token is one value.
    """
    tokens = tuple(tokens_of(text))
    kinds_after = (*(kind for kind, _, _ in tokens[1:]), None)
    pieces: list[str] = []
    before, end = None, 0
    for (kind, word, position), after in zip(tokens, kinds_after, strict=False):
        start = position - 1
        pieces.append(text[end:start])
        end = len(text) if kind is TokenKind.ILLEGAL else start + len(word)
        is_name = before in _BEFORE_NAMES and after in _AFTER_NAMES and _is_path(word)
        is_keyword_as_value = before is TokenKind.OPERATOR and kind in _KEYWORDS
        is_value = is_keyword_as_value or (kind in _TEXTS and not is_name)
        pieces.append(replacement(text[start:end].strip("\"'")) if is_value else word)
        before = TokenKind.WORD if is_value else kind
    return "".join(pieces)


def _is_path(word: str) -> bool:
    """Return whether a word names an attribute, or with a dot a part of what is in brackets before it."""
    return attribute_path_of(word.removeprefix(".")) is not None
