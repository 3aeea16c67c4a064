"""Spans are cut with each other, and walked both ways."""

import pytest

from scim.resource.key_range import WHOLE, Limit, Span, Way

W, O = Limit.WITH, Limit.WITHOUT  # noqa: E741 - with and without


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (Span(("a", W)), Span(upper=("c", O)), Span(("a", W), ("c", O))),
        (Span(("a", W)), Span(("b", W)), Span(("b", W))),
        (Span(("a", W)), Span(("a", O)), Span(("a", O))),
        (Span(upper=("c", W)), Span(upper=("c", O)), Span(upper=("c", O))),
        (Span(upper=("c", W)), Span(upper=("b", W)), Span(upper=("b", W))),
        (
            WHOLE,
            Span(("x", Limit.WITH), ("x", Limit.WITH)),
            Span(("x", Limit.WITH), ("x", Limit.WITH)),
        ),
        (Span(prefix="a"), Span(("a", W)), None),
    ],
)
def test_the_narrower_end_counts(one: Span, other: Span, both: Span | None) -> None:
    assert one.within(other) == both
    assert other.within(one) == both


def test_only_the_open_span_is_whole() -> None:
    assert WHOLE.is_whole
    assert not Span(prefix="").is_whole


def test_back_is_the_other_way() -> None:
    assert (Way.UP.back, Way.DOWN.back) == (Way.DOWN, Way.UP)
