"""The system's clock and randomness, as adapters for the ports `Clock` and `Ids`."""

import secrets
import time
import zlib
from datetime import UTC, datetime

from scim.base64url import base64url
from scim.moments import time_text


class SystemClock:
    """The time of this machine."""

    def now(self) -> str:
        """Return the current time in UTC, RFC 3339 with milliseconds and a Z."""
        return time_text(datetime.now(UTC))

    def pause(self, most: float) -> None:
        """Wait a random time of up to `most` seconds; clones of one snapshot do not wait equally long."""
        time.sleep(secrets.SystemRandom().uniform(0, most))


class RandomIds:
    """Makes identifiers that no client can predict or choose."""

    def new(self) -> str:
        """Return a random UUID (version 4)."""
        from uuid import uuid4  # noqa: PLC0415 - it imports much, and only creations need it

        return str(uuid4())

    def ordered(self, now: str) -> str:
        """Return a UUID of an RFC 3339 time and 74 random bits (version 7, RFC 9562 section 5.7)."""
        from uuid import UUID  # noqa: PLC0415 - as above

        milliseconds = round(datetime.fromisoformat(now).timestamp() * 1000)
        version, variant = 7 << 76, 2 << 62
        random = secrets.randbits(12) << 64 | secrets.randbits(62)
        return str(UUID(int=milliseconds << 80 | version | variant | random))


BITS = 256


def short_id(size: int) -> str:
    """Return an id of `size` random bytes in hex, for an operator to type."""
    return secrets.token_hex(size)


def minted(token_id: str) -> str:
    """Return a new secret: `scim_<token id>_<256 random bits><checksum>`, base64url.

    The prefix lets secret scanners find leaked secrets.
    """
    random = base64url(secrets.token_bytes(BITS // 8))
    checksum = base64url(zlib.crc32(random.encode()).to_bytes(4, "big"))
    return f"scim_{token_id}_{random}{checksum}"
