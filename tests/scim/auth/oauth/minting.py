"""Tokens of the token endpoint minted with a key that does not sign, for clients that are known."""

from dataclasses import dataclass, field

BASE = "https://scim.example.com"


@dataclass(frozen=True)
class Known:
    client_id: str = "c1"
    tenant: str = "acme"
    scopes: tuple[str, ...] = ("users:*",)
    filters: str = ""
    revoked_at: str | None = None


@dataclass
class Signer:
    signed: list[bytes] = field(default_factory=list)

    @property
    def kid(self) -> str:
        return "k1"

    def public_jwks(self) -> list[dict[str, str]]:
        return [{"kty": "EC", "crv": "P-256", "x": "x", "y": "y", "kid": self.kid}]

    def sign(self, message: bytes) -> bytes:
        self.signed.append(message)
        return b"s" * 64
