"""A client of the token endpoint; only the SHA-256 of its secrets and its public keys are stored."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from scim.access.public_key import algorithms_of

_PUBLIC = frozenset({"kty", "crv", "n", "e", "x", "y", "kid", "use", "alg", "key_ops"})


@dataclass(frozen=True, slots=True)
class OAuthClient:
    """A client; two secrets can be valid at the same time, so that they can be rotated.

    `jwks` is its key set as JSON, or `jwks_uri` is the URI at which it publishes one; `filters` are
    those of its tokens, as JSON. Times are RFC 3339.
    """

    client_id: str
    tenant: str
    scopes: tuple[str, ...]
    label: str
    created_at: str
    secret_hashes: tuple[str, ...] = ()
    jwks: str = ""
    jwks_uri: str = ""
    revoked_at: str | None = None
    filters: str = ""


def is_client_id(text_: str) -> bool:
    """Return whether a text has the form of a client id; requests can contain any text."""
    return 0 < len(text_) <= 64 and text_.isascii() and text_.replace("-", "").isalnum()


def public_keys(key_set: object) -> str:
    """Return only the public members of a key set (RFC 7517), as JSON.

    Raises ValueError when it is not a key set, or has no key by which the client could authenticate.
    """
    keys = key_set.get("keys") if isinstance(key_set, Mapping) else None
    if not isinstance(keys, list) or not all(isinstance(key, Mapping) for key in keys):
        raise ValueError("expected a key set, {'keys': [...]}.")
    if not any(map(algorithms_of, keys)):
        raise ValueError(
            "expected a key that verifies signatures: RSA, EC with P-256 or OKP with Ed25519."
        )
    public = [{name: key[name] for name in key if name in _PUBLIC} for key in keys]
    return json.dumps({"keys": public}, separators=(",", ":"))
