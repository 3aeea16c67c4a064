"""The REQUEST authorizer: takes a credential, returns the principal's policy.

It imports nothing heavy, because its cold start delays the request in addition to the function's.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Protocol

from scim.access.tenant import TENANT_NAME
from scim.auth.credential import Credential, credential_in
from scim.auth.not_authorized import UNKNOWN, Authorizer, NotAuthorized
from scim.auth.policy import endpoint_segments, policy_of
from scim.mount import MOUNT, tenant_in
from scim.permission import Permissions, scopes_meant
from scim.principal import Principal, is_client
from scim.profile.shipped import every_mount, profile_or_default

MOUNTS = (MOUNT, *every_mount())
"""The mounts of all profiles: the profile is known only after the path's tenant is."""


class OwnTokens(Protocol):
    """Finds the principals of the tokens that this deployment made."""

    def principal_of(self, credential: Credential) -> Principal | None: ...


class ExternalTokens(Protocol):
    """Finds the principals of other issuers' tokens; `tenant` is the one that the path names, if any."""

    def principal_of(self, token: str, tenant: str | None) -> Principal: ...


class KnownTenant(Protocol):
    """The settings of a tenant."""

    @property
    def schemes(self) -> tuple[str, ...]: ...
    @property
    def profile(self) -> str: ...
    @property
    def rate(self) -> int | None: ...
    @property
    def suspended_at(self) -> str | None: ...
    @property
    def definitions(self) -> str: ...
    @property
    def endpoints(self) -> tuple[str, ...]: ...


class Tenants(Protocol):
    """The tenants and their settings."""

    def find(self, name: str) -> KnownTenant | None: ...


def authorizer(
    own_tokens: OwnTokens,
    foreign_tokens: ExternalTokens | None,
    tenants: Tenants,
    minimum_length: int,
    offers: tuple[str, ...],
) -> Authorizer:
    """Return the authorizer's Lambda handler.

    `offers` are ways to obtain a token, in addition to the schemes in which a tenant accepts one.
    """

    def handler(event: Mapping[str, Any], _context: Any) -> dict[str, object]:
        credential = credential_in(event.get("headers") or {}, minimum_length)
        if credential is None:
            raise NotAuthorized("the request has no token, or text that is no token")
        principal = _principal_of(own_tokens, foreign_tokens, credential, tenant_named(event))
        tenant = tenants.find(principal.tenant)
        if tenant is None:
            raise _refusal(principal, "its tenant does not exist")
        if tenant.suspended_at is not None:
            raise _refusal(principal, "its tenant is suspended")
        if credential.scheme not in tenant.schemes:
            schemes = ", ".join(tenant.schemes)
            reason = f"it was sent as {credential.scheme}; its tenant accepts {schemes}"
            raise _refusal(principal, reason)
        profile = profile_or_default(tenant.profile)
        auth = profile.auth
        if auth.minted_only and not is_client(principal.owner):
            raise _refusal(principal, "its tenant accepts only tokens of the token endpoint")
        own_scopes = principal.scopes.intersection(auth.scopes) if auth.scopes else principal.scopes
        caller = replace(
            principal,
            scopes=scopes_meant(own_scopes, auth.permissions),
            profile=tenant.profile,
            rate=tenant.rate,
            schemes=(*tenant.schemes, *offers),
            definitions=tenant.definitions,
        )
        arn = str(event["methodArn"])
        segments = {*endpoint_segments(profile.served_types), *tenant.endpoints}
        return policy_of(caller, arn, Permissions.shipped(), segments)

    return handler


def tenant_named(event: Mapping[str, Any]) -> str | None:
    """Return the tenant that the path names, None if it names none or the name is not valid."""
    name = tenant_in(event, MOUNTS)
    return name if name is not None and TENANT_NAME.fullmatch(name) else None


def _principal_of(
    own_tokens: OwnTokens,
    foreign_tokens: ExternalTokens | None,
    credential: Credential,
    tenant: str | None,
) -> Principal:
    # A token of three parts is a JWT (RFC 7515 section 7.1); our own tokens have no dot.
    if credential.token.count(".") != 2:
        principal = own_tokens.principal_of(credential)
        if principal is not None:
            return principal
    if foreign_tokens is None or credential.scheme not in ("bearer", "bare"):
        raise NotAuthorized(UNKNOWN)
    return foreign_tokens.principal_of(credential.token, tenant)


def _refusal(principal: Principal, reason: str) -> NotAuthorized:
    return NotAuthorized(reason, principal.tenant, principal.token_id)


def with_query_token(handler: Authorizer, parameter: str) -> Authorizer:
    """Return the authorizer's handler, which also accepts a token in the query parameter `parameter`.

    If `parameter` is empty, no parameter is read. An Authorization header takes precedence; a
    repeated parameter is ignored.
    """
    if not parameter:
        return handler

    def handler_with_query(event: Mapping[str, Any], context: Any) -> dict[str, object]:
        headers = event.get("headers") or {}
        values = (event.get("multiValueQueryStringParameters") or {}).get(parameter) or []
        if len(values) != 1 or any(name.lower() == "authorization" for name in headers):
            return handler(event, context)
        bearer = {"Authorization": f"Bearer {values[0]}"}
        return handler({**event, "headers": {**headers, **bearer}}, context)

    return handler_with_query
