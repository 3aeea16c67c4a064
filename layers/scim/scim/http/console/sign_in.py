"""Signing in at the operator's own identity provider: redirects to it and back, with a temporary cookie.

A cookie that scripts cannot read holds one random value; state, nonce and PKCE verifier are derived
from it. A response that this browser did not request is therefore rejected.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest
from typing import Any, Protocol
from urllib.parse import urlencode

from scim.base64url import base64url
from scim.errors import Forbidden, MethodNotAllowed, ScimError, Unavailable
from scim.http.console.answers import Answer, answer
from scim.http.console.sessions import (
    SECRET_BYTES,
    ConsoleSessions,
    cookie_in,
    header_values_of,
    source_of,
)
from scim.log import cause_of, logger

BEGIN, BACK = "sign-in", "sign-in/back"
"""Paths below the console's: the one that begins signing in, and the one the provider redirects to."""
COOKIE = "__Host-scim-sign-in"
SECONDS = 600
"""The most seconds that a person may take at the provider."""


class IdentityProvider(Protocol):
    """Authenticates the people who operate the service."""

    def address(self, redirect_uri: str, state: str, nonce: str, challenge: str) -> str:
        """Return the URL at which a browser signs in. Raises Unavailable."""

    def person(self, code: str, verifier: str, redirect_uri: str, nonce: str) -> str:
        """Return the person who signed in. Raises Unauthorized, Forbidden and Unavailable."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """Serves the two requests of a browser: to the provider, and back with a code."""

    provider: IdentityProvider
    sessions: ConsoleSessions

    def serve(self, event: Mapping[str, Any], path: str, console: str) -> Answer:
        """Return the response to either request; `console` is the URL of the console's pages.

        If signing in fails, the response redirects to the page, whose URL names the reason.
        """
        if event.get("httpMethod") != "GET":
            raise MethodNotAllowed("Sign-in starts with GET.", ("GET",))
        try:
            return (
                self._to_provider(console) if path == BEGIN else self._from_provider(event, console)
            )
        except ScimError as error:
            why = {"why": error.detail, "cause": cause_of(error)}
            logger().info("not signed in", extra=why)
            reason = {Forbidden: "stranger", Unavailable: "silent"}.get(type(error), "refused")
            return _page(console, reason)

    def _to_provider(self, console: str) -> Answer:
        value = secrets.token_urlsafe(SECRET_BYTES)
        digest = sha256(_derived(value, "verifier").encode()).digest()
        challenge = base64url(digest)
        state, nonce = _derived(value, "state"), _derived(value, "nonce")
        location = self.provider.address(f"{console}/{BACK}", state, nonce, challenge)
        return _redirect(location, [_cookie(value, SECONDS)])

    def _from_provider(self, event: Mapping[str, Any], console: str) -> Answer:
        query = event.get("queryStringParameters") or {}
        value = cookie_in(header_values_of(event), COOKIE)
        state = str(query.get("state") or "")
        if not value or not compare_digest(state.encode(), _derived(value, "state").encode()):
            return _page(console, "late")
        if not query.get("code"):
            return _page(console, "refused")
        person = self.provider.person(
            str(query["code"]),
            _derived(value, "verifier"),
            f"{console}/{BACK}",
            _derived(value, "nonce"),
        )
        session_cookie = self.sessions.begin(person, source_of(event))
        logger().info("signed in")
        return _redirect(f"{console}/index.html", [session_cookie, _cookie("", 0)])


def _derived(value: str, name: str) -> str:
    return base64url(sha256(f"{name} {value}".encode()).digest())


def _page(console: str, reason: str) -> Answer:
    return _redirect(f"{console}/index.html?{urlencode({'why': reason})}", [_cookie("", 0)])


def _cookie(value: str, seconds: int) -> str:
    # Lax, not Strict: the redirect back comes from the provider, which is another site.
    return f"{COOKIE}={value}; Path=/; Max-Age={seconds}; Secure; HttpOnly; SameSite=Lax"


def _redirect(location: str, cookies: list[str]) -> Answer:
    headers: dict[str, str | list[str]] = {
        "Location": location,
        "Cache-Control": "no-store",
        "Set-Cookie": cookies,
    }
    return answer(303, "", headers)
