"""The empty context of the generated parser, which needs none: the tree is built as the rules end."""

from __future__ import annotations

from typing import Any


class RuleContext:
    """Replaces ANTLR's `ParserRuleContext`; it has no children, tokens or parent."""

    __slots__ = ("exception",)

    def __init__(self, parent: Any, state: int) -> None: ...
