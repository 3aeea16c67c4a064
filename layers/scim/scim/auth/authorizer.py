"""The REQUEST authorizer: a token in, the principal's policy out.

Imports nothing heavy: this function's cold start is in front of every other.
"""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from scim.auth.credential import token_in
from scim.auth.policy import policy_of
from scim.principal import Principal


class KnownToken(Protocol):
    """What is stored of a token; times are RFC 3339 in UTC, None where there is none."""

    @property
    def tenant(self) -> str: ...
    @property
    def token_id(self) -> str: ...
    @property
    def scopes(self) -> tuple[str, ...]: ...
    @property
    def not_before(self) -> str | None: ...
    @property
    def expires_at(self) -> str: ...
    @property
    def revoked_at(self) -> str | None: ...


Tokens = Callable[[str], KnownToken | None]
"""Returns the token with that SHA-256 (hex), or None."""

Authorizer = Callable[[Mapping[str, Any], Any], dict[str, object]]


class Unauthorized(Exception):
    """API Gateway answers 401 when, and only when, the message is this word."""

    def __init__(self) -> None:
        super().__init__("Unauthorized")


def authorizer(tokens: Tokens, now: Callable[[], str], minimum_length: int) -> Authorizer:
    """Return the authorizer's Lambda handler."""

    def handler(event: Mapping[str, Any], _context: Any) -> dict[str, object]:
        token = token_in(event.get("headers") or {}, minimum_length)
        if token is None:
            raise Unauthorized
        known = tokens(hashlib.sha256(token.encode()).hexdigest())
        if known is None or not _is_valid(known, now()):
            raise Unauthorized
        principal = Principal(known.tenant, known.token_id, frozenset(known.scopes))
        return policy_of(principal, str(event["methodArn"]))

    return handler


def _is_valid(token: KnownToken, now: str) -> bool:
    return (
        token.revoked_at is None
        and (token.not_before is None or token.not_before <= now)
        and now < token.expires_at
    )
