"""The text of a client's filter without its values, so that it can be kept: they can be personal data."""

from collections.abc import Callable
from typing import Final

from scim.filter.parsing.tokens import TokenKind, tokens_of

_BEFORE_NAMES: Final = frozenset(
    {
        *(None, TokenKind.AND, TokenKind.OR, TokenKind.NOT),
        *(TokenKind.LPAREN, TokenKind.LBRACKET, TokenKind.RBRACKET),
    }
)
_AFTER_NAMES: Final = frozenset({TokenKind.OPERATOR, TokenKind.PRESENT, TokenKind.LBRACKET})
_TEXTS: Final = frozenset({TokenKind.WORD, TokenKind.STRING, TokenKind.QUOTED, TokenKind.ILLEGAL})


def with_values_replaced(text: str, replacement: Callable[[str], str]) -> str:
    """Return the filter, valid or not, with `replacement` of all but names, operators and constants.

    A word is a name only where the grammar has one, because values can lack quotation marks. What follows a
    character that begins no token is one value.
    """
    tokens = tuple(tokens_of(text))
    kinds = (None, *(kind for kind, _, _ in tokens), None)
    pieces: list[str] = []
    end = 0
    for before, (kind, word, position), after in zip(kinds, tokens, kinds[2:], strict=False):
        start = position - 1
        pieces.append(text[end:start])
        end = len(text) if kind is TokenKind.ILLEGAL else start + len(word)
        is_name = kind is TokenKind.WORD and before in _BEFORE_NAMES and after in _AFTER_NAMES
        is_value = kind in _TEXTS and not is_name
        pieces.append(replacement(text[start:end].strip("\"'")) if is_value else word)
    return "".join(pieces)
