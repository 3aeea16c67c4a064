"""The range of an index for a comparison."""

import pytest

from scim.filter.parsing.tree import Operator
from scim.filter.planning.ranges import LONGEST_END, CoveringRange, covering_range
from scim.resource.access_path import KeyRange, Limit

LONG, KEPT = "x" * (LONGEST_END + 1), "x" * LONGEST_END


@pytest.mark.parametrize(
    ("operator", "operand", "reach"),
    [
        (Operator.SW, "a", CoveringRange(KeyRange(prefix="a"))),
        (Operator.SW, "", None),
        (Operator.SW, "a b ", CoveringRange(KeyRange(prefix="a b"), is_exact=False)),
        (Operator.SW, " a", None),
        (Operator.SW, " ", None),
        (Operator.SW, LONG, CoveringRange(KeyRange(prefix=KEPT), is_exact=False)),
        (Operator.GT, "a", CoveringRange(KeyRange(("a", Limit.WITHOUT)))),
        (Operator.GT, LONG, CoveringRange(KeyRange((KEPT, Limit.WITH)), is_exact=False)),
        (Operator.GE, "a", CoveringRange(KeyRange(("a", Limit.WITH)))),
        (Operator.LT, "a", CoveringRange(KeyRange(upper=("a", Limit.WITHOUT)))),
        (Operator.LE, "a", CoveringRange(KeyRange(upper=("a", Limit.WITH)))),
        (Operator.LE, LONG, None),
        (Operator.CO, "a", None),
        (Operator.EW, "a", None),
        (Operator.NE, "a", None),
    ],
)
def test_a_comparison_is_a_span(
    operator: Operator, operand: str, reach: CoveringRange | None
) -> None:
    assert covering_range(operator, operand) == reach


def test_a_long_end_is_cut_between_characters() -> None:
    reach = covering_range(Operator.SW, "é" * LONGEST_END)
    assert reach == CoveringRange(KeyRange(prefix="é" * (LONGEST_END // 2)), is_exact=False)
