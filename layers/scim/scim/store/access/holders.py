"""Checks at every step of a job whether those who made and started it may still act."""

from collections.abc import Callable
from dataclasses import dataclass

from scim.resource.job import Job
from scim.store.access.clients import StoredClients
from scim.store.access.issuers import StoredIssuers
from scim.store.access.tenants import Tenants
from scim.store.access.tokens import Tokens

SUSPENDED = "The tenant is suspended."
ENDED = "The credentials the job was made or started with are no longer good."


@dataclass(frozen=True, slots=True)
class Holders:
    """Implements the port `Rights`; see there for the rules.

    A token must not be revoked, and it or its successor must be valid. The short-lived tokens of a client or
    an issuer stand for the client or the issuer: the job ends when that is no longer trusted.
    """

    tenants: Tenants
    tokens: Tokens
    clients: StoredClients
    issuers: StoredIssuers
    now: Callable[[], str]

    def refusal(self, job: Job) -> str:
        """Return why the job must not continue, or "" while it may."""
        tenant = self.tenants.find(job.tenant)
        if tenant is None or tenant.suspended_at is not None:
            return SUSPENDED
        acting = {(job.owner, job.token_id)}
        if job.starter:
            acting.add((job.starter, job.starter_token))
        return "" if all(self._is_good(job.tenant, *credential) for credential in acting) else ENDED

    def _is_good(self, tenant: str, owner: str, token_id: str) -> bool:
        match owner.split(":"):
            case ["token", _]:
                return self._is_good_token(tenant, owner, token_id)
            case ["client", client_id]:
                client = self.clients.find(client_id)
                return client is not None and client.tenant == tenant and not client.revoked_at
            case ["issuer", hashed, _]:
                return self.issuers.is_trusted(tenant, hashed)
            case _:
                return False

    def _is_good_token(self, tenant: str, owner: str, token_id: str) -> bool:
        token, now = self.tokens.named(tenant, token_id), self.now()
        if token is None or token.revoked_at is not None:
            return False
        if token.is_valid(now):
            return True
        tokens = self.tokens.of_tenant(tenant).values()
        return any(
            other_token.owner == owner and other_token.is_valid(now) for other_token in tokens
        )
