"""What a refusal says was expected and found."""

import pytest

from scim.filter.parsing.expected import TextKind, misplacement
from scim.filter.parsing.tokens import tokens_of


def said(text: str, index: int, whole: TextKind = TextKind.FILTER) -> str:
    return str(misplacement(tuple(tokens_of(text)), index, whole, len(text)))


@pytest.mark.parametrize(
    ("text", "index", "message"),
    [
        ("eq", 0, "position 1: expected an attribute, found 'eq'"),
        ("a b", 1, "position 3: expected an operator such as eq after 'a', found 'b'"),
        ("a eq and", 2, "position 6: expected a value after 'eq', found 'and'"),
        (
            "a eq b c",
            3,
            "position 8: expected 'and', 'or' or the end of the filter after the value, found 'c'",
        ),
        ("(a eq b c", 4, "position 9: expected 'and', 'or' or ')' after the value, found 'c'"),
        ("a[b pr c", 4, "position 8: expected 'and', 'or' or ']' after 'pr', found 'c'"),
        ("(a[b pr] c", 6, "position 10: expected 'and', 'or' or ')' after ']', found 'c'"),
        ("not a", 1, "position 5: expected '(' after 'not', found 'a'"),
        ("a pr or", 3, "position 8: expected an attribute after 'or', found the end of the filter"),
    ],
)
def test_the_expectation_depends_on_the_token_before(text: str, index: int, message: str) -> None:
    assert said(text, index) == message


@pytest.mark.parametrize(
    ("text", "index", "message"),
    [
        ("a b", 1, "position 3: expected '[' or the end of the path after 'a', found 'b'"),
        ("a[b]", 3, "position 4: expected an operator such as eq after 'b', found ']'"),
        (
            "a[b pr]x",
            5,
            "position 8: expected a sub-attribute such as .value, or the end of the path after ']', found 'x'",
        ),
        ("a[b pr].c d", 6, "position 11: expected the end of the path after '.c', found 'd'"),
    ],
)
def test_a_path_has_other_expectations_than_a_filter(text: str, index: int, message: str) -> None:
    assert said(text, index, TextKind.PATH) == message


def test_an_attribute_expects_nothing_more() -> None:
    assert (
        said("a b", 1, TextKind.ATTRIBUTE)
        == "position 3: expected the end of the attribute after 'a', found 'b'"
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('"hunter2"', "a quoted string"),
        ('"', "a string that is not closed or has a control character"),
        ("\x1b", "the character U+001B"),
        ("x" * 24, f"'{'x' * 24}'"),
        ("x" * 25, f"'{'x' * 24}…'"),
    ],
    ids=["string", "quotation-mark", "control", "short", "long"],
)
def test_the_found_token_is_shown_shortened_and_without_quoted_text(text: str, shown: str) -> None:
    assert said(text, 0) == f"position 1: expected an attribute, found {shown}"
