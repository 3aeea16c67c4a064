"""Compact JSON text: the stored text is sent to clients as it is, so both are written the same way."""

import json
from collections.abc import Callable
from json import encoder as _encoder
from typing import Any, Final

Encode = Callable[[object], str]
_decode = json.JSONDecoder().raw_decode


def value_of(text: str) -> Any:
    """Return the value of JSON text without white space around it, which `json.loads` would look for first.

    Raises ValueError where the text does not begin with JSON; anything after the value is ignored.
    """
    return _decode(text)[0]


def carried_bytes(text: str) -> int:
    """Return the bytes of JSON text as a string within the JSON that a function answers with: quotes and backslashes take two."""
    return len(text.encode(errors="replace")) + text.count('"') + text.count("\\")


def encode_by(
    default: Callable[[Any], object],
    item_separator: str = ",",
    key_separator: str = ":",
    *,
    ensure_ascii: bool = False,
) -> Encode:
    """Return the encoding function of a `json.JSONEncoder` with these settings, created once.

    The standard library creates its encoder for each value, which takes longer than encoding a small one.
    """
    make: Any = getattr(_encoder, "c_make_encoder", None)
    if make is None:
        separators = (item_separator, key_separator)
        return json.JSONEncoder(
            default=default, separators=separators, ensure_ascii=ensure_ascii
        ).encode
    quoted = _encoder.encode_basestring_ascii if ensure_ascii else _encoder.encode_basestring
    parts = make(
        markers=None,
        default=default,
        encoder=quoted,
        indent=None,
        key_separator=key_separator,
        item_separator=item_separator,
        sort_keys=False,
        skipkeys=False,
        allow_nan=True,
    )
    return lambda value: "".join(parts(value, 0))


json_text: Final = encode_by(dict)
"""Returns a JSON value as text without spaces; any Mapping becomes an object."""


def element_bytes(value: object) -> int:
    """Return the bytes of a JSON value as an element of an array, with its comma, as `carried_bytes` counts them."""
    return carried_bytes(json_text(value)) + len(",")


_ascii_text: Final = encode_by(dict, ensure_ascii=True)


def json_line(value: object) -> bytes:
    """Return a JSON value as one line of ASCII: no character in a client's value can be taken for a line end."""
    return _ascii_text(value).encode() + b"\n"
