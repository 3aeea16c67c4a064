"""The authenticationSchemes of a tenant (RFC 7643 section 5): the ways in which it really takes tokens."""

from collections.abc import Collection
from typing import Final

CLIENT: Final = "client"
"""Beside the words for ways to send a token: this deployment gives out short-lived ones."""

_BEARER: Final = {
    "type": "oauthbearertoken",
    "name": "Bearer token",
    "description": "A token in the Authorization header after the word Bearer.",
    "specUri": "https://www.rfc-editor.org/info/rfc6750",
}
_BARE: Final = {**_BEARER, "description": "A token in the Authorization header, without any word."}
_EITHER: Final = {
    **_BEARER,
    "description": "A token in the Authorization header, after the word Bearer or without any word.",
}
_BASIC: Final = {
    "type": "httpbasic",
    "name": "HTTP Basic",
    "description": "A token as the password, with its id as the user name.",
    "specUri": "https://www.rfc-editor.org/info/rfc7617",
}
_TOKEN: Final = {
    "type": "token",
    "name": "Token",
    "description": "A token in the Authorization header after the word Token.",
}
_CLIENT: Final = {
    "type": "oauth2",
    "name": "OAuth 2.0 client credentials",
    "description": (
        "A short-lived Bearer token for a client's secret or signed assertion;"
        " /.well-known/oauth-authorization-server says where."
    ),
    "specUri": "https://www.rfc-editor.org/info/rfc6749",
}


def authentication_schemes(ways: Collection[str]) -> list[dict[str, object]]:
    """Return what ServiceProviderConfig says of a tenant's ways; the first is the primary one."""
    found = []
    if "bearer" in ways:
        found.append(_EITHER if "bare" in ways else _BEARER)
    elif "bare" in ways:
        found.append(_BARE)
    found += [scheme for way, scheme in (("basic", _BASIC), ("token", _TOKEN)) if way in ways]
    # What the token endpoint gives out is sent as a Bearer token.
    if CLIENT in ways and not {"bearer", "bare"}.isdisjoint(ways):
        found.append(_CLIENT)
    return [{**scheme, "primary": number == 0} for number, scheme in enumerate(found)]
