"""The challenge for a caller without a valid RPT: a permission ticket of the authorization server.

UMA 2.0 Grant section 3.2.1 and Federated Authorization section 4.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from scim.access.issuer import Introspection, Issuer, Uma
from scim.auth.http_client import UnreachableError
from scim.auth.introspection import Poster, Secrets, basic
from scim.errors import Unavailable
from scim.expiring_cache import ExpiringCache

_TICKET = re.compile(r"[A-Za-z0-9\-._~+/=]{1,1024}", re.ASCII)
_EARLY = 30.0
"""Seconds before its expiry at which our own token is renewed."""
_LONGEST = 3600.0


class Server(Poster, Protocol):
    """Posts forms and JSON to an authorization server."""

    def post_json(self, url: str, value: Any, headers: Mapping[str, str]) -> dict[str, Any]:
        """Return the JSON response. Raises UnreachableError."""
        ...


@dataclass(frozen=True, slots=True)
class Tickets:
    """Asks for permission tickets; one object serves all requests of a process."""

    server: Server
    secrets: Secrets
    tokens: ExpiringCache[str, str] = field(default_factory=ExpiringCache)

    def challenge(self, issuer: Issuer) -> str | None:
        """Return a `WWW-Authenticate` value with a new ticket, None if there is no ticket."""
        if issuer.uma is None or issuer.introspection is None:
            return None
        try:
            ticket = self._ticket(issuer.uma, issuer.introspection)
        except (UnreachableError, Unavailable):
            # The token may have been revoked before its expiry: get a new one for the next caller.
            self.tokens.forget(_account(issuer.uma, issuer.introspection))
            return None
        realm, uri = _quoted(issuer.uma.realm), _quoted(issuer.uma.as_uri)
        return f'UMA realm="{realm}", as_uri="{uri}", ticket="{ticket}"'

    def _ticket(self, uma: Uma, client: Introspection) -> str:
        token = self._protection_token(uma, client)
        permission = {"resource_id": uma.resource_id, "resource_scopes": list(uma.resource_scopes)}
        headers = {"Authorization": f"Bearer {token}"}
        ticket = self.server.post_json(uma.permission_endpoint, permission, headers).get("ticket")
        # It becomes part of our header, so it must not end the quoted string or the line.
        if not isinstance(ticket, str) or not _TICKET.fullmatch(ticket):
            raise UnreachableError("The authorization server gave no ticket.")
        return ticket

    def _protection_token(self, uma: Uma, client: Introspection) -> str:
        account = _account(uma, client)
        token = self.tokens.get(account)
        if token is not None:
            return token
        form = {"grant_type": "client_credentials", "scope": "uma_protection"}
        headers = {"Authorization": basic(client.client_id, self.secrets(client.secret_name))}
        answer = self.server.post_form(uma.protection_token_endpoint, form, headers)
        new_token, seconds = answer.get("access_token"), answer.get("expires_in", 60)
        if not isinstance(new_token, str) or not isinstance(seconds, int | float):
            raise UnreachableError("The authorization server gave no protection token.")
        self.tokens.keep(account, new_token, min(seconds, _LONGEST) - _EARLY)
        return new_token


def _account(uma: Uma, client: Introspection) -> str:
    return f"{uma.protection_token_endpoint}\n{client.client_id}\n{client.secret_name}"


def _quoted(text: str) -> str:
    """Return the text escaped for a quoted string (RFC 9110 section 5.6.4)."""
    return re.sub(r'(["\\])', r"\\\1", "".join(c for c in text if " " <= c < "\x7f"))
