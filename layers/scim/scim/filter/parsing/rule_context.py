"""What the generated parser's contexts are: nothing, for the tree is made as the rules end."""

from __future__ import annotations

from typing import Any


class RuleContext:
    """Stands for ANTLR's `ParserRuleContext`, without children, tokens and parents."""

    __slots__ = ("exception",)

    def __init__(self, parent: Any, state: int) -> None: ...
