"""Points in time and lengths of time on the command line."""

import re
from datetime import UTC, datetime, timedelta

import click

_SPAN = re.compile(r"(\d{1,5})([mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


class Moment(click.ParamType[datetime]):
    """A point in time: `2026-03-01T10:00:00Z`, or how long ago it was: `30m`, `24h`, `7d`."""

    name = "time"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Return the point in time in a text, in UTC."""
        text = str(value)
        if (match := _SPAN.fullmatch(text)) is not None:
            return now() - _span(match)
        moment = _moment(text)
        if moment is None:
            self.fail(
                f"{text!r} is no time; expected one such as 2026-03-01T10:00:00Z, or 24h for a day ago",
                param,
                ctx,
            )
        return moment


class Span(click.ParamType[timedelta]):
    """A length of time: `30m`, `24h`, `7d`; at most `days` days."""

    name = "time"

    def __init__(self, days: int) -> None:
        self.days = days

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> timedelta:
        """Return the length of time in a text."""
        if isinstance(value, timedelta):
            return value
        match = _SPAN.fullmatch(str(value))
        if match is None:
            self.fail("expected minutes, hours or days, such as 30m, 24h or 7d", param, ctx)
        span = _span(match)
        if span > timedelta(days=self.days):
            self.fail(f"{value} is too long; expected {self.days}d or less", param, ctx)
        return span


def _moment(text: str) -> datetime | None:
    """Return the point in time in a text with an offset, None if there is none between the years 1 and 9999."""
    try:
        moment = datetime.fromisoformat(text)
        return None if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _span(match: re.Match[str]) -> timedelta:
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def now() -> datetime:
    return datetime.now(UTC)
