"""fsck's own reading of indexed texts, numbers and times is the service's."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scim.fsck.entries import instant_text, number_text
from scim.fsck.item import folded as text_of
from scim.resource.fold import folded
from scim.schema.schema import Attribute, AttributeType

NUMBER = Attribute("count", AttributeType.DECIMAL)
TIME = Attribute("bought", AttributeType.DATE_TIME)
NAME = Attribute("userName")
SHOWING_NOTHING = "\u00ad\u200b\u200d\u2060\u202e\u3164\ufe0f\ufeff\U000e0001"
ODD = st.text(
    st.characters(codec="utf-8") | st.sampled_from(SHOWING_NOTHING + "ß\u0345ﬁ\u0300\u0316")
)


@given(ODD)
@example(SHOWING_NOTHING)
@example("e\u200b\u0301" + "\u0300" * 600 + "\u0316" * 600 + "\u0f73" * 300)
def test_a_text_is_the_one_it_is_indexed_by(text: str) -> None:
    assert text_of(text).strip() == folded(NAME, text)


@pytest.mark.parametrize("value", [0, 1, -1, 10, 2.5, -0.001, 1e30, 123456789])
def test_a_number_is_the_text_it_is_indexed_by(value: float) -> None:
    assert number_text(value) == folded(NUMBER, value)


@pytest.mark.parametrize(
    "text",
    ["2026-01-31T10:00:00Z", "2026-01-31T10:00:00.5+02:00", "2026-01-31T10:00:00"],
)
def test_a_time_is_the_text_it_is_indexed_by(text: str) -> None:
    assert instant_text(text.lower()) == folded(TIME, text).lower()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "anna",
        "2026-01-31",
        "2026-01-31t10:00",
        "2026-13-31t10:00:00z",
        "2026-02-30t10:00:00",
        "9999-12-31t23:59:59-14:00",
        "0001-01-01t00:00:00+14:00",
    ],
)
def test_a_text_that_is_no_time_stays(text: str) -> None:
    assert instant_text(text) == text
