"""Limits of filters: an oversized text is refused before the parser sees it."""

import sys
from collections.abc import Callable

import pytest

from scim.errors import InvalidFilter, InvalidPath, ScimError
from scim.filter.parsing import parse
from scim.filter.parsing.limits import DEEPEST, FilterLimits
from scim.filter.parsing.parse import (
    DEFAULT,
    bounded_tokens,
    parse_attribute,
    parse_filter,
    parse_path,
)
from scim.filter.parsing.tokens import Fault
from scim.filter.parsing.tree import And, Comparison, Filter, Not, Or, Present, ValuePath
from tests.cpu import cpu

MEGABYTE = 1 << 20


def term_count(tree: Filter) -> int:
    match tree:
        case Comparison() | Present():
            return 1
        case And() | Or():
            return sum(map(term_count, tree.terms))
        case Not():
            return term_count(tree.term)
        case ValuePath():
            return term_count(tree.filter)


def test_the_defaults_are_documented_numbers() -> None:
    assert FilterLimits(length=4096, terms=100, depth=20) == DEFAULT


def test_a_text_within_the_limits_gives_its_tokens() -> None:
    assert [token.text for token in bounded_tokens("a pr", DEFAULT)] == ["a", "pr"]


@pytest.mark.parametrize(
    ("text", "limits", "message"),
    [
        ("a" * 11, FilterLimits(length=10), "position 11: the text is longer than 10 characters"),
        (
            "a pr or b pr or c eq 1",
            FilterLimits(terms=2),
            "position 19: there are more than 2 comparisons",
        ),
        ("((a pr))", FilterLimits(depth=1), "position 2: brackets are nested deeper than 1 levels"),
        (
            "(a[b pr])",
            FilterLimits(depth=1),
            "position 3: brackets are nested deeper than 1 levels",
        ),
        ("a eq \ud800", DEFAULT, "position 6: the text holds half of a surrogate pair"),
    ],
    ids=["length", "terms", "depth", "depth-of-brackets", "surrogate"],
)
def test_a_text_beyond_a_limit_is_a_fault_at_the_first_excess(
    text: str, limits: FilterLimits, message: str
) -> None:
    with pytest.raises(Fault) as fault:
        bounded_tokens(text, limits)
    assert str(fault.value) == message


def test_a_filter_may_have_exactly_as_many_terms_as_allowed() -> None:
    assert term_count(parse_filter(" or ".join(["a eq 1"] * 100)).filter) == 100
    with pytest.raises(InvalidFilter, match="more than 100 comparisons"):
        parse_filter(" or ".join(["a eq 1"] * 101))


def test_brackets_may_be_nested_exactly_as_deep_as_allowed() -> None:
    assert str(parse_filter("(" * 20 + "a pr" + ")" * 20).filter) == "a pr"
    with pytest.raises(
        InvalidFilter, match="position 21: brackets are nested deeper than 20 levels"
    ):
        parse_filter("(" * 21 + "a pr" + ")" * 21)


def test_a_filter_may_be_exactly_as_long_as_allowed() -> None:
    text = 'a eq "' + "x" * 4089 + '"'
    assert len(text) == 4096
    assert parse_filter(text).filter.value == "x" * 4089  # type: ignore[union-attr]  # a wrong node fails here too
    with pytest.raises(
        InvalidFilter, match="position 4097: the text is longer than 4096 characters"
    ):
        parse_filter(text + " ")


def test_brackets_inside_strings_do_not_count() -> None:
    assert str(parse_filter('a eq "' + "(" * 100 + '"').filter) == 'a eq "' + "(" * 100 + '"'


@pytest.mark.parametrize(
    "limits", [{"length": 0}, {"terms": 0}, {"depth": 0}, {"depth": DEEPEST + 1}], ids=str
)
def test_limits_that_make_no_sense_are_refused(limits: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="filter"):
        FilterLimits(**limits)


def test_the_deepest_filter_any_setting_allows_fits_a_stack_with_half_its_frames_taken() -> None:
    text = "not (" * DEEPEST + "a pr" + ")" * DEEPEST
    frames = sys.getrecursionlimit() // 2

    def parsed_below(depth: int) -> Filter:
        return (
            parsed_below(depth - 1)
            if depth
            else parse_filter(text, FilterLimits(depth=DEEPEST)).filter
        )

    parse.filter_template.cache_clear()
    assert str(parsed_below(frames - _frames_here())) == text


