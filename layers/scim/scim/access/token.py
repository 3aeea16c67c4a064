"""A stored token: its owner and its scopes, never its secret."""

import hashlib
from dataclasses import dataclass, replace

from scim.principal import token_owner


@dataclass(frozen=True, slots=True)
class StoredToken:
    """The stored data of a token; times are RFC 3339 in UTC.

    `filters` are JSON by resource type, None if the bearer can see everything; `family` is the id of
    the first token in a series of rotations, None for the first itself.
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
        """The owner of the token; rotation keeps the owner."""
        return token_owner(self.family or self.token_id)

    def successor(self, token_id: str, begun: str, expires_at: str) -> "StoredToken":
        """Return the successor of this token in a rotation: the same scopes, and not used yet."""
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
        """Return whether the token is valid at that time."""
        return (
            self.revoked_at is None
            and (self.not_before is None or self.not_before <= now)
            and now < self.expires_at
        )


def hash_of(text: str) -> str:
    """Return the SHA-256 of a text in hex: the only form of a secret that is stored, and a name's part of a key."""
    return hashlib.sha256(text.encode()).hexdigest()
