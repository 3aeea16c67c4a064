"""Checks an event that was pushed or polled, before an application believes it: copy it. Needs PyJWT[crypto]."""

from typing import Any

import jwt

NAMED = ["iss", "aud", "iat", "jti"]


def checked(event: str, jwks: dict[str, Any], issuer: str, audience: str) -> dict[str, Any]:
    """Return the claims of an event for this application. Raises jwt.PyJWTError for any other.

    `jwks` is the JSON at /scim/jwks: read it once, and again if no key has the event's `kid`.
    """
    header = jwt.get_unverified_header(event)
    if header.get("typ") != "secevent+jwt":
        raise jwt.InvalidTokenError("not a security event token")
    keys = {key.key_id: key for key in jwt.PyJWKSet.from_dict(jwks).keys}
    if header.get("kid") not in keys:
        raise jwt.InvalidKeyError("signed with a key that the service does not publish")
    options: Any = {"require": NAMED}
    key = keys[header["kid"]]
    claims: dict[str, Any] = jwt.decode(
        event, key, ["ES256"], options, issuer=issuer, audience=audience, leeway=60
    )
    return claims
