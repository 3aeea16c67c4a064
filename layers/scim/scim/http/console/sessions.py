"""Sessions of the portal and the console: a link's secret against a cookie, and whose a cookie is.

The cookie's name begins with `__Host-`: browsers take it for this host alone, over TLS (or from
this machine) and for no path in particular. Scripts never see it, nor the token behind it: there is none.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from scim.access.token import hash_of
from scim.errors import Unauthorized
from scim.principal import Principal
from scim.store.access.setup_links import ConsoleSession, SetupLink, SetupLinks
from scim.store.access.tenants import Tenants

BYTES = 32
_UNKNOWN = "This link opens nothing: it is mistyped, or older than the service remembers."
_ENDED = "There is no session, or it has ended: open a new link."


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session of this moment: who it is, and what of its link the pages show."""

    principal: Principal
    expires_at: str
    contact: str


@dataclass(frozen=True, slots=True)
class ConsoleSessions:
    """Opens sessions of one kind and tells whose they are.

    `kind` names the cookie; `is_operators` tells links of the console from links of a tenant's
    portal; `permissions` is what a session may do. `now` returns RFC 3339 in UTC.
    """

    kind: str
    is_operators: bool
    permissions: frozenset[str]
    links: SetupLinks
    tenants: Tenants
    now: Callable[[], str]

    @property
    def cookie(self) -> str:
        """The cookie's name."""
        return f"__Host-scim-{self.kind}"

    def exchange(self, secret: str) -> str:
        """Return the Set-Cookie header that a link's secret is exchanged for, once.

        Raises Unauthorized, with the reason: who has 256 bits of a secret is no stranger to it.
        """
        now, link_hash = self.now(), hash_of(secret)
        link = self.links.find(link_hash)
        if link is None or not self._is_ours(link):
            raise Unauthorized(_UNKNOWN)
        if why := link.refusal(now):
            raise Unauthorized(f"{why} Ask for a new one.")
        self._require_tenant(link)
        value = secrets.token_urlsafe(BYTES)
        session = ConsoleSession(link_hash, now, _later(now, link.session_seconds))
        if not self.links.exchange(hash_of(value), session):
            raise Unauthorized("This link was used already: each opens once. Ask for a new one.")
        return self._header(value, link.session_seconds)

    def opened(self, headers: Mapping[str, Sequence[str]]) -> OpenSession:
        """Return whose session a request's cookie is. Raises Unauthorized.

        The link behind it and its tenant are asked again each time: what was revoked or suspended
        since opens nothing more.
        """
        value = self._value(headers)
        session = self.links.session(hash_of(value)) if value else None
        if session is None or session.expires_at <= self.now():
            raise Unauthorized(_ENDED)
        link = self.links.find(session.link_hash)
        if link is None or link.revoked_at is not None or not self._is_ours(link):
            raise Unauthorized(_ENDED)
        self._require_tenant(link)
        name = f"{self.kind}:{link.link_id}"
        principal = Principal(link.tenant, name, self.permissions, owner=name)
        return OpenSession(principal, session.expires_at, link.contact)

    def end(self, headers: Mapping[str, Sequence[str]]) -> str:
        """Forget a request's session; return the Set-Cookie header that drops the cookie."""
        if value := self._value(headers):
            self.links.end(hash_of(value))
        return self._header("", 0)

    def _is_ours(self, link: SetupLink) -> bool:
        return self.is_operators == (not link.tenant)

    def _require_tenant(self, link: SetupLink) -> None:
        if self.is_operators:
            return
        tenant = self.tenants.find(link.tenant)
        if tenant is None or tenant.suspended_at is not None:
            raise Unauthorized("The tenant of this link is not served any more.")

    def _value(self, headers: Mapping[str, Sequence[str]]) -> str:
        pairs = (
            pair.strip().partition("=")
            for line in headers.get("cookie", ())
            for pair in line.split(";")
        )
        return next((value for name, _, value in pairs if name == self.cookie), "")

    def _header(self, value: str, seconds: int) -> str:
        bounds = f"Path=/; Max-Age={seconds}; Secure; HttpOnly; SameSite=Strict"
        return f"{self.cookie}={value}; {bounds}"


def headers_of(event: Mapping[str, Any]) -> Mapping[str, Sequence[str]]:
    """Return all values of a request's headers by name in lower case."""
    several = event.get("multiValueHeaders") or {}
    single = event.get("headers") or {}
    merged: dict[str, Sequence[str]] = {
        str(name).lower(): [value] for name, value in single.items()
    }
    return {**merged, **{str(name).lower(): values for name, values in several.items()}}


def _later(moment: str, seconds: int) -> str:
    ends = datetime.fromisoformat(moment) + timedelta(seconds=seconds)
    return ends.isoformat(timespec="milliseconds").replace("+00:00", "Z")
