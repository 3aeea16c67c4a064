"""A JWT's own word for itself, read strictly and believed in nothing.

What is read here only chooses by which configuration the token is then verified.
"""

import base64
import binascii
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

MAX_LENGTH = 8192


class IssuerSilent(Exception):
    """Whether the token is believed cannot be told: who could vouch for it does not answer.

    API Gateway answers 503 with Retry-After when the authorizer fails with it. To a client that
    sent a good token 401 would say that it is none, and clients stop at that.
    """


class NotBelieved(Exception):
    """A token that is refused; the message says why to the operator's log, never with its content."""


@dataclass(frozen=True, slots=True)
class Unverified:
    """The header and the claims of a JWT before anybody has looked at its signature."""

    header: Mapping[str, Any]
    claims: Mapping[str, Any]


def is_compact(token: str) -> bool:
    """Tell whether a token has the form of a signed JWT (RFC 7515 section 7.1)."""
    return token.count(".") == 2


def unverified_of(token: str) -> Unverified:
    """Return what a JWT says, or raise NotBelieved where RFC 7515 leaves only one way to write it."""
    if len(token) > MAX_LENGTH:
        raise NotBelieved(f"longer than {MAX_LENGTH} characters")
    header, claims, signature = token.split(".")
    _decoded(signature)
    return Unverified(strict_object(_decoded(header)), strict_object(_decoded(claims)))


def strict_object(text: bytes | str) -> dict[str, Any]:
    """Return a JSON object, or raise NotBelieved where two parsers could read it as two."""
    try:
        value = _DECODER.decode(text if isinstance(text, str) else text.decode())
        # Half of a surrogate pair can be written, and is no text of any encoding.
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise NotBelieved("not JSON") from error
    if not isinstance(value, dict):
        raise NotBelieved("not a JSON object")
    return value


def _decoded(segment: str) -> bytes:
    try:
        padding = "=" * (-len(segment) % 4)
        decoded = base64.b64decode(segment + padding, altchars=b"-_", validate=True)
    except (ValueError, binascii.Error) as error:
        raise NotBelieved("not base64url") from error
    # Padding, characters of the other alphabet and stray bits at the end are other spellings.
    if not decoded or base64.urlsafe_b64encode(decoded).rstrip(b"=").decode() != segment:
        raise NotBelieved("not base64url")
    return decoded


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise NotBelieved("a member is there twice")
    return members


def _refused(constant: str) -> NoReturn:
    raise NotBelieved(f"{constant} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise NotBelieved("a number in it is too large")
    return number


_DECODER = json.JSONDecoder(
    object_pairs_hook=_without_repeats, parse_constant=_refused, parse_float=_finite
)
