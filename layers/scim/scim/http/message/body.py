"""A request body as JSON; refuses JSON that two parsers could read differently."""

import json
import math
from codecs import BOM_UTF8
from collections.abc import Mapping
from email.message import Message
from functools import lru_cache

from scim.errors import InvalidSyntax, PayloadTooLarge, UnsupportedMediaType
from scim.http.message.request import Request
from scim.resource.value import printable_name

MAX_DEPTH = 32
MEDIA_TYPES = ("application/scim+json", "application/json")


def json_object(request: Request, max_bytes: int) -> dict[str, object]:
    """Return the body, a JSON object.

    Raises UnsupportedMediaType, PayloadTooLarge, and InvalidSyntax for malformed JSON, names that
    are equal or differ only in case, NaN and infinities, lone surrogates, nesting deeper than 32
    and any value other than an object.
    """
    _require_media_type(request.headers.get("content-type"))
    if len(request.body) > max_bytes:
        raise PayloadTooLarge(
            f"The body has {len(request.body)} bytes; at most {max_bytes} are taken."
        )
    text = _decoded(request.body)
    value = _parsed(text)
    if not isinstance(value, dict):
        raise InvalidSyntax(f"The body must be a JSON object, not {_kind(value)}.")
    # Deeper nesting needs more brackets than this, and a lone surrogate needs an escape.
    if text.count("{") + text.count("[") > MAX_DEPTH or "\\u" in text:
        _require_shallow_text(value)
    return value


@lru_cache(maxsize=64)
def _require_media_type(header: str | None) -> None:
    if not header:
        return
    message = Message()
    message["content-type"] = header
    if message.get_content_type() not in MEDIA_TYPES:
        raise UnsupportedMediaType(f"Content-Type must be {' or '.join(MEDIA_TYPES)}.")
    charset = message.get_content_charset("utf-8")
    if charset not in ("utf-8", "utf8", "us-ascii"):
        raise UnsupportedMediaType("The charset of Content-Type must be utf-8.")


def _decoded(body: bytes) -> str:
    if not body or body.isspace():
        raise InvalidSyntax("The body is empty; a JSON object was expected.")
    try:
        return body.removeprefix(BOM_UTF8).decode()
    except UnicodeDecodeError as error:
        raise InvalidSyntax(f"The body is not valid UTF-8 at byte {error.start}.") from error


def _parsed(text: str) -> object:
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno} column {error.colno}"
        raise InvalidSyntax(f"The body is not valid JSON at {place}: {error.msg}.") from error
    except RecursionError as error:
        raise InvalidSyntax(f"The body is nested deeper than {MAX_DEPTH}.") from error


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(set(map(str.casefold, members))) < len(pairs):
        folded_names: set[str] = set()
        for name, _ in pairs:
            if name.casefold() in folded_names:
                raise InvalidSyntax(
                    f"The name '{printable_name(name)}' stands twice in one object."
                )
            folded_names.add(name.casefold())
    return members


def _refuse_constant(name: str) -> object:
    raise InvalidSyntax(f"{name} is not a JSON number.")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise InvalidSyntax("A number is too large.")
    return number


def _bounded(text: str) -> int:
    if len(text) > 20:
        raise InvalidSyntax("A number has more than 20 digits.")
    return int(text)


def _require_shallow_text(value: object) -> None:
    level: list[object] = [value]
    for _ in range(MAX_DEPTH + 1):
        if not level:
            return
        for member in level:
            if isinstance(member, str):
                _require_text(member)
        level = [child for parent in level for child in _children(parent)]
    raise InvalidSyntax(f"The body is nested deeper than {MAX_DEPTH}.")


def _children(value: object) -> list[object]:
    if isinstance(value, Mapping):
        return [*value, *value.values()]
    return value if isinstance(value, list) else []


def _require_text(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise InvalidSyntax("A string holds half of a surrogate pair.") from error


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_constant=_refuse_constant,
    parse_float=_finite,
    parse_int=_bounded,
)


def _kind(value: object) -> str:
    names = {list: "an array", str: "a string", bool: "a boolean", type(None): "null"}
    return names.get(type(value), "a number")
