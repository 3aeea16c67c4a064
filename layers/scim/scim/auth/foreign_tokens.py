"""Tokens that are not ours: what knows them is imported with the first of them.

The authorizer is in front of every request, and most deployments have tokens of their own alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from scim.auth.authorizer import ExternalTokens
from scim.principal import Principal

OURS = "scim_"
"""How this deployment's own secrets begin: none of them is ever shown to another server."""


class ChallengingTokens(ExternalTokens, Protocol):
    """Tokens of other issuers, which may say where to get one."""

    def challenge(self, tenant: str | None) -> str | None:
        """Return what to ask a caller without a valid token for, beyond a bearer token."""


@dataclass(frozen=True)
class ForeignTokens:
    """Asks what `made` returns about every token that is not ours; `offers` are known before."""

    made: Callable[[], ChallengingTokens]
    offers: tuple[str, ...] = ()

    @cached_property
    def _made(self) -> ChallengingTokens:
        return self.made()

    def principal_of(self, token: str, tenant: str | None) -> Principal | None:
        """Return whom a token stands for; None for our own, whatever they are."""
        return None if token.startswith(OURS) else self._made.principal_of(token, tenant)

    def challenge(self, tenant: str | None) -> str | None:
        """Return what to ask a caller without a valid token for, beyond a bearer token."""
        return self._made.challenge(tenant)
