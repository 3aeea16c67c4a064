"""A token as it is kept: whom it stands for and what it allows, never the secret."""

import hashlib
from dataclasses import dataclass, replace

from scim.principal import token_owner


@dataclass(frozen=True, slots=True)
class StoredToken:
    """What is known of a token; times are RFC 3339 in UTC.

    `filters` are JSON by resource type, None where everything is seen; `family` is the id of the
    first of the tokens that followed one another up to this, None of the first itself.
    """

    token_id: str
    tenant: str
    scopes: tuple[str, ...]
    label: str
    created_at: str
    expires_at: str
    not_before: str | None = None
    revoked_at: str | None = None
    subject: str | None = None
    used_at: str | None = None
    filters: str | None = None
    family: str | None = None

    @property
    def owner(self) -> str:
        """Return whose token it is: one that follows another has its owner."""
        return token_owner(self.family or self.token_id)

    def successor(self, token_id: str, begun: str, expires_at: str) -> "StoredToken":
        """Return the token that follows this one: what it may do is the same, and nobody has used it."""
        return replace(
            self,
            token_id=token_id,
            created_at=begun,
            expires_at=expires_at,
            not_before=None,
            used_at=None,
            family=self.family or self.token_id,
        )

    def is_valid(self, now: str) -> bool:
        """Tell whether the token opens anything at that time."""
        return (
            self.revoked_at is None
            and (self.not_before is None or self.not_before <= now)
            and now < self.expires_at
        )


def hash_of(secret: str) -> str:
    """Return the SHA-256 of a secret in hex: all that is stored of it."""
    return hashlib.sha256(secret.encode()).hexdigest()
