"""Spans are cut with each other, and walked both ways."""

import pytest

from scim.resource.access_path import WHOLE_INDEX, Direction, KeyRange, Limit

W, O = Limit.WITH, Limit.WITHOUT  # noqa: E741 - with and without


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (KeyRange(("a", W)), KeyRange(upper=("c", O)), KeyRange(("a", W), ("c", O))),
        (KeyRange(("a", W)), KeyRange(("b", W)), KeyRange(("b", W))),
        (KeyRange(("a", W)), KeyRange(("a", O)), KeyRange(("a", O))),
        (KeyRange(upper=("c", W)), KeyRange(upper=("c", O)), KeyRange(upper=("c", O))),
        (KeyRange(upper=("c", W)), KeyRange(upper=("b", W)), KeyRange(upper=("b", W))),
        (
            WHOLE_INDEX,
            KeyRange(("x", Limit.WITH), ("x", Limit.WITH)),
            KeyRange(("x", Limit.WITH), ("x", Limit.WITH)),
        ),
        (KeyRange(prefix="a"), KeyRange(("a", W)), None),
    ],
)
def test_the_narrower_end_counts(one: KeyRange, other: KeyRange, both: KeyRange | None) -> None:
    assert one.within(other) == both
    assert other.within(one) == both


def test_only_the_open_span_is_whole() -> None:
    assert WHOLE_INDEX.is_whole
    assert not KeyRange(prefix="").is_whole


def test_the_reverse_direction_is_the_opposite_one() -> None:
    assert (Direction.UP.back, Direction.DOWN.back) == (Direction.DOWN, Direction.UP)
