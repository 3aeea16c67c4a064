"""The grammar itself: choices on one token, and every text read to its end."""

import contextlib
import json
import re
from pathlib import Path

import pytest
from antlr4 import InputStream
from antlr4 import Token as AntlrToken
from hypothesis import given

from scim.filter.parsing import _generated, antlr
from scim.filter.parsing._generated.ScimFilterLexer import ScimFilterLexer
from scim.filter.parsing.rule_context import RuleContext
from scim.filter.parsing.tokens import Fault, Misplaced
from scim.filter.parsing.tree import AttributePath, Filter, PatchPath
from tests.scim.filter.trees import cases, filter_like_texts, filters, written

GENERATED = Path(_generated.__file__).parent
GRAMMAR = Path(__file__).parents[4] / "grammar" / "ScimFilter.g4"


@pytest.mark.parametrize("row", cases("filters.json"))
def test_the_grammar_alone_reads_every_filter_of_the_table(row: dict[str, object]) -> None:
    assert written(antlr.filter_syntax(str(row["text"]))) == json.dumps(row["tree"])


def test_the_parser_never_looks_further_than_one_token() -> None:
    assert "adaptivePredict" not in (GENERATED / "ScimFilterParser.py").read_text(encoding="utf-8")


def test_the_context_of_a_rule_keeps_no_exception() -> None:
    context = RuleContext(None, None, 0)
    context.exception = ValueError("kim")
    assert not hasattr(context, "exception")


def test_the_committed_parser_was_made_by_the_version_of_antlr_it_runs_with() -> None:
    for name in ("Lexer", "Parser", "Visitor"):
        first = (GENERATED / f"ScimFilter{name}.py").read_text(encoding="utf-8").splitlines()[0]
        assert first.endswith("by ANTLR 4.13.2")


def test_every_entry_rule_reads_to_the_end_of_the_text() -> None:
    grammar = GRAMMAR.read_text(encoding="utf-8")
    for rule in ("filterText", "patchPath"):
        body = re.search(rf"^{rule}\n(.*?)^    ;$", grammar, re.MULTILINE | re.DOTALL)
        assert body
        assert all(
            alternative.strip().endswith("EOF")
            for alternative in re.split(r"^    [:|] ", body[1], flags=re.MULTILINE)[1:]
        )


@pytest.mark.parametrize(
    ("text", "index"),
    [
        ("", 0),
        ("a", 1),
        ("a pr b", 2),
        ("a eq", 2),
        ("(a pr", 3),
        ('a eq "x', 2),
        ("a[b[c pr]]", 3),
        ("a pr )", 2),
    ],
)
def test_the_first_token_without_a_place_is_named(text: str, index: int) -> None:
    with pytest.raises(Misplaced) as misplaced:
        antlr.filter_syntax(text)
    assert misplaced.value.index == index


def test_a_path_of_one_word_is_in_the_grammar_too() -> None:
    assert antlr.path_syntax("name.familyName") == PatchPath(
        AttributePath(None, "name", "familyName")
    )
    assert antlr.path_syntax("urn:x:2.0") == PatchPath(AttributePath("urn:x", "2.0"))


def test_nothing_is_printed_about_a_broken_text(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Misplaced):
        antlr.filter_syntax('a b "\\x" \0')
    assert capsys.readouterr() == ("", "")


@given(filter_like_texts)
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(Misplaced, Fault):
        antlr.filter_syntax(text)


@given(filter_like_texts)
def test_a_word_has_the_type_that_the_lexer_of_the_grammar_gives_it(text: str) -> None:
    types = [token.type for token in ScimFilterLexer(InputStream(text)).getAllTokens()]
    if ScimFilterLexer.ILLEGAL in types:
        types = types[: types.index(ScimFilterLexer.ILLEGAL) + 1]
    assert antlr._runner_of(text)._types == [*types, AntlrToken.EOF]


@given(filters)
def test_a_tree_written_and_read_is_the_same_tree(tree: Filter) -> None:
    assert written(antlr.filter_syntax(str(tree))) == written(tree)
