"""fsck's own reading of indexed numbers and times is the service's."""

import pytest

from scim.fsck.comparable import instant_text, number_text
from scim.resource.fold import folded
from scim.schema.schema import Attribute, AttributeType

NUMBER = Attribute("count", AttributeType.DECIMAL)
TIME = Attribute("bought", AttributeType.DATE_TIME)


@pytest.mark.parametrize("value", [0, 1, -1, 10, 2.5, -0.001, 1e30, 123456789])
def test_a_number_is_the_text_it_is_indexed_by(value: float) -> None:
    assert number_text(value) == folded(NUMBER, value)


@pytest.mark.parametrize(
    "text",
    ["2026-01-31T10:00:00Z", "2026-01-31T10:00:00.5+02:00", "2026-01-31T10:00:00"],
)
def test_a_time_is_the_text_it_is_indexed_by(text: str) -> None:
    assert instant_text(text.lower()) == folded(TIME, text).lower()


@pytest.mark.parametrize("text", ["", "anna", "2026-01-31", "2026-01-31t10:00"])
def test_any_other_text_stays(text: str) -> None:
    assert instant_text(text) == text
