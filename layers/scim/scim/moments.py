"""Points in time as they are stored and shown: RFC 3339 in UTC with milliseconds and a Z."""

from datetime import datetime, timedelta


def time_text(moment: datetime) -> str:
    """Return a datetime in UTC as it is stored and shown."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def later(moment: str, span: timedelta) -> str:
    """Return a time plus a span."""
    return time_text(datetime.fromisoformat(moment) + span)


def seconds_of(moment: str) -> int:
    """Return a time in whole seconds since 1970."""
    return int(datetime.fromisoformat(moment).timestamp())
