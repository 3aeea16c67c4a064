"""Points in time as they are stored: RFC 3339 in UTC with milliseconds and a Z."""

from datetime import datetime, timedelta

from scim.service.system import time_text


def later(moment: str, span: timedelta) -> str:
    """Return the time that is later than another by a span."""
    return time_text(datetime.fromisoformat(moment) + span)


def seconds_of(moment: str) -> int:
    """Return a time in seconds since 1970."""
    return int(datetime.fromisoformat(moment).timestamp())
