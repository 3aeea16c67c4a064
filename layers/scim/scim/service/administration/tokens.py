"""Tokens of tenants: created here, shown once, stored as a hash."""

import re
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

from scim.access.tenant import NameTaken, Tenant
from scim.access.token import StoredToken, hash_of
from scim.errors import Conflict, InvalidValue, NotFound
from scim.moments import later
from scim.profile.shipped import profile_or_default
from scim.resource.record import Stale
from scim.service.administration.jobs import end_jobs
from scim.service.administration.ports import (
    CHANGED_MEANWHILE,
    Administration,
    OperationResult,
    items_of,
)
from scim.service.administration.requests import ByTenant, ByToken, NewToken, RotatedToken
from scim.service.administration.tenant_lookups import (
    filters_checked,
    scopes_for,
)
from scim.service.system import minted, short_id

_SUBJECT = re.compile(r"(?:id|userName|externalId):.{1,512}")


def create_token(administration: Administration, request: NewToken) -> OperationResult:
    """Create a token; only this response contains its secret.

    Raises InvalidValue, and Conflict where the profile takes only tokens of the token endpoint.
    """
    tenant = request.tenant
    scopes = scopes_for(administration, tenant, request.scopes)
    _require_own_tokens(administration, tenant)
    if request.subject is not None and _SUBJECT.fullmatch(request.subject) is None:
        raise InvalidValue("A subject is id:…, userName:… or externalId:….")
    filters = filters_checked(administration, tenant, request.filters) if request.filters else None
    notes = _create_missing_tenant(administration, tenant) if request.create_tenant else ()
    now = administration.clock.now()
    starts_at = later(now, timedelta(seconds=request.starts_in))
    token = StoredToken(
        token_id=short_id(6),
        tenant=tenant,
        scopes=scopes,
        label=request.label,
        created_at=now,
        expires_at=later(starts_at, timedelta(days=request.days)),
        not_before=starts_at if request.starts_in else None,
        subject=request.subject,
        filters=filters,
    )
    secret = minted(token.token_id)
    administration.tokens.save(hash_of(secret), token)
    return OperationResult({**_row(token, now), "token": secret}, notes, 201)


def list_tokens(administration: Administration, request: ByTenant) -> OperationResult:
    """List a tenant's tokens, without their secrets."""
    now = administration.clock.now()
    return items_of(
        _row(token, now) for token in administration.tokens.of_tenant(request.tenant).values()
    )


def rotate_token(administration: Administration, request: RotatedToken) -> OperationResult:
    """Rotate a token: create its successor; the old token stays valid until the overlap ends.

    Raises NotFound, and Conflict for a token that is not valid or that others are changing.
    """
    old_hash, old_token = _token_named(administration, request)
    now = administration.clock.now()
    if not old_token.is_valid(now):
        raise Conflict(f"Token {request.token} is not valid; create a new one.")
    new_token = old_token.successor(short_id(6), now, later(now, timedelta(days=request.days)))
    secret = minted(new_token.token_id)
    overlap_ends = later(now, timedelta(seconds=request.overlap))
    valid_until = min(old_token.expires_at, overlap_ends)
    try:
        administration.tokens.rotate(old_hash, old_token, valid_until, hash_of(secret), new_token)
    except Stale as stale:
        raise Conflict(CHANGED_MEANWHILE) from stale
    note = f"Token {request.token} is valid until {valid_until}."
    return OperationResult({**_row(new_token, now), "token": secret}, (note,), 201)


def revoke_token(administration: Administration, request: ByToken) -> OperationResult:
    """Revoke a token and end its jobs at once. Raises NotFound."""
    token_hash, token = _token_named(administration, request)
    now = administration.clock.now()
    revoked_at = token.revoked_at or now
    administration.tokens.revoke(token_hash, revoked_at)
    notes = end_jobs(
        administration,
        request.tenant,
        "The token is revoked.",
        lambda job: request.token in (job.token_id, job.starter_token),
    )
    return OperationResult(_row(replace(token, revoked_at=revoked_at), now), notes)


def _require_own_tokens(administration: Administration, tenant: str) -> None:
    """Raise Conflict where the tenant takes only tokens of the token endpoint."""
    settings = administration.tenants.find(tenant)
    if settings is not None and profile_or_default(settings.profile).auth.minted_only:
        raise Conflict(
            f"Tenant {tenant} accepts only tokens of the token endpoint; create a client."
        )


def _create_missing_tenant(administration: Administration, name: str) -> tuple[str, ...]:
    try:
        administration.tenants.create(Tenant(name, administration.clock.now()))
    except NameTaken:
        return ()
    return (f"Tenant {name} is new.",)


def _token_named(administration: Administration, request: ByToken) -> tuple[str, StoredToken]:
    for token_hash, token in administration.tokens.of_tenant(request.tenant).items():
        if token.token_id == request.token:
            return token_hash, token
    raise NotFound(f"Tenant {request.tenant} has no token {request.token}.")


def _row(token: StoredToken, now: str) -> dict[str, Any]:
    return {**asdict(token), "valid": token.is_valid(now)}
