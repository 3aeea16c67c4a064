"""Reads a JWT strictly, before its signature is verified.

The unverified content only selects the configuration with which the token is then verified.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from scim.base64url import base64url, bytes_in

MAX_LENGTH = 8192


class IssuerSilent(Exception):
    """The token cannot be verified because its issuer does not respond.

    When the authorizer raises it, API Gateway responds with 503 and Retry-After. A 401 would tell a
    client that its valid token is invalid, and clients then stop.
    """


class NotBelieved(Exception):
    """The token is refused; the message gives the reason for the operator's log, without its content."""


@dataclass(frozen=True, slots=True)
class Unverified:
    """The header and the claims of a JWT whose signature is not verified yet."""

    header: Mapping[str, Any]
    claims: Mapping[str, Any]


def is_compact(token: str) -> bool:
    """Return whether a token has the form of a signed JWT (RFC 7515 section 7.1)."""
    return token.count(".") == 2


def unverified_of(token: str) -> Unverified:
    """Return the content of a JWT. Raises NotBelieved unless it is in RFC 7515's only valid encoding."""
    if len(token) > MAX_LENGTH:
        raise NotBelieved(f"longer than {MAX_LENGTH} characters")
    header, claims, signature = token.split(".")
    _decoded(signature)
    return Unverified(strict_object(_decoded(header)), strict_object(_decoded(claims)))


def strict_object(text: bytes | str) -> dict[str, Any]:
    """Return a JSON object. Raises NotBelieved when two parsers could read the text differently."""
    try:
        value = _DECODER.decode(text if isinstance(text, str) else text.decode())
        # JSON escapes can contain half a surrogate pair, which no encoding can represent.
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise NotBelieved("not JSON") from error
    if not isinstance(value, dict):
        raise NotBelieved("not a JSON object")
    return value


def _decoded(segment: str) -> bytes:
    try:
        decoded = bytes_in(segment)
    except ValueError as error:
        raise NotBelieved("not base64url") from error
    # Refuse other encodings: padding, other characters, and stray bits at the end.
    if not decoded or base64url(decoded) != segment:
        raise NotBelieved("not base64url")
    return decoded


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise NotBelieved("a member is there twice")
    return members


def _refuse_constant(constant: str) -> NoReturn:
    raise NotBelieved(f"{constant} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise NotBelieved("a number in it is too large")
    return number


_DECODER = json.JSONDecoder(
    object_pairs_hook=_without_repeats, parse_constant=_refuse_constant, parse_float=_finite
)
