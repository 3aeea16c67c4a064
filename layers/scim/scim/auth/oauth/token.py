"""Short-lived tokens that this deployment signs for tenants' clients (RFC 6749 section 4.4, RFC 9068)."""

import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from scim.access.issuer import Issuer, Scoping
from scim.base64url import base64url
from scim.permission import supported_scopes

TOKEN_PATH = "/oauth2/token"  # noqa: S105 - a path
KEYS_PATH = "/oauth2/jwks"
METADATA_PATH = "/.well-known/oauth-authorization-server"
LONGEST_LIFETIME = 3600
TYPE = "at+jwt"
_USUAL_SEGMENTS = ("Users", "Groups")


class Signer(Protocol):
    """Signs with a P-256 key that never leaves it."""

    @property
    def kid(self) -> str: ...
    def public_jwks(self) -> Sequence[Mapping[str, str]]:
        """Return the public keys of valid signatures, each with its `kid`."""
        ...

    def sign(self, message: bytes) -> bytes:
        """Return the ES256 signature: the numbers R and S, 32 bytes each."""
        ...


class TokenClient(Protocol):
    """The stored data of a client."""

    @property
    def client_id(self) -> str: ...
    @property
    def tenant(self) -> str: ...
    @property
    def scopes(self) -> tuple[str, ...]: ...
    @property
    def filters(self) -> str: ...
    @property
    def revoked_at(self) -> str | None: ...


FindClient = Callable[[str], TokenClient | None]


@dataclass(frozen=True, slots=True)
class MintedTokens:
    """The tokens of one deployment, whose base URL is their issuer."""

    issuer: str
    signer: Signer
    find_client: FindClient

    @property
    def jwks_uri(self) -> str:
        return f"{self.issuer}{KEYS_PATH}"

    @property
    def audience(self) -> str:
        return f"{self.issuer}/scim/v2"

    @property
    def audiences(self) -> tuple[str, str]:
        """Return the audiences that a client's assertion may have (RFC 7523 section 3)."""
        return self.issuer, f"{self.issuer}{TOKEN_PATH}"

    def jwks(self) -> dict[str, Any]:
        """Return our own public keys (RFC 7517 section 5)."""
        return {
            "keys": [{**jwk, "use": "sig", "alg": "ES256"} for jwk in self.signer.public_jwks()]
        }

    def metadata(self) -> dict[str, Any]:
        """Return the authorization server metadata (RFC 8414 section 2)."""
        return {
            "issuer": self.issuer,
            "token_endpoint": f"{self.issuer}{TOKEN_PATH}",
            "jwks_uri": self.jwks_uri,
            "scopes_supported": supported_scopes(_USUAL_SEGMENTS),
            "grant_types_supported": ["client_credentials"],
            "response_types_supported": [],
            "token_endpoint_auth_methods_supported": [
                "client_secret_basic",
                "client_secret_post",
                "private_key_jwt",
            ],
            "token_endpoint_auth_signing_alg_values_supported": [
                "RS256",
                "PS256",
                "ES256",
                "EdDSA",
            ],
        }

    def token(self, client: TokenClient, scopes: tuple[str, ...], now: float, seconds: int) -> str:
        """Return a new token for a client."""
        header = {"alg": "ES256", "typ": TYPE, "kid": self.signer.kid}
        claims = {
            "iss": self.issuer,
            "aud": self.audience,
            "sub": client.client_id,
            "client_id": client.client_id,
            "iat": int(now),
            "exp": int(now) + seconds,
            "jti": str(uuid.uuid4()),
            "scope": " ".join(scopes),
        }
        signing_input = f"{_encoded(header)}.{_encoded(claims)}"
        return f"{signing_input}.{base64url(self.signer.sign(signing_input.encode()))}"

    def issuer_for(self, claims: Mapping[str, Any]) -> Issuer | None:
        """Return the terms for verifying a client's token, None if the client is unknown or revoked.

        A token never has a scope that its client no longer has.
        """
        name = claims.get("client_id")
        client = self.find_client(name) if isinstance(name, str) and name else None
        if client is None or client.revoked_at is not None:
            return None
        return Issuer(
            kind="jwt",
            tenant=client.tenant,
            issuer=self.issuer,
            jwks_uri=self.jwks_uri,
            algorithms=("ES256",),
            audiences=(self.audience,),
            claims={"client_id": client.client_id},
            scoping=Scoping(claims=("scope",), names={scope: (scope,) for scope in client.scopes}),
            filters=json.loads(client.filters) if client.filters else {},
            types=(TYPE,),
            maximum_lifetime=LONGEST_LIFETIME,
        )


def _encoded(value: Mapping[str, Any]) -> str:
    return base64url(json.dumps(value, separators=(",", ":")).encode())
