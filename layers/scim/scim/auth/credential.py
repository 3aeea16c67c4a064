"""The bearer token in an Authorization header, or nothing."""

import re
from collections.abc import Mapping

MAX_LENGTH = 8192
_TOKEN = re.compile(r"[A-Za-z0-9\-._~+/]+=*", re.ASCII)
"""b64token of RFC 6750 section 2.1."""


def token_in(headers: Mapping[str, str], minimum_length: int) -> str | None:
    """Return the token of `Authorization: Bearer x`, or of a bare `x` (Okta), else None.

    A token that is shorter than any this deployment makes, longer than 8 KiB or not of
    RFC 6750's alphabet is none: it never reaches the store.
    """
    value = next((v for name, v in headers.items() if name.lower() == "authorization"), "")
    if len(value) > MAX_LENGTH:
        return None
    match value.split():
        case [scheme, token] if scheme.lower() == "bearer":
            pass
        case [token]:
            pass
        case _:
            return None
    return token if len(token) >= minimum_length and _TOKEN.fullmatch(token) else None
