"""The operator's own identity provider: sends people to it, and identifies those who return.

OpenID Connect Core 1.0, the code flow with PKCE (RFC 7636). Only the ID token from the provider's
token endpoint is trusted, and nothing that a browser carried.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hmac import compare_digest
from re import fullmatch
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from scim.access.admission import Admission, verified_email
from scim.access.issuer import Issuer, is_trusted_url
from scim.access.token import hash_of
from scim.auth.http_client import Outbound, UnreachableError
from scim.auth.introspection import basic
from scim.auth.jws import IssuerSilent, NotBelieved, unverified_of
from scim.errors import Forbidden, Unauthorized, Unavailable

if TYPE_CHECKING:
    from scim.auth.jwt import SignedTokens

FRESH = 600.0
"""Seconds for which the provider's metadata is used before it is read again."""
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_SILENT = "The identity provider did not answer as it should; try again."
_BAD_CODE = (400, 401)


@dataclass(frozen=True)
class OpenIdProvider:
    """A provider at which the service is registered as a client.

    `secret` returns the client's secret, empty for a public client; `admission` decides who is admitted.
    """

    issuer: str
    client_id: str
    scope: str
    admission: Admission
    outbound: Outbound
    secret: Callable[[], str] = lambda: ""
    clock: Callable[[], float] = time.monotonic
    _cached: dict[str, tuple[float, Mapping[str, str]]] = field(default_factory=dict)

    def address(self, redirect_uri: str, state: str, nonce: str, challenge: str) -> str:
        """Return the URL at which a browser signs in; `challenge` is S256 of the verifier.

        Raises Unavailable.
        """
        parameters = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": redirect_uri,
            "scope": self.scope,
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        endpoint = self._metadata()["authorization_endpoint"]
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(parameters)}"

    def person(self, code: str, verifier: str, redirect_uri: str, nonce: str) -> str:
        """Return the person who signed in: the verified e-mail address, else the subject.

        Raises Unauthorized when the code or the token is not valid, Forbidden when the person is not
        admitted, and Unavailable when the provider does not respond.
        """
        token = self._id_token(code, verifier, redirect_uri)
        try:
            claims = self._verified_claims(token, nonce)
        except NotBelieved as error:
            raise Unauthorized(f"The ID token is not valid: {error}.") from error
        except IssuerSilent as error:
            raise Unavailable(_SILENT) from error
        if not self.admission.admits(claims):
            raise Forbidden(
                "You signed in at your identity provider, but this service does not admit you."
            )
        return _name_of(claims)

    def _id_token(self, code: str, verifier: str, redirect_uri: str) -> str:
        metadata, secret = self._metadata(), self.secret()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
            "client_id": self.client_id,
        }
        headers = {"Authorization": basic(self.client_id, secret)} if secret else {}
        try:
            answer = self.outbound.post_form(metadata["token_endpoint"], form, headers)
        except UnreachableError as error:
            if error.status in _BAD_CODE:
                raise Unauthorized("The identity provider rejected the code.") from error
            raise Unavailable(_SILENT) from error
        return str(answer.get("id_token") or "")

    def _verified_claims(self, token: str, nonce: str) -> Mapping[str, Any]:
        if token.count(".") != 2:
            raise NotBelieved("there is none")
        terms = Issuer(
            kind="jwt",
            tenant="-",
            issuer=self.issuer,
            jwks_uri=self._metadata()["jwks_uri"],
            algorithms=("RS256", "PS256", "ES256", "EdDSA"),
            audiences=(self.client_id,),
        )
        claims = self._signed.claims(token, unverified_of(token), terms)
        if not compare_digest(str(claims.get("nonce") or "").encode(), nonce.encode()):
            raise NotBelieved("it was made for another sign-in")
        # OpenID Connect Core 1.0 section 3.1.3.7, steps 4 and 5.
        has_several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", None if has_several else self.client_id) != self.client_id:
            raise NotBelieved("it was made for another client")
        if not claims.get("sub"):
            raise NotBelieved("it is about nobody")
        return claims

    def _metadata(self) -> Mapping[str, str]:
        """Return the provider's endpoints (OpenID Connect Discovery 1.0). Raises Unavailable."""
        read_at, cached = self._cached.get(self.issuer, (0.0, {}))
        if cached and self.clock() - read_at < FRESH:
            return cached
        url = f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"
        try:
            document = self.outbound.read(url)
        except UnreachableError as error:
            raise Unavailable(_SILENT) from error
        endpoints = {name: str(document.get(name) or "") for name in _ENDPOINTS}
        if document.get("issuer") != self.issuer or not all(
            map(is_trusted_url, endpoints.values())
        ):
            raise Unavailable("The identity provider's description is not that of the issuer.")
        self._cached[self.issuer] = (self.clock(), endpoints)
        return endpoints

    @cached_property
    def _signed(self) -> "SignedTokens":
        # Imported on first use: cryptography takes longer to load than the rest of the console.
        from scim.auth.jwks import KeySets  # noqa: PLC0415 - heavy
        from scim.auth.jwt import SignedTokens  # noqa: PLC0415 - heavy

        return SignedTokens(KeySets(self.outbound.read))


def _name_of(claims: Mapping[str, Any]) -> str:
    name = verified_email(claims) or str(claims["sub"])
    return name if fullmatch(r"[!-~]{1,200}", name) else hash_of(name)
