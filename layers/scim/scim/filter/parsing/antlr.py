"""The only module that uses ANTLR: converts a text within limits to a tree, or finds the first wrong token.

ANTLR generated the rules from grammar/ScimFilter.g4. The grammar looks ahead one token only, so it does
not need the rest of ANTLR's runtime: `tokens_of` splits the text by the lexer's rules, and the tree is
built as each rule ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, Never

from antlr4 import ParserRuleContext

from scim.filter.parsing._generated.ScimFilterParser import ScimFilterParser as Rules
from scim.filter.parsing.rule_context import RuleContext
from scim.filter.parsing.tokens import (
    FIXED_WORDS,
    MISPLACED,
    OPERATORS,
    VALUE,
    Misplaced,
    TokenKind,
    is_number,
    is_sub_attribute,
    literal_of,
    path_of,
    tokens_of,
    urn_of,
)
from scim.filter.parsing.tree import (
    AttributePath,
    Comparison,
    Filter,
    Literal,
    Not,
    PatchPath,
    Present,
    ValuePath,
    conjunction_of,
    disjunction_of,
)

# The tokens that leave no part in the tree.
_MUTE: Final = frozenset(
    {
        *(Rules.PR, Rules.AND, Rules.OR, Rules.EOF),
        *(Rules.LPAREN, Rules.RPAREN, Rules.LBRACKET, Rules.RBRACKET),
    }
)
_KINDS: Final[Mapping[TokenKind, int]] = {
    TokenKind.STRING: Rules.STRING,
    TokenKind.QUOTED: Rules.QUOTED,
    TokenKind.ILLEGAL: Rules.ILLEGAL,
}
# The words that have one token type everywhere, with their part in the tree.
_FIXED: Final[Mapping[str, tuple[int, object]]] = {
    **{operator: (Rules.OPERATOR, member) for operator, member in OPERATORS.items()},
    **{word: (Rules.literalNames.index(f"'{word}'"), word) for word in FIXED_WORDS},
    VALUE: (Rules.WORD, VALUE),
    MISPLACED: (Rules.ILLEGAL, MISPLACED),
}


def filter_syntax(text: str) -> Filter:
    """Parse a whole text as a filter. Raises Misplaced for the first token that does not fit."""
    tree: Filter = _runner_of(text).read(Rules.filterText)
    return tree


def path_syntax(text: str) -> PatchPath:
    """Parse a whole text as a PATCH path. Raises Misplaced for the first token that does not fit."""
    tree: PatchPath = _runner_of(text).read(Rules.patchPath)
    return tree


def filter_of_shape(shape: str) -> Filter:
    """Parse the shape of a filter, whose tokens contain no blanks. Raises Misplaced."""
    tree: Filter = _RuleRunner(_words(shape.split()), _no_value).read(Rules.filterText)
    return tree


def path_of_shape(shape: str) -> PatchPath:
    """Parse the shape of a PATCH path. Raises Misplaced."""
    tree: PatchPath = _RuleRunner(_words(shape.split()), _no_value).read(Rules.patchPath)
    return tree


def _no_value(_: int) -> Literal:
    return VALUE


def _runner_of(text: str) -> _RuleRunner:
    tokens = tuple(tokens_of(text))
    words = [
        (_KINDS[token.kind], None) if token.kind in _KINDS else _word(token.text)
        for token in tokens
    ]
    return _RuleRunner(words, lambda index: literal_of(tokens[index]))


def _words(texts: Iterable[str]) -> list[tuple[int, object]]:
    fixed = _FIXED.get
    return [fixed(text) or _word(text) for text in texts]


def _word(text: str) -> tuple[int, object]:
    """Return the type of a word, from the first lexer rule that matches all of it, and its value."""
    if (fixed := _FIXED.get(text.lower())) is not None:
        return fixed
    if (path := path_of(text)) is not None:
        return Rules.PATH, path
    if is_number(text):
        return Rules.NUMBER, text
    if (urn := urn_of(text)) is not None:
        return Rules.URI, urn
    return Rules.SUB_ATTRIBUTE if is_sub_attribute(text) else Rules.WORD, text


class _RuleRunner(Rules):
    """Runs the generated rules on the words of one text; each rule leaves its part of the tree.

    It implements only what the rules call of ANTLR's parser, token stream and error strategy.
    """

    state = -1  # a property in ANTLR

    def __init__(self, words: list[tuple[int, object]], value_of: Callable[[int], Literal]) -> None:
        # ANTLR's own initialiser prepares lookahead beyond one token, which is not needed.
        self._words, self._value_of = words, value_of
        self._types = [type_ for type_, _ in words]
        self._types.append(Rules.EOF)
        self._here = 0
        self._parts: list[Any] = []
        self._open: list[tuple[int, _Part | None]] = []
        self._input: Any = self
        self._errHandler: Any = self
        self._ctx = None

    def read(self, rule: Callable[[Any], object]) -> Any:
        """Return the tree of the rule. Raises Misplaced when a token does not fit."""
        rule(self)
        return self._parts[0]

    # The token stream's methods.

    def LA(self, _: int) -> int:  # noqa: N802 - the name that generated code calls
        return self._types[self._here]

    # The parser's methods.

    def match(self, token_type: int) -> None:  # type: ignore[override] # the token is not asked for
        if self._types[self._here] != token_type:
            self.recover()
        if token_type not in _MUTE:
            self._parts.append(self._words[self._here][1])
        self._here += 1

    def consume(self) -> None:
        """Consume a token that can have one of several types; in the grammar only a value is one."""
        self._parts.append(self._value_of(self._here))
        self._here += 1

    def enterRule(self, localctx: ParserRuleContext | RuleContext, state: int, rule: int) -> None:  # noqa: ARG002, N802 - ANTLR's
        self._open.append((len(self._parts), _PARTS.get(rule)))

    def enterOuterAlt(self, localctx: ParserRuleContext | RuleContext, number: int) -> None:  # noqa: N802 - ANTLR's
        """Do nothing: no rule labels its alternatives."""

    def exitRule(self) -> None:  # noqa: N802 - ANTLR's
        if not self._open:  # a misplaced token is being reported
            return
        start, part = self._open.pop()
        if part is None:  # its parts are those of the rule around it
            return
        least, make_part = part
        parts = self._parts[start:]
        if len(parts) >= least:
            self._parts[start:] = (make_part(*parts),)

    def getCurrentToken(self) -> None:  # noqa: N802 - ANTLR's
        """Return nothing: ANTLR's exceptions call this, but their content is not used."""

    getInputStream: Any = getCurrentToken  # noqa: N815 - ANTLR's

    # The error strategy's methods. They report the first error and do not recover.

    def sync(self, _: object) -> None:
        """Do nothing: the rule itself finds a token that does not fit."""

    def reportMatch(self, _: object) -> None:  # noqa: N802 - ANTLR's
        """Do nothing."""

    def reportError(self, *_: object) -> None:  # noqa: N802 - ANTLR's
        self.recover()

    def recoverInline(self, _: object) -> None:  # noqa: N802 - ANTLR's
        self.recover()

    def recover(self, *_: object) -> Never:
        """Raise Misplaced for the current token."""
        self._open.clear()
        raise Misplaced(self._here)


