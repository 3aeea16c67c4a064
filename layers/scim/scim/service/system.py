"""The system's clock and randomness behind the ports that ask for them."""

from datetime import UTC, datetime
from uuid import uuid4


class SystemClock:
    """Tells this machine's time."""

    def now(self) -> str:
        """Return the present in UTC, RFC 3339 with milliseconds and a Z."""
        return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class RandomIds:
    """Makes identifiers no client can foresee or choose."""

    def new(self) -> str:
        """Return a random UUID (version 4)."""
        return str(uuid4())
