"""Client authentication at the token endpoint (RFC 6749 section 2.3, RFC 7523 section 2.2)."""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NoReturn, Protocol
from urllib.parse import unquote_plus

from scim.access.issuer import Issuer
from scim.access.token import hash_of
from scim.auth.jwks import KeySets
from scim.auth.jws import IssuerSilent, NotBelieved, is_compact, unverified_of
from scim.auth.jwt import SignedTokens
from scim.auth.oauth.token import TokenClient
from scim.errors import Unavailable

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTION_LIFETIME = 300
MINIMUM_SECRET = 40

Form = Mapping[str, str]


class OAuthError(Exception):
    """An error of RFC 6749 section 5.2, with its code."""

    def __init__(self, code: str, description: str) -> None:
        super().__init__(description)
        self.code = code
        self.description = description


class KnownClient(TokenClient, Protocol):
    """The stored data of a client: its tenant, and what authenticates it; no secret."""

    @property
    def secret_hashes(self) -> tuple[str, ...]: ...
    @property
    def jwks(self) -> str: ...
    @property
    def jwks_uri(self) -> str: ...


class Clients(Protocol):
    """The clients of a deployment."""

    def find(self, client_id: str) -> KnownClient | None:
        """Return the client of that id, or None."""
        ...

    def use_once(self, client_id: str, assertion_id: str, until: float) -> bool:
        """Return whether this is the first use of an assertion; remember it until `until`."""
        ...


@dataclass(frozen=True, slots=True)
class ClientAuthentication:
    """Authenticates clients. `audiences` are the audiences that an assertion may have."""

    clients: Clients
    audiences: tuple[str, ...]
    published: KeySets
    """The key sets that clients publish. They are cached: anybody who knows a client's id can send an assertion."""
    now: Callable[[], float]

    def client(self, form: Form, authorization: str | None) -> KnownClient:
        """Return the client, authenticated in exactly one way. Raises OAuthError and Unavailable."""
        methods = [
            authorization is not None,
            "client_secret" in form,
            "client_assertion" in form or "client_assertion_type" in form,
        ]
        if sum(methods) > 1:  # RFC 6749 section 5.2 has this code for more than one mechanism
            raise OAuthError("invalid_request", "Authenticate in exactly one way.")
        if not any(methods):
            _refuse("The request has no credentials of a client.")
        if authorization is not None:
            client_id, secret = _basic(authorization)
            if form.get("client_id", client_id) != client_id:
                _refuse("The client_id is not the one of the Authorization header.")
            return self._by_secret(client_id, secret)
        if "client_secret" in form:
            return self._by_secret(form.get("client_id", ""), form["client_secret"])
        return self._by_assertion(form)

    def _client_named(self, client_id: str) -> KnownClient:
        client = self.clients.find(client_id)
        if client is None or client.revoked_at is not None:
            _refuse("The client or its proof is not known.")
        return client

    def _by_secret(self, client_id: str, secret: str) -> KnownClient:
        if len(secret) < MINIMUM_SECRET:
            _refuse("The client or its proof is not known.")
        client = self._client_named(client_id)
        # The hashes are of 256 random bits, so the comparison's timing reveals nothing useful.
        if hash_of(secret) not in client.secret_hashes:
            _refuse("The client or its proof is not known.")
        return client

    def _by_assertion(self, form: Form) -> KnownClient:
        assertion = form.get("client_assertion", "")
        if form.get("client_assertion_type") != ASSERTION or not is_compact(assertion):
            _refuse(f"The client_assertion_type is {ASSERTION}, the assertion a signed JWT.")
        try:
            return self._client_of_assertion(assertion, form.get("client_id"))
        except IssuerSilent as error:
            raise Unavailable("The client's keys could not be read; try again.") from error
        except NotBelieved:
            _refuse("The client or its proof is not known.")

    def _client_of_assertion(self, assertion: str, client_id: str | None) -> KnownClient:
        unverified = unverified_of(assertion)
        name = unverified.claims.get("iss")
        if not isinstance(name, str) or client_id not in {None, name}:
            raise NotBelieved("of another client")
        client = self._client_named(name)
        claims = self._signed_by(client).claims(assertion, unverified, self._terms(client))
        assertion_id = claims.get("jti")
        if claims.get("sub") != name or not isinstance(assertion_id, str) or not assertion_id:
            raise NotBelieved("an assertion names its client as subject and has an id")
        if not self.clients.use_once(client.client_id, assertion_id, claims["exp"]):
            raise NotBelieved("used before")
        return client

    def _signed_by(self, client: KnownClient) -> SignedTokens:
        if client.jwks:
            document = json.loads(client.jwks)
            return SignedTokens(KeySets(lambda _uri: document), self.now)
        return SignedTokens(self.published, self.now)

    def _terms(self, client: KnownClient) -> Issuer:
        if not client.jwks and not client.jwks_uri:
            raise NotBelieved("the client has no key")
        return Issuer(
            kind="jwt",
            tenant=client.tenant,
            issuer=client.client_id,
            jwks_uri=client.jwks_uri or "https://inline.invalid/jwks",
            algorithms=("RS256", "PS256", "ES256", "EdDSA"),
            audiences=self.audiences,
            maximum_lifetime=ASSERTION_LIFETIME,
        )


def _basic(authorization: str) -> tuple[str, str]:
    scheme, _, pair = authorization.partition(" ")
    try:
        name, colon, secret = base64.b64decode(pair, validate=True).decode().partition(":")
    except ValueError:  # binascii.Error, or a plain ValueError for text that is not ASCII
        colon = name = secret = ""
    if scheme.lower() != "basic" or not colon:
        _refuse("The Authorization header holds no Basic credentials.")
    return unquote_plus(name), unquote_plus(secret)


def _refuse(description: str) -> NoReturn:
    raise OAuthError("invalid_client", description)
