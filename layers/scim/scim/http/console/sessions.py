"""Sessions of the portal and the console: exchanges a link's secret for a cookie, and checks cookies.

The cookie's name begins with `__Host-`: browsers restrict it to this host, to TLS (or localhost) and
to the path `/`. Scripts cannot read it, and there is no token behind it.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from scim.access.setup_link import ConsoleSession, SetupLink
from scim.access.token import hash_of
from scim.errors import Unauthorized
from scim.moments import later
from scim.principal import Principal
from scim.service.administration.ports import Actor, Acts
from scim.service.administration.recorded_acts import noted
from scim.service.ports import Clock
from scim.service.system import short_id
from scim.store.access.setup_links import SetupLinks
from scim.store.access.tenants import Tenants

SECRET_BYTES = 32
Source = tuple[str, str]
"""The source address and the id of a request."""
NO_SOURCE: Source = ("", "")
_UNKNOWN = "This link opens nothing: it is mistyped, or older than the service remembers."
_ENDED = "There is no session, or it has ended."


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A valid session: its principal, and the parts of its link that the pages show."""

    principal: Principal
    expires_at: str
    contact: str


@dataclass(frozen=True, slots=True)
class ConsoleSessions:
    """Opens and checks sessions of one kind.

    `kind` names the cookie; `is_operators` is true for the console and false for tenants' portals;
    `permissions` are those of a session; `acts` records each session.
    """

    kind: str
    is_operators: bool
    permissions: frozenset[str]
    links: SetupLinks
    tenants: Tenants
    clock: Clock
    acts: Acts
    terms: str = ""
    """The terms on which people sign in; a session begun on other terms has ended."""
    seconds: int = 3600
    """The lifetime of a session of a person who signed in."""

    @property
    def cookie(self) -> str:
        """The cookie's name."""
        return f"__Host-scim-{self.kind}"

    def exchange(self, secret: str, source: Source = NO_SOURCE) -> str:
        """Exchange a link's secret, once, for a session; return its Set-Cookie header.

        Raises Unauthorized with the reason, which only a holder of the 256-bit secret can see.
        """
        now, link_hash = self.clock.now(), hash_of(secret)
        link = self.links.find(link_hash)
        if link is None or not self._is_ours(link):
            raise Unauthorized(_UNKNOWN)
        if refusal := link.refusal(now):
            raise Unauthorized(f"{refusal} Ask for a new one.")
        self._require_tenant(link)
        value = secrets.token_urlsafe(SECRET_BYTES)
        session = ConsoleSession(
            link_hash, now, later(now, timedelta(seconds=link.session_seconds))
        )
        if not self.links.exchange(hash_of(value), session):
            raise Unauthorized(
                "This link was already used; each link can be opened once. Ask for a new one."
            )
        self._note(f"{self.kind}:{link.link_id}", link.tenant, source)
        return self._header(value, link.session_seconds)

    def holds(self, secret: str, headers: Mapping[str, Sequence[str]]) -> bool:
        """Return whether a request has the cookie of the open session that this link was exchanged for.

        The browser that opened a link may open it again: people click it in the mail a second time.
        """
        value = self._value(headers)
        session = self.links.session(hash_of(value)) if value else None
        if session is None or session.link_hash != hash_of(secret):
            return False
        try:
            self.session_of(headers)
        except Unauthorized:
            return False
        return True

    def begin(self, person: str, source: Source = NO_SOURCE) -> str:
        """Begin a session for a person who signed in; return its Set-Cookie header."""
        now, value = self.clock.now(), secrets.token_urlsafe(SECRET_BYTES)
        expires_at, hash_ = later(now, timedelta(seconds=self.seconds)), hash_of(value)
        link = SetupLink(short_id(6), "", now, now, self.seconds, used_at=now, person=person)
        self.links.begin(hash_, ConsoleSession(hash_, now, expires_at, person, self.terms), link)
        self._note(f"{self.kind}:{person}", "", source)
        return self._header(value, self.seconds)

    def session_of(self, headers: Mapping[str, Sequence[str]]) -> OpenSession:
        """Return the session of a request's cookie. Raises Unauthorized when it is not valid.

        The session's link and tenant are read each time, so that a revoked link or a suspended tenant
        ends the session.
        """
        value = self._value(headers)
        session = self.links.session(hash_of(value)) if value else None
        if session is None or session.expires_at <= self.clock.now():
            raise Unauthorized(_ENDED)
        if session.person and not session.link_hash:
            return self._of_person(session)
        link = self.links.find(session.link_hash)
        if link is None or link.revoked_at is not None or not self._is_ours(link):
            raise Unauthorized(_ENDED)
        if session.person:
            return self._of_person(session)
        self._require_tenant(link)
        name = f"{self.kind}:{link.link_id}"
        principal = Principal(link.tenant, name, self.permissions, owner=name)
        return OpenSession(principal, session.expires_at, link.contact)

    def _of_person(self, session: ConsoleSession) -> OpenSession:
        if not self.is_operators or session.terms != self.terms:
            raise Unauthorized(_ENDED)
        name = f"{self.kind}:{session.person}"
        return OpenSession(
            Principal("", name, self.permissions, owner=name), session.expires_at, ""
        )

    def end(self, headers: Mapping[str, Sequence[str]]) -> str:
        """Forget a request's session; return the Set-Cookie header that drops the cookie.

        What opened the console is revoked with it, because operators list what still opens it.
        """
        if value := self._value(headers):
            session = self.links.session(hash_of(value))
            self.links.end(hash_of(value))
            if self.is_operators and session is not None and session.link_hash:
                self.links.revoke(session.link_hash, self.clock.now())
        return self._header("", 0)

    def _note(self, name: str, tenant: str, source: Source) -> None:
        actor = Actor(name, *source)
        with noted(self.acts, self.clock, actor, "openSession", tenant, {}):
            """The session is already open; `noted` only records it."""

    def _is_ours(self, link: SetupLink) -> bool:
        return self.is_operators == (not link.tenant)

    def _require_tenant(self, link: SetupLink) -> None:
        if self.is_operators:
            return
        tenant = self.tenants.find(link.tenant)
        if tenant is None or tenant.suspended_at is not None:
            raise Unauthorized("The tenant of this link no longer exists.")

    def _value(self, headers: Mapping[str, Sequence[str]]) -> str:
        return cookie_in(headers, self.cookie)

    def _header(self, value: str, seconds: int) -> str:
        bounds = f"Path=/; Max-Age={seconds}; Secure; HttpOnly; SameSite=Strict"
        return f"{self.cookie}={value}; {bounds}"


def actor_of(session: OpenSession) -> Actor:
    principal = session.principal
    return Actor(principal.token_id, principal.address, principal.request_id)


def source_of(event: Mapping[str, Any]) -> Source:
    """Return the source address and the id of a request."""
    context = event.get("requestContext") or {}
    address = (context.get("identity") or {}).get("sourceIp")
    return str(address or ""), str(context.get("requestId") or "")


def cookie_in(headers: Mapping[str, Sequence[str]], cookie_name: str) -> str:
    """Return the value of a request's cookie, empty if the request has no cookie of that name."""
    pairs = (
        pair.strip().partition("=")
        for line in headers.get("cookie", ())
        for pair in line.split(";")
    )
    return next((value for name, _, value in pairs if name == cookie_name), "")


def header_values_of(event: Mapping[str, Any]) -> Mapping[str, Sequence[str]]:
    """Return all values of each request header, by its name in lower case."""
    value_lists = event.get("multiValueHeaders") or {}
    single_values = event.get("headers") or {}
    headers: dict[str, Sequence[str]] = {
        str(name).lower(): [value] for name, value in single_values.items()
    }
    return {**headers, **{str(name).lower(): values for name, values in value_lists.items()}}
