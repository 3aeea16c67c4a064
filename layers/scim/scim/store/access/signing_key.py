"""The key this deployment signs its tokens with: in KMS, which it never leaves."""

import base64
import hashlib
from dataclasses import dataclass, field

import boto3
from botocore.config import Config

_CONFIG = Config(connect_timeout=2, read_timeout=3, retries={"total_max_attempts": 3})
_POINT = 65
"""Bytes of an uncompressed point of P-256, with which its SubjectPublicKeyInfo ends."""


@dataclass(frozen=True, slots=True)
class KmsSigner:
    """Signs with an ECC_NIST_P256 key, named by its id, ARN or alias."""

    key_id: str
    _known: dict[str, str] = field(default_factory=dict)

    def public_jwk(self) -> dict[str, str]:
        """Return the public key; its `kid` is the key's thumbprint (RFC 7638)."""
        if not self._known:
            der = boto3.client("kms", config=_CONFIG).get_public_key(KeyId=self.key_id)["PublicKey"]
            self._known.update(_jwk_of(der))
        return dict(self._known)

    def sign(self, message: bytes) -> bytes:
        """Return the ES256 signature (RFC 7518 section 3.4) of at most 4096 bytes."""
        # Imported here: the authorizer, which only needs the public key, starts without it.
        from cryptography.hazmat.primitives.asymmetric.utils import (  # noqa: PLC0415 - heavy
            decode_dss_signature,
        )

        der = boto3.client("kms", config=_CONFIG).sign(
            KeyId=self.key_id,
            Message=message,
            MessageType="RAW",
            SigningAlgorithm="ECDSA_SHA_256",
        )["Signature"]
        return b"".join(number.to_bytes(32, "big") for number in decode_dss_signature(der))


def _jwk_of(der: bytes) -> dict[str, str]:
    point = der[-_POINT:]
    if len(point) != _POINT or point[0] != 4:
        raise ValueError("The key is not one of P-256.")
    x, y = _base64url(point[1:33]), _base64url(point[33:])
    canonical = f'{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}'
    kid = _base64url(hashlib.sha256(canonical.encode()).digest())
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y, "kid": kid}


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
