"""Public keys that verify signatures (RFC 7517), and for which algorithms."""

from collections.abc import Mapping
from typing import Any

_ALGORITHMS = {
    ("RSA", ""): ("RS256", "PS256"),
    ("EC", "P-256"): ("ES256",),
    ("OKP", "Ed25519"): ("EdDSA",),
}


def algorithms_of(jwk: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the algorithms whose signatures a key verifies: none if its type is another, or its use."""
    operations = jwk.get("key_ops", ["verify"])
    if jwk.get("use", "sig") != "sig":
        return ()
    if not isinstance(operations, list) or "verify" not in operations:
        return ()
    algorithms = _ALGORITHMS.get((str(jwk.get("kty")), str(jwk.get("crv") or "")), ())
    return tuple(name for name in algorithms if jwk.get("alg", name) == name)
