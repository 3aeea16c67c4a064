"""A link to a tenant's setup portal or to the operator's console, and the session it is exchanged for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SetupLink:
    """A link; times are RFC 3339 in UTC. `tenant` is empty if it opens the operator's console.

    `session_seconds` is the lifetime of its session; `contact` is whom the portal names for questions.
    Signing in at the console stores a used link too, with the `person` who signed in: it ends the
    session when it is revoked.
    """

    link_id: str
    tenant: str
    created_at: str
    expires_at: str
    session_seconds: int
    contact: str = ""
    used_at: str | None = None
    revoked_at: str | None = None
    person: str = ""

    def refusal(self, now: str) -> str:
        """Return why the link is not valid at that time, empty if it is valid."""
        if self.revoked_at is not None:
            return "This link was revoked."
        if self.used_at is not None:
            return "This link was already used; each link can be opened once."
        return "" if now < self.expires_at else "This link has expired."


@dataclass(frozen=True, slots=True)
class ConsoleSession:
    """A session; times are RFC 3339 in UTC.

    `link_hash` is the hash of its link. For someone who signed in, `person` is that person and `terms`
    are the terms on which they signed in; version 0.1.0 stored no link for them, and an empty hash.
    """

    link_hash: str
    created_at: str
    expires_at: str
    person: str = ""
    terms: str = ""