def _frames_here() -> int:
    frame, count = sys._getframe(), 0
    while frame.f_back is not None:
        frame, count = frame.f_back, count + 1
    return count


BOMBS = {
    "parentheses": "(" * MEGABYTE,
    "parentheses-closed": "(" * 500_000 + "a pr" + ")" * 500_000,
    "parentheses-below-the-length": "(" * 2000 + "a pr" + ")" * 2000,
    "parentheses-around-strings": "(" * 2000 + 'a eq ""' + ")" * 2000,
    "closing": ")" * MEGABYTE,
    "not": "not (" * 200_000,
    "not-below-the-length": "not(" * 600 + "a pr" + ")" * 600,
    "not-before-strings": "not(" * 600 + 'a eq ""' + ")" * 600,
    "nots-in-a-row": "not " * 1000,
    "flat-or": " or ".join(["a pr"] * 100_000),
    "flat-or-below-the-length": " or ".join(["a pr"] * 500),
    "flat-or-of-strings": " or ".join(['a eq ""'] * 340),
    "flat-and": " and ".join(["a eq 1"] * 100_000),
    "flat-and-below-the-length": " and ".join(["a eq 1"] * 350),
    "ands-in-a-row": "and " * 1000,
    "terms-in-a-row": "a pr " * 800,
    "operators-in-a-row": "eq " * 1300,
    "value-paths": "a[" * 500_000,
    "value-paths-below-the-length": "a[" * 1000 + "b pr" + "]" * 1000,
    "value-paths-around-strings": "a[" * 1000 + 'b eq ""' + "]" * 1000,
    "value-path-in-value-path": "a[" * 15 + "b pr" + "]" * 15,
    "mixed-brackets": "([" * 1000,
    "dots": "a" + ".a" * 500_000 + " pr",
    "dots-below-the-length": "a" + ".a" * 2000 + " pr",
    "colons": "urn" + ":a" * 2000,
    "colons-and-dots": "urn:" + "a.b:" * 1000 + "! pr",
    "one-word": "a" * MEGABYTE,
    "one-word-below-the-length": "a" * 4096,
    "quotation-marks": '"' * MEGABYTE,
    "quotation-marks-below-the-length": '"' * 4095,
    "backslashes": 'a eq "' + "\\" * 4001,
    "escapes-without-an-end": 'a eq "' + "\\u0041" * 600,
    "string-without-an-end": 'a eq "' + "x" * MEGABYTE,
    "broken-escapes": '"\\x' * 1000,
    "blanks": " " * MEGABYTE,
    "blanks-below-the-length": " " * 4096,
    "digits": "a eq " + "9" * 4000,
    "exponent": "a eq 1e" + "9" * 50,
    "null-characters": "\0" * 4000,
    "surrogates": "\ud800" * 4000,
    "astral-characters": "😀" * 4000,
}


@pytest.mark.parametrize(
    ("parse", "error"),
    [(parse_filter, InvalidFilter), (parse_path, InvalidPath)],
    ids=["filter", "path"],
)
@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_refused(
    bomb: str, parse: Callable[[str], object], error: type[ScimError]
) -> None:
    text = BOMBS[bomb]
    if parse is parse_path and bomb in {"one-word", "one-word-below-the-length", "colons"}:
        text += ":"  # without it, each of these is one long but well-formed name
    with pytest.raises(error) as refusal:
        parse(text)
    assert len(refusal.value.detail) < 300


def test_refusing_a_bomb_costs_little_more_than_parsing_the_largest_filter() -> None:
    # The best of three, since other work on the machine is not the parser's.
    parsing = min(_seconds_to_parse(f"a{number}") for number in range(3))
    for name, bomb in BOMBS.items():
        assert min(_seconds_to_refuse(bomb) for _ in range(3)) < 30 * parsing, name


def _seconds_to_parse(attribute: str) -> float:
    """Parse a filter with the most terms, whose shape the parser does not know yet."""
    text = " or ".join(f'{attribute}{number} eq "x"' for number in range(DEFAULT.terms))
    with cpu() as spent:
        parse_filter(text)
    return spent.seconds


def _seconds_to_refuse(text: str) -> float:
    with cpu() as spent, pytest.raises(InvalidFilter):
        parse_filter(text)
    return spent.seconds


def test_attribute_names_are_bounded_too() -> None:
    with pytest.raises(InvalidPath, match="longer than 4096 characters"):
        parse_attribute("a" * MEGABYTE)
