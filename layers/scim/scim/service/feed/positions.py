"""Positions in the change log as clients hold them: sealed the way cursors are."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from scim.errors import ExpiredCursor, InvalidCursor, InvalidValue
from scim.moments import later, seconds_of
from scim.service.endpoint import Endpoint
from scim.service.query.cursor import Cursor, CursorCipher

TOKEN, PAGE = "delta token", "delta page"
"""The purposes of the two kinds of sealed text: neither opens as the other."""
_AGAIN = "read all resources again, then use a new token."
_EXPIRED = f"The delta token has expired; {_AGAIN}"


@dataclass(frozen=True, slots=True)
class DeltaToken:
    """A point in the log: the position in each lane, and when the token was issued (RFC 3339)."""

    positions: tuple[int, ...]
    at: str

    def require_logged(self, ends: tuple[int, ...]) -> None:
        """Raise InvalidValue for a token from after the end of the log: the table was restored."""
        if any(position > end for position, end in zip(self.positions, ends, strict=False)):
            raise InvalidValue(f"The directory was restored to before the delta token; {_AGAIN}")


@dataclass(frozen=True, slots=True)
class Seals:
    """Seals and opens delta tokens and page cursors for one tenant and what one caller may see."""

    endpoint: Endpoint
    now: str

    @classmethod
    def of(cls, endpoint: Endpoint) -> "Seals":
        """Return the seals for a request made now."""
        return cls(endpoint, endpoint.clock.now())

    def token(self, token: DeltaToken, days: int) -> dict[str, object]:
        """Return a delta token and its expiry in the shape of draft-sehgal-scim-delta-query."""
        end = seconds_of(self.now) + days * 86400
        value = self._cipher(TOKEN).sealed(Cursor((*map(str, token.positions), token.at), end))
        expiry = datetime.fromtimestamp(end, UTC).isoformat().replace("+00:00", "Z")
        return {"value": value, "expiry": expiry}

    def token_in(self, text: str, days: int) -> DeltaToken:
        """Return what a delta token stands for. Raises InvalidValue for one that is invalid or expired.

        `days` is how long the log is kept now: fewer days end the tokens from before them, too.
        """
        try:
            cursor = self._cipher(TOKEN).opened(text, seconds_of(self.now))
        except ExpiredCursor as error:
            raise InvalidValue(_EXPIRED) from error
        except InvalidCursor as error:
            raise InvalidValue(
                "The delta token does not belong to these credentials; get one from .deltaToken."
            ) from error
        *positions, moment = cursor.position or ("",)
        if moment < later(self.now, timedelta(days=-days)):
            raise InvalidValue(_EXPIRED)
        return DeltaToken(tuple(map(int, positions)), moment)

    def page(self, positions: tuple[int, ...], ends: tuple[int, ...], token: str) -> str:
        """Return the cursor of the next page of a walk from `positions` up to `ends`."""
        end = seconds_of(self.now) + self.endpoint.bounds.cursor_seconds
        numbers = (*map(str, positions), *map(str, ends))
        return self._cipher(f"{PAGE} {token}").sealed(Cursor(numbers, end))

    def page_in(self, text: str, token: str) -> tuple[list[int], tuple[int, ...]]:
        """Return the positions and ends in a cursor. Raises InvalidCursor and ExpiredCursor."""
        cursor = self._cipher(f"{PAGE} {token}").opened(text, seconds_of(self.now))
        numbers = list(map(int, cursor.position or ()))
        half = len(numbers) // 2
        return numbers[:half], tuple(numbers[half:])

    def _cipher(self, purpose: str) -> CursorCipher:
        key = self.endpoint.directory.sealing_key(self.endpoint.tenant)
        return CursorCipher(key, self.endpoint.tenant, purpose)
