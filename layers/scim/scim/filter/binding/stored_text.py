"""Tests the text of a stored body, so that most bodies that cannot match need not be parsed.

The tests are necessary conditions only. A body is JSON without blanks that escapes only quotation
marks, backslashes and control characters. Therefore it contains the name of each attribute as
`"name":`, and each run of letters and digits of a value unchanged.
"""

import re
from collections.abc import Callable, Container

from scim.filter.binding.bound_tree import AllOf, AnyOf, AnyValue, Assigned, Compared, Tree
from scim.filter.parsing.tree import Operator
from scim.schema.resource_type import AttributeRef
from scim.schema.schema import AttributeType

TextTest = Callable[[str, str], bool]
"""Takes a body's text, and the text in lower case if it is ASCII, else an empty string."""

_RUN = re.compile(r"[a-z0-9]+")
_SHOWN = {Operator.EQ, Operator.CO, Operator.SW, Operator.EW}
_TEXTS = {AttributeType.STRING, AttributeType.REFERENCE, AttributeType.BINARY}


def text_test(tree: Tree, outside: Container[str]) -> Callable[[str], bool] | None:
    """Return a test that is false for a body's text that cannot match, None if no such test exists.

    `outside` are the attributes that are not stored in the body.
    """
    test = _test(tree, outside)
    if test is None:
        return None

    def may_match(text: str) -> bool:
        return test(text, text.lower() if text.isascii() else "")

    return may_match


def _test(tree: Tree, outside: Container[str]) -> TextTest | None:
    match tree:
        case AllOf(terms):
            tests = [test for term in terms if (test := _test(term, outside)) is not None]
            return _all(tests) if tests else None
        case AnyOf(terms):
            tests = [test for term in terms if (test := _test(term, outside)) is not None]
            return _any(tests) if len(tests) == len(terms) else None
        case Compared(ref, operator, operand) if operator is not Operator.NE:
            return _compared(ref, operator, operand, outside)
        case Assigned(ref):
            return _named(ref, outside)
        case AnyValue(ref, inner):
            name_test, inner_test = _named(ref, outside), _test(inner, ())
            # `name_test` has checked the attribute, so `outside` does not matter inside the brackets.
            if name_test is None or inner_test is None:
                return name_test
            return _all([name_test, inner_test])
        case _:
            return None


def _compared(
    ref: AttributeRef, operator: Operator, operand: str, outside: Container[str]
) -> TextTest | None:
    name_test = _named(ref, outside)
    runs = _RUN.findall(operand.lower())
    if name_test is None or operator not in _SHOWN or ref.leaf.type not in _TEXTS or not runs:
        return name_test
    run = max(runs, key=len)
    return lambda text, lower: name_test(text, lower) and (not lower or run in lower)


def _named(ref: AttributeRef, outside: Container[str]) -> TextTest | None:
    name = ref.attribute.name
    if ref.container is None and name in outside:
        return None
    key = f'"{name}":'
    return lambda text, _: key in text


def _all(tests: list[TextTest]) -> TextTest:
    return tests[0] if len(tests) == 1 else lambda text, lower: all(t(text, lower) for t in tests)


def _any(tests: list[TextTest]) -> TextTest:
    return tests[0] if len(tests) == 1 else lambda text, lower: any(t(text, lower) for t in tests)
