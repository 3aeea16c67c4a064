"""Cutting a text into tokens: the same cut as the grammar's own lexer makes."""

from decimal import Decimal

import pytest
from antlr4 import InputStream
from antlr4 import Token as AntlrToken
from hypothesis import given

from scim.filter.parsing._generated.ScimFilterLexer import ScimFilterLexer
from scim.filter.parsing.tokens import (
    Fault,
    FilterToken,
    TokenKind,
    attribute_path_of,
    half_pair_in,
    is_unquoted,
    literal_of,
    tokens_of,
)
from scim.filter.parsing.tree import AttributePath, Literal
from tests.scim.filter.trees import filter_like_texts

# The grammar tells words apart that are one kind here, and has the constants one by one.
GRAMMAR_KINDS = {
    "PATH": TokenKind.WORD,
    "URI": TokenKind.WORD,
    "SUB_ATTRIBUTE": TokenKind.WORD,
    "NUMBER": TokenKind.WORD,
    "WORD": TokenKind.WORD,
    "TRUE": TokenKind.CONSTANT,
    "FALSE": TokenKind.CONSTANT,
    "NULL": TokenKind.CONSTANT,
    "STRING": TokenKind.STRING,
    "QUOTED": TokenKind.QUOTED,
    "OPERATOR": TokenKind.OPERATOR,
    "PR": TokenKind.PRESENT,
    "AND": TokenKind.AND,
    "OR": TokenKind.OR,
    "NOT": TokenKind.NOT,
    "LPAREN": TokenKind.LPAREN,
    "RPAREN": TokenKind.RPAREN,
    "LBRACKET": TokenKind.LBRACKET,
    "RBRACKET": TokenKind.RBRACKET,
    "ILLEGAL": TokenKind.ILLEGAL,
}


def grammar_tokens(text: str) -> list[AntlrToken]:
    tokens: list[AntlrToken] = ScimFilterLexer(InputStream(text)).getAllTokens()
    return tokens


def grammar_name(token: AntlrToken) -> str:
    return str(ScimFilterLexer.symbolicNames[token.type])


def word(text: str) -> FilterToken:
    (token,) = tokens_of(text)
    return token


def test_tokens_know_their_kind_and_place() -> None:
    assert list(tokens_of('a.b Eq  "x y" and not(c pr)[]')) == [
        FilterToken(TokenKind.WORD, "a.b", 1),
        FilterToken(TokenKind.OPERATOR, "Eq", 5),
        FilterToken(TokenKind.STRING, '"x y"', 9),
        FilterToken(TokenKind.AND, "and", 15),
        FilterToken(TokenKind.NOT, "not", 19),
        FilterToken(TokenKind.LPAREN, "(", 22),
        FilterToken(TokenKind.WORD, "c", 23),
        FilterToken(TokenKind.PRESENT, "pr", 25),
        FilterToken(TokenKind.RPAREN, ")", 27),
        FilterToken(TokenKind.LBRACKET, "[", 28),
        FilterToken(TokenKind.RBRACKET, "]", 29),
    ]


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("'x'", ["'x'"]),
        ("'Ann Smith'", ["'Ann Smith'"]),
        ("'it' or 'us'", ["'it'", "or", "'us'"]),
        ("'a(b)'", ["'a(b)'"]),
        ("''", ["''"]),
        ("O'Brien", ["O'Brien"]),
        ("'abc'def", ["'abc'def"]),
        ("'a b'c", ["'a b'", "c"]),
        ("'open", ["'open"]),
        ("'open end", ["'open", "end"]),
    ],
)
def test_text_between_apostrophes_is_one_token(text: str, cut: list[str]) -> None:
    assert [token.text for token in tokens_of(text)] == cut
    assert [token.text for token in grammar_tokens(text)] == cut


def test_a_broken_string_ends_the_tokens_with_an_illegal_one() -> None:
    kinds = [token.kind for token in tokens_of('a eq "b\\" or c pr')]
    assert kinds == [TokenKind.WORD, TokenKind.OPERATOR, TokenKind.ILLEGAL]


@given(filter_like_texts)
def test_the_grammars_lexer_makes_the_same_cut(text: str) -> None:
    theirs = [
        FilterToken(GRAMMAR_KINDS[grammar_name(t)], t.text, t.start + 1)
        for t in grammar_tokens(text)
    ]
    illegal = [at for at, each in enumerate(theirs) if each.kind is TokenKind.ILLEGAL]
    assert list(tokens_of(text)) == theirs[: illegal[0] + 1 if illegal else None]


