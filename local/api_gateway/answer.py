"""The response of a Lambda proxy integration, checked as API Gateway checks it."""

from base64 import b64decode
from collections.abc import Mapping
from typing import Any

from local.http import Answer, Headers

_MEMBERS = {"statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"}
# API Gateway renames these. We do so too, so that a function that relies on them fails here as well.
_REMAPPED = {"connection", "content-length", "date", "server", "www-authenticate"}
_NEVER_SENT = {"transfer-encoding"}


class MalformedAnswerError(ValueError):
    """The function's result is not a response of a Lambda proxy integration; clients see a 502."""


def answer_of(payload: Any, accept: str | None, binary_types: tuple[str, ...]) -> Answer:
    """Return the HTTP response for a function's result. Raises MalformedAnswerError."""
    if not isinstance(payload, Mapping):
        raise MalformedAnswerError("The answer is not an object.")
    if unknown := payload.keys() - _MEMBERS:
        raise MalformedAnswerError(
            f"The answer has members of no meaning: {', '.join(sorted(unknown))}."
        )
    body = payload.get("body")
    if body is not None and not isinstance(body, str):
        raise MalformedAnswerError("The body is not a string.")
    return Answer(
        _status(payload), _headers(payload), _bytes(body or "", payload, accept, binary_types)
    )


def _status(payload: Mapping[str, Any]) -> int:
    try:
        status = int(payload["statusCode"])
    except (KeyError, TypeError, ValueError) as error:
        raise MalformedAnswerError("The statusCode is not a number.") from error
    if not 100 <= status <= 599:
        raise MalformedAnswerError("The statusCode is not one of HTTP.")
    return status


def _headers(payload: Mapping[str, Any]) -> Headers:
    pairs = _header_pairs(payload)
    if not any(name.lower() == "content-type" for name, _ in pairs):
        pairs.append(("Content-Type", "application/json"))
    return tuple(
        (f"x-amzn-Remapped-{name}" if name.lower() in _REMAPPED else name, value)
        for name, value in pairs
        if name.lower() not in _NEVER_SENT
    )


def _header_pairs(payload: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the headers that the function set."""
    single, multiple = (
        {} if payload.get(member) is None else payload[member]
        for member in ("headers", "multiValueHeaders")
    )
    if not isinstance(single, Mapping) or not isinstance(multiple, Mapping):
        raise MalformedAnswerError("The headers are not objects.")
    # For a name in both maps, the values of multiValueHeaders apply.
    several = {str(name).lower() for name in multiple}
    pairs = [
        (str(name), _text(value))
        for name, value in single.items()
        if str(name).lower() not in several
    ]
    for name, values in multiple.items():
        if not isinstance(values, list):
            raise MalformedAnswerError(f"The values of {name} are not a list.")
        pairs += [(str(name), _text(value)) for value in values]
    return pairs


def _text(value: Any) -> str:
    match value:
        case str():
            text = value
        case bool():
            text = str(value).lower()
        case int() | float():
            text = str(value)
        case _:
            raise MalformedAnswerError("A header's value is not text.")
    if "\r" in text or "\n" in text:
        raise MalformedAnswerError("A header's value has a line break.")
    return text


def _bytes(
    body: str, payload: Mapping[str, Any], accept: str | None, binary_types: tuple[str, ...]
) -> bytes:
    if payload.get("isBase64Encoded") is not True:
        return body.encode("utf-8", errors="surrogatepass")
    # Only the first media type of Accept counts, and only if the API declares it as binary.
    first = (accept or "*/*").split(",")[0].partition(";")[0].strip().lower()
    if not any(binary in ("*/*", first) for binary in binary_types):
        return body.encode()
    try:
        return b64decode(body, validate=True)
    except ValueError as error:
        raise MalformedAnswerError("The body is not base64.") from error
