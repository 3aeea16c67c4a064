"""Times on the command line and in the store."""

from datetime import UTC, datetime, timedelta, timezone

import click
import pytest

from scim_cli.moment import Span, text_of


@pytest.mark.parametrize(
    ("text", "span"),
    [("30m", timedelta(minutes=30)), ("24h", timedelta(days=1)), ("7d", timedelta(days=7))],
)
def test_a_length_of_time_is_a_number_and_a_unit(text: str, span: timedelta) -> None:
    assert Span().convert(text, None, None) == span


@pytest.mark.parametrize("text", ["", "7", "d", "-1d", "7w", "1.5h", "1000000d"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter):
        Span().convert(text, None, None)


def test_a_time_is_stored_in_utc_with_milliseconds() -> None:
    berlin = timezone(timedelta(hours=2))
    assert text_of(datetime(2026, 6, 1, 14, 0, tzinfo=berlin)) == "2026-06-01T12:00:00.000Z"
    assert text_of(datetime(2026, 6, 1, 12, 0, 0, 1234, UTC)) == "2026-06-01T12:00:00.001Z"
