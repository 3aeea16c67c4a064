"""The tokens of a filter, split by one regular expression: enough to check limits without a parser."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Final, NamedTuple

from scim.filter.parsing.tree import AttributePath, Literal, Operator


class Fault(Exception):
    """A text that cannot be read; positions count characters from 1."""

    def __init__(self, position: int, reason: str) -> None:
        super().__init__(f"position {position}: {reason}")


class Misplaced(Exception):
    """A token, by its index, that the grammar does not allow; one past the last is the end of the text."""

    def __init__(self, index: int) -> None:
        super().__init__(index)
        self.index = index


class TokenKind(StrEnum):
    WORD = "word"
    STRING = "string"
    QUOTED = "quoted"
    CONSTANT = "constant"
    OPERATOR = "operator"
    PRESENT = "pr"
    AND = "and"
    OR = "or"
    NOT = "not"
    LPAREN = "("
    RPAREN = ")"
    LBRACKET = "["
    RBRACKET = "]"
    ILLEGAL = "illegal"


class FilterToken(NamedTuple):
    kind: TokenKind
    text: str
    position: int


LITERALS: Final = frozenset(
    {TokenKind.WORD, TokenKind.STRING, TokenKind.QUOTED, TokenKind.CONSTANT}
)

# Splits as the lexer of grammar/ScimFilter.g4 does, where the longest match wins: text between
# apostrophes is one token unless it only begins a longer run of word characters.
_TOKEN = re.compile(
    r"""
    [ \t]*+ (?:
      (?P<string> "
        [^"\\\x00-\x1f]* (?: \\ [^\x00-\x1f] [^"\\\x00-\x1f]* )*
      " )
    | (?P<quoted> '
        (?: [^'"()\[\]\x00-\x20\x7f]* ' (?! [^ "()\[\]\x00-\x1f\x7f] )
          | (?= [^'\x00-\x1f\x7f]* [ "()\[\]] ) [^'\x00-\x1f\x7f]* ' )
      )
    | (?P<word> [^ "()\[\]\x00-\x1f\x7f]+ )
    | (?P<mark> [()\[\]] )
    | (?P<illegal> . )
    )
    """,
    re.VERBOSE | re.DOTALL,
)
_MARKS: Final = {
    mark.value: mark
    for mark in (TokenKind.LPAREN, TokenKind.RPAREN, TokenKind.LBRACKET, TokenKind.RBRACKET)
}
_WORD: Final = _TOKEN.groupindex["word"]
_KINDS: Final = {
    _TOKEN.groupindex["string"]: TokenKind.STRING,
    _TOKEN.groupindex["quoted"]: TokenKind.QUOTED,
    _TOKEN.groupindex["illegal"]: TokenKind.ILLEGAL,
    _TOKEN.groupindex["mark"]: None,
}
_CONSTANTS: Final[dict[str, bool | None]] = {"true": True, "false": False, "null": None}
FIXED_WORDS: Final = ("and", "or", "not", "pr", *_CONSTANTS, *_MARKS)
"""The words of the grammar that are neither names nor operators, in lower case."""
VALUE: Final = "?"
"""Stands for a value in a shape: a bare word of the grammar that no filter contains elsewhere."""
MISPLACED: Final = "\0"
"""Stands for an invalid token in a shape; it keeps the position, so that the parser stops there."""
OPERATORS: Final = {operator.value: operator for operator in Operator}
_KEYWORDS: Final[dict[str, TokenKind]] = (
    {word.value: word for word in (TokenKind.AND, TokenKind.OR, TokenKind.NOT, TokenKind.PRESENT)}
    | dict.fromkeys(OPERATORS, TokenKind.OPERATOR)
    | dict.fromkeys(_CONSTANTS, TokenKind.CONSTANT)
)

_NAME = r"\$?[A-Za-z][A-Za-z0-9_$-]*"
_SCHEME = r"[A-Za-z][A-Za-z0-9+.-]*"
_URI_END = r"A-Za-z0-9._~/?\#@!$&'*+,;=%-"
_PATH = re.compile(
    rf"(?:(?P<uri>{_SCHEME}:[:{_URI_END}]+):)?(?P<name>{_NAME})(?:\.(?P<sub>{_NAME}))?"
)
_URI = re.compile(rf"(?P<uri>{_SCHEME}(?::[{_URI_END}]*)*):(?P<name>[{_URI_END}]+)")
_DOTTED = re.compile(rf"(?P<uri>{_SCHEME}:[:{_URI_END}]+:{_NAME})\.(?P<rest>{_NAME}\.{_NAME})")
_SUB_ATTRIBUTE = re.compile(rf"\.{_NAME}")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")

_ESCAPE = re.compile(r"\\(?:[\"\\/bfnrt]|u[0-9A-Fa-f]{4})|(?P<alone>\\)")
_SURROGATE = re.compile(r"[\ud800-\udfff]")

# The attribute's type checks the range of a number. These limits only exclude numbers that make
# arithmetic slow: int(Decimal("1e999999999")) takes all memory, and Python refuses to write integers
# of more than 4,300 digits.
_LONGEST_NUMBER = 64
_LARGEST_EXPONENT = 4000
_LONGEST_EXPONENT = 5


def tokens_of(text: str) -> Iterator[FilterToken]:
    """Yield the tokens of a text, without blanks, up to the first character that begins no token.

    That character is the last token, and is ILLEGAL. No text with it is valid, and to split the rest could
    take time that grows with the square of its length: behind a string that is not closed, each escaped
    quotation mark begins another one.
    """
    kind_of, word = _KEYWORDS.get, TokenKind.WORD
    for match in _TOKEN.finditer(text.rstrip(" \t")):
        group = match.lastindex or 0
        token_text = match[group]
        kind = (
            kind_of(token_text.lower(), word)
            if group == _WORD
            else _KINDS[group] or _MARKS[token_text]
        )
        yield FilterToken(kind, token_text, match.start(group) + 1)
        if kind is TokenKind.ILLEGAL:
            return


def attribute_path_of(text: str) -> AttributePath | None:
    """Return the path that a word spells, or None. A bare URN is a path whose name is its last segment."""
    return path_of(text) or urn_of(text)


def path_of(text: str) -> AttributePath | None:
    """Return the path that a word spells, or None."""
    match = _PATH.fullmatch(text)
    return None if match is None else AttributePath(*match.groups())


def urn_of(text: str) -> AttributePath | None:
    """Return the path of a bare URN, whose name is its last segment; None for any other word."""
    match = _URI.fullmatch(text)
    return None if match is None else AttributePath(*match.groups())


def is_sub_attribute(text: str) -> bool:
    """Return whether a word is a dot and a name, as after a value filter."""
    return _SUB_ATTRIBUTE.fullmatch(text) is not None


def is_number(text: str) -> bool:
    """Return whether a word is a JSON number."""
    return _NUMBER.fullmatch(text) is not None


def undotted(token: FilterToken) -> FilterToken:
    """Return `urn:…:User.manager.value` with a colon after the URN, any other token unchanged.

    Attributes have one level of sub-attributes, so the first of two dots stands for a colon.
    """
    match = _DOTTED.fullmatch(token.text) if token.kind is TokenKind.WORD else None
    return token if match is None else token._replace(text=f"{match['uri']}:{match['rest']}")


def literal_of(token: FilterToken) -> Literal:
    """Return the value of a token; a word of no other kind is a string without quotation marks."""
    if token.kind is TokenKind.STRING:
        return _string_of(token)
    if token.kind is TokenKind.QUOTED:
        return token.text[1:-1]
    if token.kind is TokenKind.CONSTANT:
        return _CONSTANTS[token.text.lower()]
    if _is_enclosed(token.text):
        # Who writes apostrophes around a value escapes those in it as in SQL, in code, or not at all.
        return token.text[1:-1].replace("\\'", "'").replace("''", "'")
    return _number_of(token) if _NUMBER.fullmatch(token.text) else token.text


def _is_enclosed(text: str) -> bool:
    """Return whether the text has an apostrophe at either end: `'O'Brien'`."""
    return len(text) > 1 and text[0] == text[-1] == "'"


def is_unquoted(token: FilterToken) -> bool:
    """Return whether a literal lacks quotation marks or has apostrophes instead.

    RFC 7644 section 3.4.2.2 allows neither.
    """
    if token.kind is TokenKind.QUOTED:
        return True
    return token.kind is TokenKind.WORD and not _NUMBER.fullmatch(token.text)


def is_unescaped(token: FilterToken) -> bool:
    """Return whether a quoted string has a backslash that begins no escape of JSON: `"DOMAIN\\kim"`."""
    if token.kind is not TokenKind.STRING or "\\" not in token.text:
        return False
    return any(escape["alone"] for escape in _ESCAPE.finditer(token.text))


def with_one_value(tokens: Sequence[FilterToken], text: str) -> Sequence[FilterToken]:
    """Return the tokens with the words after a lone operator as one: `displayName eq All Users`.

    Clients that omit the quotation marks omit them for names with blanks and parentheses too (WSO2's,
    Databricks'), and clients that write apostrophes instead do not escape those in a name: `'Ann's team'`.
    """
    if len(tokens) < 4 or tokens[0].kind is not TokenKind.WORD:
        return tokens
    operator, first_word = tokens[1], tokens[2]
    if operator.text.lower() not in _OF_TEXTS:
        return tokens
    value = text[first_word.position - 1 :].rstrip(" \t")
    kinds = {token.kind for token in tokens[2:]}
    if _is_enclosed(value):
        is_one = kinds <= _BARE | {TokenKind.QUOTED}
    else:
        is_begun = first_word.kind in _BARE and not first_word.text.startswith("'")
        is_one = is_begun and kinds <= _BARE | _PAIR and _is_paired(tokens)
    return (
        [*tokens[:2], FilterToken(TokenKind.WORD, value, first_word.position)] if is_one else tokens
    )


_BARE: Final = frozenset({TokenKind.WORD, TokenKind.CONSTANT})
_PAIR: Final = frozenset({TokenKind.LPAREN, TokenKind.RPAREN})
_OF_TEXTS: Final = frozenset({Operator.EQ, Operator.NE, Operator.CO, Operator.SW, Operator.EW})


def _is_paired(tokens: Iterable[FilterToken]) -> bool:
    """Return whether each parenthesis has its other: `Sales (EMEA)`."""
    depth = 0
    for token in tokens:
        depth += (token.kind is TokenKind.LPAREN) - (token.kind is TokenKind.RPAREN)
        if depth < 0:
            return False
    return depth == 0


def half_pair_in(text: str) -> int | None:
    """Return the index of a lone half of a surrogate pair, which JSON and stores treat differently, or None."""
    match = None if text.isascii() else _SURROGATE.search(text)
    return None if match is None else match.start()


def _string_of(token: FilterToken) -> str:
    if "\\" not in token.text:
        value = token.text[1:-1]
    elif is_unescaped(token):
        # Who leaves one backslash as it is escapes none, only the quotation marks.
        value = token.text[1:-1].replace('\\"', '"')
    else:
        value = str(json.loads(token.text))
    if half_pair_in(value) is not None:
        raise Fault(token.position, "the string holds half of a surrogate pair")
    return value


def _number_of(token: FilterToken) -> int | Decimal:
    if len(token.text) > _LONGEST_NUMBER:
        raise Fault(token.position, f"the number has more than {_LONGEST_NUMBER} characters")
    if token.text.removeprefix("-").isdecimal():
        return int(token.text)
    exponent = token.text.lower().partition("e")[2]
    if (
        len(exponent) > _LONGEST_EXPONENT
        or abs((value := Decimal(token.text)).adjusted()) > _LARGEST_EXPONENT
    ):
        raise Fault(
            token.position,
            f"the number is not between 1e-{_LARGEST_EXPONENT} and 1e{_LARGEST_EXPONENT}",
        )
    return value
