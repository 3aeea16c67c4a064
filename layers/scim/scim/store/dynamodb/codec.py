"""Bodies as compact bytes: JSON, deflated with a preset dictionary, a codec byte in front.

The codec byte says which dictionary; a dictionary that has been released never changes.
"""

import json
import zlib
from collections.abc import Mapping
from pathlib import Path

from scim.errors import InvalidValue

CURRENT = 1
DICTIONARIES: Mapping[int, bytes] = {
    1: Path(__file__).with_name("dictionaries").joinpath("1.txt").read_bytes()
}
RAW = -zlib.MAX_WBITS


class UnknownCodec(Exception):
    """The bytes were written by a codec this version does not have."""

    def __init__(self, codec: int | None) -> None:
        super().__init__(f"stored bytes need codec {codec}; this version knows {CURRENT}")


def packed(value: object) -> bytes:
    """Return a JSON value as bytes to store."""
    try:
        plain = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError as broken:
        raise InvalidValue("A text holds half of a surrogate pair; send whole characters.") from (
            broken
        )
    deflater = zlib.compressobj(9, wbits=RAW, zdict=DICTIONARIES[CURRENT])
    return bytes((CURRENT,)) + deflater.compress(plain) + deflater.flush()


def unpacked(stored: bytes) -> object:
    """Return the JSON value the bytes hold."""
    plain: object = json.loads(inflated(stored))
    return plain


def inflated(stored: bytes) -> str:
    """Return the JSON text the bytes hold."""
    codec = stored[0] if stored else None
    if codec is None or codec not in DICTIONARIES:
        raise UnknownCodec(codec)
    inflater = zlib.decompressobj(wbits=RAW, zdict=DICTIONARIES[codec])
    return (inflater.decompress(stored[1:]) + inflater.flush()).decode()
