"""Tokens of tenants: created here, shown once, stored as a hash."""

import re
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

from scim.access.tenant import Known, Tenant
from scim.access.token import StoredToken, hash_of
from scim.errors import Conflict, InvalidValue, NotFound
from scim.moments import later
from scim.profile.shipped import profile_or_default
from scim.resource.record import Stale
from scim.service.administration.jobs import end_jobs
from scim.service.administration.ports import (
    CHANGED_MEANWHILE,
    Administration,
    Done,
    items_of,
)
from scim.service.administration.requests import ByTenant, ByToken, NewToken, RotatedToken
from scim.service.administration.tenant_lookups import (
    filters_checked,
    require_name,
    scopes_for,
    tenant_named,
)
from scim.service.system import minted, short_id

_SUBJECT = re.compile(r"(?:id|userName|externalId):.{1,512}")


def created(administration: Administration, asked: NewToken) -> Done:
    """Create a token; only this response contains its secret.

    Raises NotFound, InvalidValue, and Conflict where the profile takes only tokens of the token endpoint.
    """
    tenant = asked.tenant
    if asked.create_tenant:
        require_name(tenant)
    else:
        tenant_named(administration, tenant)
    scopes = scopes_for(administration, tenant, asked.scopes)
    _require_own_tokens(administration, tenant)
    if asked.subject is not None and _SUBJECT.fullmatch(asked.subject) is None:
        raise InvalidValue("A subject is id:…, userName:… or externalId:….")
    filters = filters_checked(administration, tenant, asked.filters) if asked.filters else None
    notes = _tenant_made(administration, tenant) if asked.create_tenant else ()
    begun = administration.clock.now()
    starts = later(begun, timedelta(seconds=asked.starts_in))
    made = StoredToken(
        token_id=short_id(6),
        tenant=tenant,
        scopes=scopes,
        label=asked.label,
        created_at=begun,
        expires_at=later(starts, timedelta(days=asked.days)),
        not_before=starts if asked.starts_in else None,
        subject=asked.subject,
        filters=filters,
    )
    secret = minted(made.token_id)
    administration.tokens.save(hash_of(secret), made)
    return Done({**_row(made, begun), "token": secret}, notes, 201)


def listed(administration: Administration, asked: ByTenant) -> Done:
    """List a tenant's tokens, without their secrets."""
    name, now = tenant_named(administration, asked.tenant).name, administration.clock.now()
    return items_of(_row(each, now) for each in administration.tokens.of_tenant(name).values())


def rotated(administration: Administration, asked: RotatedToken) -> Done:
    """Rotate a token: create its successor; the old token stays valid until the overlap ends.

    Raises NotFound, and Conflict for a token that is not valid or that others are changing.
    """
    old_hash, old = _found(administration, asked)
    begun = administration.clock.now()
    if not old.is_valid(begun):
        raise Conflict(f"Token {asked.token} is not valid; create a new one.")
    new = old.successor(short_id(6), begun, later(begun, timedelta(days=asked.days)))
    secret = minted(new.token_id)
    ends = later(begun, timedelta(seconds=asked.overlap))
    until = min(old.expires_at, ends)
    try:
        administration.tokens.rotate(old_hash, old, until, hash_of(secret), new)
    except Stale as stale:
        raise Conflict(CHANGED_MEANWHILE) from stale
    note = f"Token {asked.token} is valid until {until}."
    return Done({**_row(new, begun), "token": secret}, (note,), 201)


def revoked(administration: Administration, asked: ByToken) -> Done:
    """Revoke a token and end its jobs at once. Raises NotFound."""
    token_hash, known = _found(administration, asked)
    now = administration.clock.now()
    at = known.revoked_at or now
    administration.tokens.revoke(token_hash, at)
    ended = end_jobs(
        administration,
        asked.tenant,
        "The token is revoked.",
        lambda job: asked.token in (job.token_id, job.starter_token),
    )
    return Done(_row(replace(known, revoked_at=at), now), ended)


def _require_own_tokens(administration: Administration, tenant: str) -> None:
    """Raise Conflict where the tenant takes only tokens of the token endpoint."""
    known = administration.tenants.find(tenant)
    if known is not None and profile_or_default(known.profile).auth.minted_only:
        raise Conflict(
            f"Tenant {tenant} accepts only tokens of the token endpoint; create a client."
        )


def _tenant_made(administration: Administration, name: str) -> tuple[str, ...]:
    try:
        administration.tenants.create(Tenant(name, administration.clock.now()))
    except Known:
        return ()
    return (f"Tenant {name} is new.",)


def _found(administration: Administration, asked: ByToken) -> tuple[str, StoredToken]:
    name = tenant_named(administration, asked.tenant).name
    for token_hash, each in administration.tokens.of_tenant(name).items():
        if each.token_id == asked.token:
            return token_hash, each
    raise NotFound(f"Tenant {asked.tenant} has no token {asked.token}.")


def _row(token: StoredToken, now: str) -> dict[str, Any]:
    return {**asdict(token), "valid": token.is_valid(now)}
