"""Points in time as they are stored."""

import re
from datetime import UTC, datetime, timedelta

import click

_SPAN = re.compile(r"(\d{1,5})([mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


MOMENT = click.DateTime(["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S.%f%z"])
"""A point in time: `2026-03-01T10:00:00Z`."""


class Span(click.ParamType[timedelta]):
    """A length of time: `30m`, `24h`, `7d`."""

    name = "time"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> timedelta:
        """Return the length of time a text says."""
        if isinstance(value, timedelta):
            return value
        found = _SPAN.fullmatch(str(value))
        if found is None:
            self.fail("expected minutes, hours or days, such as 30m, 24h or 7d", param, ctx)
        return timedelta(**{_UNITS[found[2]]: int(found[1])})


def now() -> datetime:
    """Return the present."""
    return datetime.now(UTC)


def text_of(moment: datetime) -> str:
    """Return a time in UTC as the store keeps it: RFC 3339 with milliseconds and a Z."""
    utc = moment.astimezone(UTC).replace(tzinfo=None)
    return utc.isoformat(timespec="milliseconds") + "Z"
