"""A link to the setup portal of a tenant or to the console, and the session it is exchanged for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SetupLink:
    """A link; times are RFC 3339 in UTC. `tenant` is empty where it opens the operator's console.

    `session_seconds` is how long what it opens lasts, `contact` whom the portal names for questions.
    """

    link_id: str
    tenant: str
    created_at: str
    expires_at: str
    session_seconds: int
    contact: str = ""
    used_at: str | None = None
    revoked_at: str | None = None

    def refusal(self, now: str) -> str:
        """Return why the link opens nothing at that time, nothing where it does."""
        if self.revoked_at is not None:
            return "This link was revoked."
        if self.used_at is not None:
            return "This link was used already: each opens once."
        return "" if now < self.expires_at else "This link has expired."


@dataclass(frozen=True, slots=True)
class ConsoleSession:
    """A session; times are RFC 3339 in UTC.

    `link_hash` is that of the link it was exchanged for; where somebody has signed in, it is empty,
    `person` is who it is and `terms` are those on which they came in.
    """

    link_hash: str
    created_at: str
    expires_at: str
    person: str = ""
    terms: str = ""
