"""The keys that sign this deployment's tokens and events. They are in KMS and never leave it."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from scim.base64url import base64url
from scim.store.access.quick_client import quick_client, reaching

_LARGEST = 4096
"""The largest message in bytes that KMS hashes itself."""
_UNREACHABLE = "The signing key cannot be used at the moment; try again."
_POINT = 65
"""Bytes of an uncompressed point of P-256, the end of its SubjectPublicKeyInfo."""


@dataclass(frozen=True, slots=True)
class KmsSigner:
    """Signs with an ECC_NIST_P256 key, given by its id, ARN or alias.

    `key_ids` are separated by commas. The first one signs; signatures of the others are valid too, while keys
    are replaced (docs/operations.md). Raises Unavailable when KMS does not answer or refuses.
    """

    key_ids: str
    _known: dict[str, dict[str, str]] = field(default_factory=dict)
    _clients: list[Any] = field(default_factory=list)

    @property
    def kid(self) -> str:
        """The id of the key that signs: its thumbprint (RFC 7638)."""
        return self._public_jwk(self._own_id)["kid"]

    def public_jwks(self) -> list[dict[str, str]]:
        """Return the public keys, each with its `kid`."""
        return [dict(self._public_jwk(key_id)) for key_id in self.key_ids.split(",")]

    def sign(self, message: bytes) -> bytes:
        """Return the ES256 signature (RFC 7518 section 3.4)."""
        # Imported here: the authorizer only needs the public key and starts without this module.
        from cryptography.hazmat.primitives.asymmetric.utils import (  # noqa: PLC0415 - heavy
            decode_dss_signature,
        )

        is_long = len(message) > _LARGEST
        with reaching(_UNREACHABLE):
            answer = self._client().sign(
                KeyId=self._own_id,
                Message=hashlib.sha256(message).digest() if is_long else message,
                MessageType="DIGEST" if is_long else "RAW",
                SigningAlgorithm="ECDSA_SHA_256",
            )
        numbers = decode_dss_signature(answer["Signature"])
        return b"".join(number.to_bytes(32, "big") for number in numbers)

    @property
    def _own_id(self) -> str:
        return self.key_ids.partition(",")[0]

    def _public_jwk(self, key_id: str) -> dict[str, str]:
        if key_id not in self._known:
            with reaching(_UNREACHABLE):
                answer = self._client().get_public_key(KeyId=key_id)
            self._known[key_id] = _jwk_of(answer["PublicKey"])
        return self._known[key_id]

    def _client(self) -> Any:
        # Created at the first use: an authorizer that only checks other tokens never needs it.
        if not self._clients:
            self._clients.append(quick_client("kms"))
        return self._clients[0]


def _jwk_of(der: bytes) -> dict[str, str]:
    point = der[-_POINT:]
    if len(point) != _POINT or point[0] != 4:
        raise ValueError("The key is not one of P-256.")
    x, y = base64url(point[1:33]), base64url(point[33:])
    canonical = f'{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}'
    kid = base64url(hashlib.sha256(canonical.encode()).digest())
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y, "kid": kid}
