"""Opaque tokens: asks their authorization server about them, and caches its response briefly (RFC 7662)."""

import base64
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import quote_plus

from scim.access.issuer import Introspection, Issuer
from scim.access.token import hash_of
from scim.auth.http_client import UnreachableError
from scim.auth.jws import IssuerSilent, NotBelieved
from scim.errors import Unavailable
from scim.expiring_cache import ExpiringCache

LARGEST = 10_000
"""The most characters of claims that are cached: a server may return much, and memory is limited."""

Secrets = Callable[[str], str]
"""Returns the secret of a name, from where the deployment keeps its secrets. Raises Unavailable."""


class Poster(Protocol):
    """Posts forms to an authorization server."""

    def post_form(
        self, url: str, form: Mapping[str, str], headers: Mapping[str, str]
    ) -> dict[str, Any]:
        """Return the JSON response. Raises UnreachableError."""
        ...


BAD_REQUEST = 400


@dataclass(frozen=True, slots=True)
class Introspector:
    """Asks authorization servers; one object serves all requests of a process."""

    poster: Poster
    secrets: Secrets
    now: Callable[[], float] = time.time
    cache: ExpiringCache[str, Mapping[str, Any]] = field(default_factory=ExpiringCache)

    def claims(self, token: str, issuer: Issuer, introspection: Introspection) -> Mapping[str, Any]:
        """Return the claims of an active token. Raises NotBelieved when the token is not accepted.

        Raises IssuerSilent when the server does not respond and no response is cached.
        """
        subject = f"{issuer.tenant}\n{introspection.endpoint}\n{introspection.client_id}\n{token}"
        key = hash_of(subject)
        cached_answer = self.cache.get(key)
        answer = self._introspect(token, introspection) if cached_answer is None else cached_answer
        now = self.now()
        # Checked each time: two issuers of a tenant can have the same endpoint.
        claims = _in_force(answer, issuer, now)
        _check(claims, issuer, now)
        if cached_answer is None and len(json.dumps(answer)) <= LARGEST:
            end = min(now + introspection.seconds_remembered, *_ends(claims))
            self.cache.keep(key, answer, end - now)
        return claims

    def _introspect(self, token: str, introspection: Introspection) -> Mapping[str, Any]:
        form = {"token": token, "token_type_hint": "access_token"}
        try:
            secret = self.secrets(introspection.secret_name)
            headers = {"Authorization": basic(introspection.client_id, secret)}
            return self.poster.post_form(introspection.endpoint, form, headers)
        except UnreachableError as error:
            if error.status == BAD_REQUEST:
                raise NotBelieved("the introspection endpoint takes it for no token") from error
            raise IssuerSilent("The introspection endpoint did not answer.") from error
        except Unavailable as error:
            raise IssuerSilent(
                "The secret for the introspection endpoint cannot be read."
            ) from error


def basic(client_id: str, secret: str) -> str:
    """Return a client's Basic credentials, form-encoded as RFC 6749 section 2.3.1 requires."""
    pair = f"{quote_plus(client_id)}:{quote_plus(secret)}"
    return "Basic " + base64.b64encode(pair.encode()).decode()


def _in_force(claims: Mapping[str, Any], issuer: Issuer, now: float) -> Mapping[str, Any]:
    """Return the claims without permissions that have not begun or have expired, where UMA is used.

    Each permission has times of its own (UMA 2.0 Federated Authorization section 5.1.1).
    """
    permissions = claims.get("permissions")
    if issuer.uma is None or not isinstance(permissions, list):
        return claims
    well_formed = [permission for permission in permissions if isinstance(permission, dict)]
    if not all(
        _is_number(permission[name])
        for permission in well_formed
        for name in ("nbf", "exp")
        if name in permission
    ):
        raise NotBelieved("a time in it is not a number")
    begun = [
        permission for permission in well_formed if permission.get("nbf", 0) <= now + issuer.leeway
    ]
    return {
        **claims,
        "permissions": [permission for permission in begun if permission.get("exp", now + 1) > now],
    }


def _check(claims: Mapping[str, Any], issuer: Issuer, now: float) -> None:
    if claims.get("active") is not True:
        raise NotBelieved("not active")
    not_before = claims.get("nbf", 0)
    if not _is_number(not_before) or not_before > now + issuer.leeway:
        raise NotBelieved("not valid yet")
    if min(_ends(claims)) <= now:
        raise NotBelieved("expired")
    if claims.get("iss", issuer.issuer) != issuer.issuer:
        raise NotBelieved("of another issuer")
    audiences = _list(claims.get("aud"))
    if issuer.audiences and not any(audience in issuer.audiences for audience in audiences):
        raise NotBelieved("for another audience")
    if issuer.uma and not _is_permitted(claims, issuer.uma.resource_id):
        raise NotBelieved("without a permission for this resource")


def _ends(claims: Mapping[str, Any]) -> list[float]:
    """Return every time at which the claims or a permission expire, and infinity."""
    permissions = [
        permission
        for permission in _list(claims.get("permissions"))
        if isinstance(permission, dict)
    ]
    ends = [part["exp"] for part in (claims, *permissions) if "exp" in part]
    if not all(map(_is_number, ends)):
        raise NotBelieved("a time in it is not a number")
    return [*ends, float("inf")]


def _is_permitted(claims: Mapping[str, Any], resource_id: str) -> bool:
    return any(
        isinstance(permission, dict) and permission.get("resource_id") == resource_id
        for permission in _list(claims.get("permissions"))
    )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
