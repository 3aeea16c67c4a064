"""The one place that knows ANTLR: a bounded text in; a tree out, or the first token that misfits."""

from __future__ import annotations

from typing import Any

from antlr4 import CommonTokenStream, InputStream, ParserRuleContext
from antlr4.error.Errors import ParseCancellationException
from antlr4.error.ErrorStrategy import BailErrorStrategy

from scim.filter.parsing._generated.ScimFilterLexer import ScimFilterLexer
from scim.filter.parsing._generated.ScimFilterParser import ScimFilterParser as Rules
from scim.filter.parsing.tokens import Misplaced, attribute_path_of, literal_of, tokens_of
from scim.filter.parsing.tree import (
    AttributePath,
    Comparison,
    Filter,
    Not,
    Operator,
    PatchPath,
    Present,
    ValuePath,
    conjunction_of,
    disjunction_of,
)


def filter_syntax(text: str) -> Filter:
    """Read a whole text as a filter."""
    return _filter(_parsed(text, Rules.filterText).disjunction())


def path_syntax(text: str) -> PatchPath:
    """Read a whole text as a PATCH path."""
    ctx = _parsed(text, Rules.patchPath)
    inner = ctx.valueDisjunction()
    return PatchPath(
        _path(ctx.PATH() or ctx.URI()), _filter(inner) if inner else None, _sub_attribute(ctx)
    )


def _parsed(text: str, rule: Any) -> Any:
    lexer = ScimFilterLexer(InputStream(text))
    parser = Rules(CommonTokenStream(lexer))
    for recognizer in (lexer, parser):
        recognizer.removeErrorListeners()  # the default listener prints to standard error
    # The first mistake is the one reported; recovering from it would only cost time.
    parser._errHandler = BailErrorStrategy()  # noqa: SLF001 - ANTLR has no public way
    try:
        return rule(parser)
    except ParseCancellationException as error:
        raise Misplaced(error.args[0].offendingToken.tokenIndex) from error


def _filter(ctx: Any) -> Filter:
    # One function for all rules, and not ANTLR's visitor, which takes four times the stack for
    # each level of brackets.
    match Rules.ruleNames[ctx.getRuleIndex()]:
        case "disjunction" | "valueDisjunction":
            return disjunction_of([_filter(child) for child in _rules_in(ctx)])
        case "conjunction" | "valueConjunction":
            return conjunction_of([_filter(child) for child in _rules_in(ctx)])
        case "group" | "valueGroup":
            (inner,) = _rules_in(ctx)
            return Not(_filter(inner)) if ctx.NOT() else _filter(inner)
        case "attributeTerm" if ctx.valueFilter():
            return ValuePath(_path(ctx.PATH()), _value_filter(ctx.valueFilter()))
        case "attributeTerm" | "valueAttributeTerm":
            return _conditional(_path(ctx.PATH()), ctx.condition())
        case _:  # term and valueTerm, which choose one of the above
            (choice,) = _rules_in(ctx)
            return _filter(choice)


def _rules_in(ctx: Any) -> list[Any]:
    return list(ctx.getTypedRuleContexts(ParserRuleContext))


def _value_filter(ctx: Any) -> Filter:
    inner = _filter(ctx.valueDisjunction())
    sub = _sub_attribute(ctx)
    if sub is None:
        return inner
    # emails[type eq "work"].value eq "x" says the same as emails[type eq "work" and value eq "x"].
    return conjunction_of((inner, _conditional(AttributePath(None, sub), ctx.condition())))


def _conditional(path: AttributePath, condition: Any) -> Comparison | Present:
    if condition.PR():
        return Present(path)
    operator = Operator(condition.OPERATOR().getText().lower())
    (token,) = tokens_of(condition.literal().getText())
    return Comparison(path, operator, literal_of(token))


def _path(terminal: Any) -> AttributePath:
    path = attribute_path_of(terminal.getText())
    if path is None:
        raise Misplaced(terminal.symbol.tokenIndex)
    return path


def _sub_attribute(ctx: Any) -> str | None:
    terminal = ctx.SUB_ATTRIBUTE()
    return str(terminal.getText()).removeprefix(".") if terminal else None
