"""Comparing one value with an operand folded beforehand: text with text, by the rule of scim.resource.fold."""

from __future__ import annotations

import operator
from collections.abc import Callable

from scim.filter.parsing.tree import Operator
from scim.resource.fold import folded
from scim.schema.attribute import Attribute

Test = Callable[[object], bool]

# Folded numbers and times sort as text, so one set of comparisons serves all types.
_COMPARISONS: dict[Operator, Callable[[str, str], bool]] = {
    Operator.EQ: operator.eq,
    Operator.NE: operator.ne,
    Operator.CO: operator.contains,
    Operator.SW: str.startswith,
    Operator.EW: str.endswith,
    Operator.GT: operator.gt,
    Operator.GE: operator.ge,
    Operator.LT: operator.lt,
    Operator.LE: operator.le,
}


def matcher_of(attribute: Attribute, asked: Operator, operand: str) -> Test:
    """Return the test whether a value of the attribute compares so with the operand."""
    compare = _COMPARISONS[asked]

    def holds(value: object) -> bool:
        try:
            text = folded(attribute, value)
        except ValueError:  # stored when the schema gave the attribute another type
            return False
        return compare(text, operand)

    return holds
