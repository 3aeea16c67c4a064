"""The tokens of the setup portal: shown once and rotated with an overlap; it sees no other tokens."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from scim.access.tenant import USUAL_SCHEMES
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
    """The tokens that a tenant's portal made. `now` is the current time, RFC 3339 in UTC."""

    tokens: Tokens
    tenants: Tenants

    def valid(self, tenant: str, now: str) -> list[dict[str, object]]:
        """Return the valid tokens, newest first, without secrets."""
        return [_summary(token) for token in reversed(self._valid_by_hash(tenant, now).values())]

    def schemes(self, tenant: str) -> tuple[str, ...]:
        """Return the schemes in which the tenant accepts a token."""
        settings = self.tenants.find(tenant)
        return settings.schemes if settings else USUAL_SCHEMES

    def ids(self, tenant: str) -> frozenset[str]:
        """Return the ids of all tokens that the portal made and that are still stored."""
        return frozenset(
            token.token_id
            for token in self.tokens.of_tenant(tenant).values()
            if _is_of_portal(token)
        )

    def make(self, tenant: str, now: str, days: object) -> dict[str, object]:
        """Make a token; only the returned value has its secret. Raises Conflict, and NotFound if its tenant is gone."""
        valid_tokens = self._valid_by_hash(tenant, now)
        self._require_room(tenant, valid_tokens)
        lifetime = _number("days", days, DAYS, LONGEST)
        new_token = StoredToken(
            token_id=secrets.token_hex(6),
            tenant=tenant,
            scopes=SCOPES,
            label=LABEL,
            created_at=now,
            expires_at=later(now, timedelta(days=lifetime)),
        )
        secret = minted(new_token.token_id)
        self.tokens.save(hash_of(secret), new_token)
        return self._shown_once(new_token, secret, now)

    def rotate(
        self, tenant: str, token_id: object, now: str, days: object, overlap: object
    ) -> dict[str, object]:
        """Make a successor to a token, which then expires after `overlap` days. Raises NotFound, Conflict."""
        valid_tokens = self._valid_by_hash(tenant, now)
        self._require_room(tenant, valid_tokens)
        old_hash, old_token = _token_of_id(valid_tokens, token_id)
        lifetime = _number("days", days, DAYS, LONGEST)
        overlap_days = _number("overlapDays", overlap, OVERLAP, LONGEST_OVERLAP)
        overlap_end = later(now, timedelta(days=overlap_days))
        new_token = old_token.successor(
            secrets.token_hex(6), now, later(now, timedelta(days=lifetime))
        )
        secret = minted(new_token.token_id)
        try:
            self.tokens.rotate(
                old_hash,
                old_token,
                min(old_token.expires_at, overlap_end),
                hash_of(secret),
                new_token,
            )
        except Stale as stale:
            raise Conflict(CHANGED_MEANWHILE) from stale
        return self._shown_once(new_token, secret, now)

    def revoke(self, tenant: str, token_id: str, now: str) -> None:
        """Revoke a token now. Raises NotFound when the portal did not make it."""
        token_hash, _ = _token_of_id(self._valid_by_hash(tenant, now), token_id)
        self.tokens.revoke(token_hash, now)

    def _shown_once(self, token: StoredToken, secret: str, now: str) -> dict[str, object]:
        """Return a new token with its secret. Raises NotFound if its tenant was deleted meanwhile.

        A later tenant of that name has the directory, so the token is revoked.
        """
        if self.tenants.find(token.tenant) is None:
            self.tokens.revoke(hash_of(secret), now)
            raise NotFound(f"There is no tenant {token.tenant}.")
        return {**_summary(token), "token": secret}

    def _valid_by_hash(self, tenant: str, now: str) -> dict[str, StoredToken]:
        stored_tokens = self.tokens.of_tenant(tenant)
        return {
            hash_: token
            for hash_, token in stored_tokens.items()
            if _is_of_portal(token) and token.is_valid(now)
        }

    def _require_room(self, tenant: str, valid_tokens: dict[str, StoredToken]) -> None:
        if len(valid_tokens) >= MOST:
            raise Conflict(f"There are {MOST} valid tokens already; revoke one first.")
        settings = self.tenants.find(tenant)
        if settings is not None and profile_or_default(settings.profile).auth.minted_only:
            raise Conflict(
                "This tenant accepts only tokens of the token endpoint; ask its operator."
            )


def _is_of_portal(token: StoredToken) -> bool:
    return token.label == LABEL


def _token_of_id(tokens: dict[str, StoredToken], token_id: object) -> tuple[str, StoredToken]:
    for token_hash, token in tokens.items():
        if token.token_id == token_id:
            return token_hash, token
    raise NotFound("This portal has no such token, or the token has ended.")


def _summary(token: StoredToken) -> dict[str, object]:
    return {
        "id": token.token_id,
        "createdAt": token.created_at,
        "expiresAt": token.expires_at,
        "usedAt": token.used_at,
        "follows": token.family,
    }


def _number(name: str, value: object, default: int, maximum: int) -> int:
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= maximum:
        raise InvalidValue(f"{name}: expected a whole number from 1 to {maximum}.")
    return value