@pytest.mark.parametrize(
    ("begin", "piece", "end"),
    [
        pytest.param('"', '\\"', "", id="escaped quotation marks in a string that is not closed"),
        pytest.param('"', '\\"', "\n", id="escaped quotation marks before a control character"),
        pytest.param("a", " ", "", id="blanks at the end"),
        pytest.param("'", "' ", "\n", id="apostrophes"),
        pytest.param("", "'(", "", id="apostrophes and brackets"),
    ],
)
@pytest.mark.timeout(15)
def test_cutting_a_text_takes_no_longer_than_its_length_allows(
    begin: str, piece: str, end: str
) -> None:
    text = begin + piece * 200_000 + end
    assert sum(len(token.text) for token in tokens_of(text)) <= len(text)


@given(filter_like_texts)
def test_the_grammars_lexer_knows_the_same_paths(text: str) -> None:
    for token in grammar_tokens(text):
        kind = grammar_name(token)
        if GRAMMAR_KINDS[kind] is TokenKind.WORD:
            assert (attribute_path_of(token.text) is not None) == (kind in {"PATH", "URI"})


@given(filter_like_texts)
def test_the_grammars_lexer_knows_the_same_numbers(text: str) -> None:
    for token in grammar_tokens(text):
        kind = grammar_name(token)
        if GRAMMAR_KINDS[kind] is TokenKind.WORD:
            assert is_unquoted(word(token.text)) == (kind != "NUMBER")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('"x"', "x"),
        ("'x y'", "x y"),
        ("'true'", "true"),
        ("''", ""),
        ('"\\u0041\\n"', "A\n"),
        ("true", True),
        ("FALSE", False),
        ("Null", None),
        ("12", 12),
        ("-0", 0),
        ("1.0", Decimal("1.0")),
        ("1e2", Decimal("1E+2")),
        ("01", "01"),
        ("+1", "+1"),
        ("1.", "1."),
        ("NaN", "NaN"),
        ("Infinity", "Infinity"),
        ("0x1f", "0x1f"),
        ("١٢", "١٢"),
    ],
)
def test_a_literal_has_the_type_it_is_written_in(text: str, value: Literal) -> None:
    found = literal_of(word(text))
    assert (type(found), found) == (type(value), value)


@pytest.mark.parametrize(
    "text", ["1" * 65, "1e4001", "1e-4001", "0e999999999", "-1e999999999", "1e" + "9" * 50]
)
def test_a_number_beyond_bounds_is_a_fault(text: str) -> None:
    with pytest.raises(Fault, match="position 1: the number"):
        literal_of(word(text))


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("a", AttributePath(None, "a", None)),
        ("a.b", AttributePath(None, "a", "b")),
        ("urn:x:User:a.b", AttributePath("urn:x:User", "a", "b")),
        ("urn:x:User", AttributePath("urn:x", "User", None)),
        ("urn:x:2.0", AttributePath("urn:x", "2.0", None)),
        ("urn:x", AttributePath("urn", "x", None)),
        ("a.b.c", None),
        ("urn:x:", None),
        ("1a", None),
        ("_a", None),
        ("$", None),
        ("é", None),
        ("", None),
    ],
)
def test_a_word_is_a_path_or_not(text: str, path: AttributePath | None) -> None:
    assert attribute_path_of(text) == path


@given(filter_like_texts)
def test_a_path_gives_its_text_back(text: str) -> None:
    path = attribute_path_of(text)
    assert path is None or str(path) == text


@pytest.mark.parametrize(
    ("text", "at"), [("abc", None), ("é😀", None), ("é\ud800", 1), ("\udfff", 0)], ids=ascii
)
def test_half_a_surrogate_pair_is_found(text: str, at: int | None) -> None:
    assert half_pair_in(text) == at


@pytest.mark.parametrize("piece", ["a:", ":", "a.", "urn:a:", ".", "$", "a"])
@pytest.mark.timeout(15)
def test_reading_a_path_takes_no_longer_than_its_length_allows(piece: str) -> None:
    assert attribute_path_of(piece * 200_000 + "!") is None or piece in {"a:", ":", "urn:a:", "a"}
