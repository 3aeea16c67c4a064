"""Cursors: where a walk continues, sealed so that only this server can read or make one (RFC 9865)."""

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scim.base64url import base64url, bytes_in
from scim.errors import ExpiredCursor, InvalidCursor
from scim.service.query.matches import Position

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV

_FORM = re.compile(r"[A-Za-z0-9_-]{1,8192}")


@dataclass(frozen=True, slots=True)
class Cursor:
    """The position after which a page begins, or before which it ends when it goes back.

    `total` is the number of matches when they were counted, None when they are counted for every
    page; `end` is when the cursor expires, in seconds since 1970.
    """

    position: Position | None
    end: int
    total: int | None = None
    goes_back: bool = False


@dataclass(frozen=True, slots=True)
class CursorCipher:
    """Seals cursors for one tenant and one query; only the same tenant and query can open them."""

    key: bytes
    tenant: str
    walk: str

    def sealed(self, cursor: Cursor) -> str:
        """Return the cursor as text that needs no quoting in a URL."""
        fields = [cursor.position, cursor.end, cursor.total, cursor.goes_back]
        plaintext = json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()
        return base64url(_cipher(self.key).encrypt(plaintext, self._bound()))

    def opened(self, text: str, now: int) -> Cursor:
        """Return the cursor in the text. Raises InvalidCursor and ExpiredCursor."""
        cursor = self._read(text)
        if cursor.end < now:
            raise ExpiredCursor("The cursor has expired; begin with an empty one.")
        return cursor

    def _read(self, text: str) -> Cursor:
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - heavy, and few need it

        try:
            plaintext = _cipher(self.key).decrypt(_bytes_of(text), self._bound())
        except (ValueError, InvalidTag) as error:
            raise InvalidCursor(
                "The cursor is not one of this query; send nextCursor or previousCursor of the"
                " page before with otherwise the same query, or an empty cursor to begin."
            ) from error
        position, end, total, goes_back = json.loads(plaintext)
        return Cursor(None if position is None else tuple(position), end, total, goes_back)

    def _bound(self) -> list[bytes]:
        return [b"cursor 1", self.tenant.encode(), self.walk.encode()]


def _bytes_of(text: str) -> bytes:
    if _FORM.fullmatch(text) is None:
        raise ValueError("not a cursor's characters")
    return bytes_in(text)


def _cipher(key: bytes) -> "AESSIV":
    # AES-SIV needs no randomness and tolerates repetition; imported here because few requests need it.
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV  # noqa: PLC0415 - heavy

    return AESSIV(key)
