"""Tokens of other issuers: finds the issuer, verifies the token, and returns its principal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from scim.access.issuer import Issuer
from scim.auth.claims import has_claims_of, principal_in
from scim.auth.foreign_tokens import OURS
from scim.auth.http_client import Outbound
from scim.auth.introspection import Introspector, Secrets
from scim.auth.issuers import Documents, Issuers
from scim.auth.jws import IssuerSilent, NotBelieved, Unverified, is_compact, unverified_of
from scim.auth.not_authorized import UNKNOWN, NotAuthorized
from scim.auth.uma import Tickets
from scim.principal import Principal, client_owner

if TYPE_CHECKING:
    from scim.auth.jwt import SignedTokens

MAX_CANDIDATES = 20
"""The most tenants for which one token is verified; more of them cannot be told apart by its claims."""


class Minted(Protocol):
    """The short-lived tokens that this deployment signs itself."""

    @property
    def issuer(self) -> str: ...
    @property
    def jwks_uri(self) -> str: ...
    def jwks(self) -> Mapping[str, Any]:
        """Return our own public keys."""
        ...

    def issuer_for(self, claims: Mapping[str, Any]) -> Issuer | None:
        """Return the terms for tokens of the client that the claims name, None if it is not trusted."""
        ...


@dataclass(frozen=True)
class ExternalTokens:
    """Finds the principals of other issuers' tokens; one object serves all requests of a process."""

    issuers: Issuers
    outbound: Outbound
    introspector: Introspector
    tickets: Tickets
    minted: Minted | None = None

    def principal_of(self, token: str, tenant: str | None) -> Principal:
        """Return the principal of a token. Raises NotAuthorized if it has none.

        The gateway caches the result per token, for all paths. Therefore the tenant in the path
        counts only for a token that an authorization server is asked about, because nothing else
        names its tenant. A signed token that two tenants accept has no principal.
        """
        if token.startswith(OURS):
            raise NotAuthorized(UNKNOWN)
        try:
            accepted = self._accepted(token, tenant)
        except NotBelieved as reason:
            raise NotAuthorized(str(reason)) from reason
        if len(accepted) == 1:
            return accepted[0][1]
        if all(issuer.introspection is not None for issuer, _ in accepted):
            of_path = [principal for _, principal in accepted if principal.tenant == tenant]
            if len(of_path) == 1:
                return of_path[0]
        raise NotAuthorized(f"{len(accepted)} tenants accept it")

    def challenge(self, tenant: str | None) -> str | None:
        """Return a UMA challenge for a caller without a valid token, None if the tenant has no UMA issuer."""
        tenant_issuers = self.issuers.of_tenant(tenant) if tenant else ()
        issuer = next((issuer for issuer in tenant_issuers if issuer.uma), None)
        return self.tickets.challenge(issuer) if issuer else None

    def _accepted(self, token: str, tenant: str | None) -> list[tuple[Issuer, Principal]]:
        unverified = unverified_of(token) if is_compact(token) else None
        accepted: list[tuple[Issuer, Principal]] = []
        reason = NotBelieved(UNKNOWN if unverified is None else "no tenant accepts its issuer")
        silence: IssuerSilent | None = None
        candidates = self._candidates(unverified, tenant)
        for issuer in candidates:
            try:
                claims = self._claims(token, unverified, issuer)
                accepted.append((issuer, self._principal(claims, issuer, token)))
            except NotBelieved as error:
                reason = error
            except IssuerSilent as error:
                silence = error
        # A silent server of one tenant must not keep out the callers of another.
        if silence and not any(tenant in (None, principal.tenant) for _, principal in accepted):
            raise silence
        if not accepted:
            only_tenant = candidates[0].tenant if len(candidates) == 1 else None
            raise NotAuthorized(str(reason), only_tenant) from reason
        return accepted

    def _principal(self, claims: Mapping[str, Any], issuer: Issuer, token: str) -> Principal:
        principal = principal_in(claims, issuer, token)
        if self.minted is None or issuer.issuer != self.minted.issuer:
            return principal
        return replace(principal, owner=client_owner(str(claims["client_id"])))

    def _candidates(self, unverified: Unverified | None, tenant: str | None) -> Sequence[Issuer]:
        if unverified is None:
            tenant_issuers = self.issuers.of_tenant(tenant) if tenant else ()
            return [issuer for issuer in tenant_issuers if issuer.kind == "introspection"]
        name = unverified.claims.get("iss")
        if self.minted and name == self.minted.issuer:
            client = self.minted.issuer_for(unverified.claims)
            return [client] if client else []
        trusted_issuers = self.issuers.named(name) if isinstance(name, str) else []
        if len(trusted_issuers) < 2:  # its terms then say why the token is refused
            return trusted_issuers
        candidates = [
            issuer for issuer in trusted_issuers if _may_have_claims_of(unverified.claims, issuer)
        ]
        if not candidates:
            raise NotBelieved("its claims are those of no tenant that accepts its issuer")
        return candidates[:MAX_CANDIDATES]

    def _claims(
        self, token: str, unverified: Unverified | None, issuer: Issuer
    ) -> Mapping[str, Any]:
        if issuer.introspection is not None:
            return self.introspector.claims(token, issuer, issuer.introspection)
        if unverified is None:
            raise NotBelieved("not signed")
        return self._signed_tokens.claims(token, unverified, issuer)

    @cached_property
    def _signed_tokens(self) -> "SignedTokens":
        # Imported on first use: cryptography takes longer to load than the rest of this function.
        from scim.auth.jwks import KeySets  # noqa: PLC0415 - heavy
        from scim.auth.jwt import SignedTokens  # noqa: PLC0415 - heavy

        return SignedTokens(KeySets(self._key_set))

    def _key_set(self, uri: str) -> Mapping[str, Any]:
        if self.minted and uri == self.minted.jwks_uri:
            return self.minted.jwks()
        return self.outbound.read(uri)


def _may_have_claims_of(claims: Mapping[str, Any], issuer: Issuer) -> bool:
    """Return whether unverified claims are those of the issuer's tenant; a server may add claims when asked."""
    return issuer.kind != "jwt" or has_claims_of(claims, issuer)


def external_tokens(
    documents: Documents, secrets: Secrets, outbound: Outbound, minted: Minted | None
) -> ExternalTokens:
    """Return the external tokens of the issuers in `documents`, and those that we sign ourselves."""
    introspector = Introspector(outbound, secrets)
    return ExternalTokens(
        Issuers(documents), outbound, introspector, Tickets(outbound, secrets), minted
    )
