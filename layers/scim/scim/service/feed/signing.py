"""Security event tokens in compact form (RFC 8417), signed with the deployment's event key."""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, Protocol

from scim.base64url import base64url
from scim.service.feed.events import Claims

KEYS_PATH: Final = "/scim/jwks"
"""The path of the public keys, open to everyone."""
ALGORITHM: Final = "ES256"
TYPE: Final = "secevent+jwt"

SIGNATURES: Final = 200
LARGEST: Final = 4096
"""How many signatures an instance caches, and the most bytes of a SET whose signature it caches."""

Sign = Callable[[Claims], str]
"""Returns a SET in its compact form."""


class EventKey(Protocol):
    """A signer whose P-256 key never leaves it."""

    @property
    def kid(self) -> str: ...
    def public_jwks(self) -> Sequence[Mapping[str, str]]:
        """Return the public keys of valid signatures, each with its `kid`."""

    def sign(self, message: bytes) -> bytes:
        """Return the ES256 signature: its two numbers, 32 bytes each."""


def signed_with(key: EventKey) -> Sign:
    """Return the function that signs SETs; `kid` names the key of the JWKS that verifies them.

    It caches the last SIGNATURES signatures: a redelivered SET is the same, and each signature is a call.
    """
    cached_sign = lru_cache(maxsize=SIGNATURES)(key.sign)

    def sign(claims: Claims) -> str:
        header = {"typ": TYPE, "alg": ALGORITHM, "kid": key.kid}
        signing_input = f"{_encoded(header)}.{_encoded(claims)}"
        message = signing_input.encode()
        signature = cached_sign(message) if len(message) <= LARGEST else key.sign(message)
        return f"{signing_input}.{base64url(signature)}"

    return sign


def unsecured(claims: Claims) -> str:
    """Return an unsecured SET (RFC 7519 section 6), for deployments without a key."""
    return f"{_encoded({'typ': TYPE, 'alg': 'none'})}.{_encoded(claims)}."


def jwks(key: EventKey | None) -> str:
    """Return the JWKS of the event keys (RFC 7517 section 5) as JSON text; empty without a key."""
    jwks = [] if key is None else key.public_jwks()
    return json.dumps({"keys": [{**jwk, "use": "sig", "alg": ALGORITHM} for jwk in jwks]})


def _encoded(value: Mapping[str, Any]) -> str:
    return base64url(json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode())
