"""Signed tokens: verifies claims with the keys that their issuer publishes.

Imported only for a token that is a JWT, because cryptography takes longer to load than all the rest.
"""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from jwt import PyJWT
from jwt.exceptions import (
    ExpiredSignatureError,
    ImmatureSignatureError,
    InvalidAudienceError,
    InvalidSignatureError,
    MissingRequiredClaimError,
    PyJWTError,
)
from jwt.types import Options

from scim.access.issuer import Issuer
from scim.auth.jwks import KeySets
from scim.auth.jws import NotBelieved, Unverified

_JWT = PyJWT()
_OPTIONS: Options = {
    "require": ["exp", "iss", "aud"],
    "enforce_minimum_key_length": True,
}
_REASONS: Mapping[type[PyJWTError], str] = {
    ExpiredSignatureError: "it has expired",
    ImmatureSignatureError: "it is not valid yet: the clock of its issuer is ahead by more than leeway",
    InvalidAudienceError: "its audience is none of the audiences that the issuer is configured for",
    InvalidSignatureError: "its signature is not that of the key which the issuer publishes",
    MissingRequiredClaimError: "it lacks exp or aud",
}
"""Why PyJWT refuses a token, in the words of the operator's log."""


@dataclass(frozen=True, slots=True)
class SignedTokens:
    """Verifies tokens with the keys that their issuers publish; one object serves all requests."""

    keys: KeySets
    now: Callable[[], float] = time.time

    def claims(self, token: str, unverified: Unverified, issuer: Issuer) -> Mapping[str, Any]:
        """Return the claims of a token that this issuer signed for us. Raises NotBelieved otherwise.

        Keys in the token (`jwk`, `x5c`) and references to keys (`jku`, `x5u`) are ignored.
        """
        kid, algorithm = _key_reference(unverified.header, issuer)
        key = self.keys.key(str(issuer.jwks_uri), kid, algorithm)
        try:
            claims: dict[str, Any] = _JWT.decode(
                token,
                key.jwk,
                algorithms=[key.algorithm],
                issuer=issuer.issuer,
                audience=issuer.audiences,
                leeway=issuer.leeway,
                options=_OPTIONS,
            )
        except PyJWTError as error:
            raise NotBelieved(_REASONS.get(type(error), type(error).__name__)) from error
        # jws.py and PyJWT read the same bytes, and must agree on the claims.
        if json.dumps(claims) != json.dumps(unverified.claims):
            raise NotBelieved("ambiguous claims")
        _check_lifetime(claims, issuer, self.now())
        return claims


def _key_reference(header: Mapping[str, Any], issuer: Issuer) -> tuple[str | None, str]:
    algorithm, kid, token_type = header.get("alg"), header.get("kid"), header.get("typ")
    if algorithm not in issuer.algorithms:
        raise NotBelieved("signed in a way the issuer is not configured for")
    if "crit" in header or "b64" in header:
        # RFC 7515 section 4.1.11: a token with an unknown critical extension is refused.
        raise NotBelieved("its header asks for an extension")
    if not (kid is None or isinstance(kid, str)):
        raise NotBelieved("its key id is not text")
    if issuer.types and _media_type(token_type) not in {
        _media_type(issuer_type) for issuer_type in issuer.types
    }:
        raise NotBelieved("not of the type the issuer is configured for")
    return kid, str(algorithm)


def _media_type(value: object) -> str:
    """Return a `typ` without the prefix that RFC 7515 section 4.1.9 makes optional."""
    return str(value).lower().removeprefix("application/")


def _check_lifetime(claims: Mapping[str, Any], issuer: Issuer, now: float) -> None:
    times = {name: claims[name] for name in ("exp", "iat", "nbf") if name in claims}
    if any(
        isinstance(value, bool) or not isinstance(value, int | float) for value in times.values()
    ):
        raise NotBelieved("a time in it is not a number")
    issued_at = times.get("iat", times.get("nbf", now))
    if times["exp"] > issued_at + issuer.maximum_lifetime + issuer.leeway:
        raise NotBelieved("valid for longer than the issuer is configured for")
