"""Points in time have one form, and are told apart by seconds."""

from datetime import UTC, datetime, timedelta

from scim.moments import later, seconds_of, time_text

MOMENT = "2026-03-01T10:00:00.125Z"


def test_a_moment_has_milliseconds_and_a_z() -> None:
    assert time_text(datetime(2026, 3, 1, 10, 0, 0, 125_999, UTC)) == MOMENT


def test_a_span_may_lead_over_a_month_or_back() -> None:
    assert later(MOMENT, timedelta(days=31)) == "2026-04-01T10:00:00.125Z"
    assert later(MOMENT, -timedelta(hours=11)) == "2026-02-28T23:00:00.125Z"


def test_seconds_leave_out_what_is_less_than_one() -> None:
    assert seconds_of(MOMENT) == 1_772_359_200
