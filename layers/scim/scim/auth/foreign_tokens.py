"""Tokens that are not ours: the first of them imports the modules that verify them.

The authorizer precedes every request, and most deployments have only their own tokens.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from scim.auth.authorizer import ExternalTokens
from scim.auth.not_authorized import UNKNOWN, NotAuthorized
from scim.principal import Principal

OURS = "scim_"
"""The prefix of this deployment's own secrets, which are never sent to another server."""


class ChallengingTokens(ExternalTokens, Protocol):
    """Tokens of other issuers, with challenges that say where to get one."""

    def challenge(self, tenant: str | None) -> str | None:
        """Return the challenge for a caller without a valid token, None if Bearer is enough."""


@dataclass(frozen=True)
class ForeignTokens:
    """Passes every token that is not ours to what `build` returns."""

    build: Callable[[], ChallengingTokens]

    @cached_property
    def _tokens(self) -> ChallengingTokens:
        return self.build()

    def principal_of(self, token: str, tenant: str | None) -> Principal:
        """Return the principal of a token. Raises NotAuthorized, also for every token of our own."""
        if token.startswith(OURS):
            raise NotAuthorized(UNKNOWN)
        return self._tokens.principal_of(token, tenant)

    def challenge(self, tenant: str | None) -> str | None:
        """Return the challenge for a caller without a valid token, None if Bearer is enough."""
        return self._tokens.challenge(tenant)