# The parts of the tree. Each is made of the parts that its rule left, if there are enough; otherwise
# the only part stays as it is.


def _patch_path(
    path: AttributePath, inner: Filter | None = None, sub: str | None = None
) -> PatchPath:
    return PatchPath(path, inner, sub and sub[1:])


def _disjunction(*terms: Filter) -> Filter:
    return disjunction_of(terms)


def _conjunction(*terms: Filter) -> Filter:
    return conjunction_of(terms)


def _group(_: str, inner: Filter) -> Filter:
    return Not(inner)


def _attribute_term(path: AttributePath, *rest: Any) -> Filter:
    return ValuePath(path, *rest) if len(rest) == 1 else _conditional(path, *rest)


def _value_filter(inner: Filter, sub: str, *condition: Any) -> Filter:
    # emails[type eq "work"].value eq "x" means the same as emails[type eq "work" and value eq "x"].
    return conjunction_of((inner, _conditional(AttributePath(None, sub[1:]), *condition)))


def _conditional(path: AttributePath, *condition: Any) -> Filter:
    return Comparison(path, *condition) if condition else Present(path)


_Part = tuple[int, Callable[..., object]]
"""The fewest parts that a part is made of, and what makes it."""
_PARTS: Final[Mapping[int, _Part]] = {
    Rules.RULE_patchPath: (1, _patch_path),
    Rules.RULE_disjunction: (2, _disjunction),
    Rules.RULE_valueDisjunction: (2, _disjunction),
    Rules.RULE_conjunction: (2, _conjunction),
    Rules.RULE_valueConjunction: (2, _conjunction),
    Rules.RULE_group: (2, _group),
    Rules.RULE_valueGroup: (2, _group),
    Rules.RULE_attributeTerm: (1, _attribute_term),
    Rules.RULE_valueAttributeTerm: (1, _attribute_term),
    Rules.RULE_valueFilter: (2, _value_filter),
}
