"""The credential in an Authorization header."""

import base64
import re
from collections.abc import Mapping
from typing import NamedTuple

MAX_LENGTH = 8192
_TOKEN = re.compile(r"[A-Za-z0-9\-._~+/]+=*", re.ASCII)
"""b64token of RFC 6750 section 2.1."""


class Credential(NamedTuple):
    """A token, the scheme that carried it, and the user name of Basic, empty for other schemes."""

    scheme: str
    token: str
    user: str = ""


def credential_in(headers: Mapping[str, str], minimum_length: int) -> Credential | None:
    """Return the credential in `Bearer x`, `Bearer Bearer x`, `Token x`, a bare `x` (Okta) or `Basic …`.

    The caller checks that the tenant accepts the scheme. Returns None, so that the store is not
    asked, for a token shorter than any that this deployment makes, a header longer than 8 KiB, or
    characters outside RFC 6750's alphabet.
    """
    value = next((v for name, v in headers.items() if name.lower() == "authorization"), "")
    if len(value) > MAX_LENGTH:
        return None
    credential = _read(value)
    if credential is None or len(credential.token) < minimum_length:
        return None
    return credential if _TOKEN.fullmatch(credential.token) else None


def _read(value: str) -> Credential | None:
    match value.split():
        case [scheme, pair] if scheme.lower() == "basic":
            return _basic(pair)
        case [scheme, token] if scheme.lower() in ("bearer", "token"):
            return Credential(scheme.lower(), token)
        case [scheme, second_scheme, token] if {scheme.lower(), second_scheme.lower()} == {
            "bearer"
        }:
            # An administrator entered the whole header value in the field for the token.
            return Credential("bearer", token)
        case [token]:
            return Credential("bare", token)
        case _:
            return None


def _basic(pair: str) -> Credential | None:
    """Return the password as the token (RFC 7617 section 2)."""
    try:
        user, colon, password = base64.b64decode(pair, validate=True).decode().partition(":")
    except ValueError:
        return None
    return Credential("basic", password, user) if colon and user else None
