"""The tokens of the setup portal: shown once and rotated with an overlap; it sees no other tokens."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from scim.access.token import StoredToken, hash_of
from scim.errors import Conflict, InvalidValue, NotFound
from scim.moments import later
from scim.profile.shipped import profile_or_default
from scim.resource.record import Stale
from scim.service.administration.ports import CHANGED_MEANWHILE
from scim.service.system import minted
from scim.store.access.tenants import Tenants
from scim.store.access.tokens import Tokens

LABEL = "setup portal"
SCOPES = ("scim",)
"""The scopes that a provider needs: users, groups, bulk and searches."""
DAYS, LONGEST = 365, 730
OVERLAP, LONGEST_OVERLAP = 7, 30
MOST = 10
"""The most tokens of a tenant's portal that are valid at the same time."""


@dataclass(frozen=True, slots=True)
class PortalTokens:
    """The tokens that a tenant's portal made. `at` is the current time, RFC 3339 in UTC."""

    tokens: Tokens
    tenants: Tenants

    def shown(self, tenant: str, at: str) -> list[dict[str, object]]:
        """Return the valid tokens, newest first, without secrets."""
        return [_shown(each) for each in reversed(self._own(tenant, at).values())]

    def ids(self, tenant: str) -> frozenset[str]:
        """Return the ids of all tokens that the portal made and that are still stored."""
        return frozenset(
            each.token_id for each in self.tokens.of_tenant(tenant).values() if _ours(each)
        )

    def make(self, tenant: str, at: str, days: object) -> dict[str, object]:
        """Make a token; only the returned value has its secret. Raises Conflict."""
        own = self._own(tenant, at)
        self._require_room(tenant, own)
        lifetime = _number("days", days, DAYS, LONGEST)
        new = StoredToken(
            token_id=secrets.token_hex(6),
            tenant=tenant,
            scopes=SCOPES,
            label=LABEL,
            created_at=at,
            expires_at=later(at, timedelta(days=lifetime)),
        )
        secret = minted(new.token_id)
        self.tokens.save(hash_of(secret), new)
        return {**_shown(new), "token": secret}

    def rotate(
        self, tenant: str, token_id: object, at: str, days: object, overlap: object
    ) -> dict[str, object]:
        """Make a successor to a token, which then expires after `overlap` days. Raises NotFound, Conflict."""
        own = self._own(tenant, at)
        self._require_room(tenant, own)
        old_hash, old = _named(own, token_id)
        lifetime = _number("days", days, DAYS, LONGEST)
        overlapping = _number("overlapDays", overlap, OVERLAP, LONGEST_OVERLAP)
        until = later(at, timedelta(days=overlapping))
        new = old.successor(secrets.token_hex(6), at, later(at, timedelta(days=lifetime)))
        secret = minted(new.token_id)
        try:
            self.tokens.rotate(old_hash, old, min(old.expires_at, until), hash_of(secret), new)
        except Stale as stale:
            raise Conflict(CHANGED_MEANWHILE) from stale
        return {**_shown(new), "token": secret}

    def revoke(self, tenant: str, token_id: str, at: str) -> None:
        """Revoke a token now. Raises NotFound when the portal did not make it."""
        token_hash, _ = _named(self._own(tenant, at), token_id)
        self.tokens.revoke(token_hash, at)

    def _own(self, tenant: str, at: str) -> dict[str, StoredToken]:
        known = self.tokens.of_tenant(tenant)
        return {hash_: each for hash_, each in known.items() if _ours(each) and each.is_valid(at)}

    def _require_room(self, tenant: str, own: dict[str, StoredToken]) -> None:
        if len(own) >= MOST:
            raise Conflict(f"There are {MOST} valid tokens already; revoke one first.")
        settings = self.tenants.find(tenant)
        if settings is not None and profile_or_default(settings.profile).auth.minted_only:
            raise Conflict(
                "This tenant accepts only tokens of the token endpoint; ask its operator."
            )


def _ours(token: StoredToken) -> bool:
    return token.label == LABEL


def _named(own: dict[str, StoredToken], token_id: object) -> tuple[str, StoredToken]:
    for token_hash, each in own.items():
        if each.token_id == token_id:
            return token_hash, each
    raise NotFound("This portal has no such token, or the token has ended.")


def _shown(token: StoredToken) -> dict[str, object]:
    return {
        "id": token.token_id,
        "createdAt": token.created_at,
        "expiresAt": token.expires_at,
        "usedAt": token.used_at,
        "follows": token.family,
    }


def _number(name: str, given: object, usual: int, most: int) -> int:
    if given is None:
        return usual
    if isinstance(given, bool) or not isinstance(given, int) or not 1 <= given <= most:
        raise InvalidValue(f"{name}: expected a whole number from 1 to {most}.")
    return given
