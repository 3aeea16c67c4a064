"""Compact JSON text: what is stored is the very text that is answered, so both are written in one way."""

import json
from collections.abc import Callable
from json import encoder as _encoder
from typing import Any, Final

Encode = Callable[[object], str]
_decode = json.JSONDecoder().raw_decode


def value_of(text: str) -> Any:
    """Return the value of JSON text with nothing around it; `json.loads` looks for blanks there first, twice.

    Raises ValueError where it does not begin with JSON; what comes behind that is passed over.
    """
    return _decode(text)[0]


def encode_by(
    default: Callable[[Any], object],
    item_separator: str = ",",
    key_separator: str = ":",
    *,
    ensure_ascii: bool = False,
) -> Encode:
    """Return what `json.JSONEncoder` with these settings encodes by, made once.

    The standard library makes its encoder anew for each value, which takes longer than to encode one as small as ours.
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
"""Returns a JSON value as text without spaces; a Mapping that is no dict is an object, too."""

_ascii_text: Final = encode_by(dict, ensure_ascii=True)


def json_line(value: object) -> bytes:
    """Return a JSON value as a line, in ASCII: no character of a client's can look like the end of one."""
    return _ascii_text(value).encode() + b"\n"
