"""The empty context of the generated parser, which needs none: the tree is built as the rules end."""

from typing import Any, Final


class _EmptyContext:
    """Stands for the context of every rule, in all threads: it keeps nothing."""

    __slots__ = ()

    def __setattr__(self, name: str, value: object) -> None:
        """Drop the exception that a rule notes before it reports it."""


_EMPTY: Final = _EmptyContext()


class RuleContext:
    """Replaces ANTLR's `ParserRuleContext`. The rules make contexts, but nothing reads them, so all are the same."""

    def __new__(cls, parser: Any, parent: Any, state: int) -> Any:  # noqa: ARG004 - as rules call it
        """Return the empty context, without a call of the subclass's initialiser."""
        return _EMPTY
