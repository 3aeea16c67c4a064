"""One value against one folded operand."""

import pytest

from scim.filter.binding.predicate import matcher_of
from scim.filter.parsing.tree import Operator
from scim.resource.fold import folded
from scim.schema.schema import Attribute, AttributeType

_TEXT = Attribute("a")
_NUMBER = Attribute("a", AttributeType.DECIMAL)


@pytest.mark.parametrize(
    ("operator", "below", "equal", "above"),
    [
        (Operator.EQ, False, True, False),
        (Operator.NE, True, False, True),
        (Operator.GT, False, False, True),
        (Operator.GE, False, True, True),
        (Operator.LT, True, False, False),
        (Operator.LE, True, True, False),
    ],
)
def test_order_is_that_of_the_type(
    operator: Operator, below: bool, equal: bool, above: bool
) -> None:
    of_number = matcher_of(_NUMBER, operator, folded(_NUMBER, 10))
    assert (of_number(-20), of_number(10.0), of_number(100)) == (below, equal, above)
    of_text = matcher_of(_TEXT, operator, folded(_TEXT, "Mm"))
    assert (of_text("LL"), of_text(" mM "), of_text("nn")) == (below, equal, above)


@pytest.mark.parametrize(
    ("operator", "operand", "expected"),
    [
        (Operator.CO, "bc", True),
        (Operator.CO, "ac", False),
        (Operator.SW, "ab", True),
        (Operator.SW, "bc", False),
        (Operator.EW, "cd", True),
        (Operator.EW, "bc", False),
    ],
)
def test_parts_of_a_text(operator: Operator, operand: str, expected: bool) -> None:
    assert matcher_of(_TEXT, operator, operand)("ABCD") is expected


@pytest.mark.parametrize("operator", list(Operator))
def test_a_value_of_another_type_compares_with_nothing(operator: Operator) -> None:
    assert matcher_of(_NUMBER, operator, folded(_NUMBER, 1))("1") is False
    assert matcher_of(_TEXT, operator, "1")(1) is False
