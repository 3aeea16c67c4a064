"""Points in time as they are stored: RFC 3339 in UTC with milliseconds and a Z."""

from datetime import datetime, timedelta


def later(moment: str, span: timedelta) -> str:
    """Return the time that is later than another by a span."""
    shifted = datetime.fromisoformat(moment) + span
    return shifted.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def seconds_of(moment: str) -> int:
    """Return a time in seconds since 1970."""
    return int(datetime.fromisoformat(moment).timestamp())
