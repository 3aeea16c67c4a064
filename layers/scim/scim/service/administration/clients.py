"""Clients of the token endpoint: how they authenticate, and what their tokens may do."""

from dataclasses import asdict, replace
from typing import Any

from scim.access.client import OAuthClient, public_keys
from scim.access.issuer import is_trusted_url
from scim.access.token import hash_of
from scim.errors import Conflict, InvalidValue, NotFound
from scim.principal import client_owner
from scim.resource.record import Stale
from scim.service.administration.jobs import end_jobs
from scim.service.administration.ports import (
    CHANGED_MEANWHILE,
    Administration,
    Done,
    items_of,
)
from scim.service.administration.requests import ByClient, ByTenant, NewClient
from scim.service.administration.tenant_lookups import filters_checked, scopes_for, tenant_named
from scim.service.system import minted, short_id

_MOST_SECRETS = 2


def created(administration: Administration, asked: NewClient) -> Done:
    """Create a client that authenticates with its keys, or with a secret that only this response contains."""
    scopes = scopes_for(administration, asked.tenant, asked.scopes)
    if asked.jwks_uri and not is_trusted_url(asked.jwks_uri):
        raise InvalidValue("jwksUri must be an https URL.")
    try:
        jwks = "" if asked.jwks is None else public_keys(asked.jwks)
    except ValueError as error:
        raise InvalidValue(f"jwks: {error}") from error
    tenant = tenant_named(administration, asked.tenant).name
    filters = filters_checked(administration, tenant, asked.filters) if asked.filters else ""
    made = OAuthClient(
        client_id=short_id(8),
        tenant=tenant,
        scopes=scopes,
        label=asked.label,
        created_at=administration.clock.now(),
        jwks=jwks,
        jwks_uri=asked.jwks_uri,
        filters=filters,
    )
    if made.jwks or made.jwks_uri:
        administration.clients.save(made)
        return Done(_row(made), status=201)
    secret = minted(made.client_id)
    administration.clients.save(replace(made, secret_hashes=(hash_of(secret),)))
    return Done({**_row(made), "secret": secret}, status=201)


def listed(administration: Administration, asked: ByTenant) -> Done:
    """List a tenant's clients, without their secrets."""
    name = tenant_named(administration, asked.tenant).name
    return items_of(_row(each) for each in administration.clients.of_tenant(name))


def rotated(administration: Administration, asked: ByClient) -> Done:
    """Give a client a new secret; the previous one stays valid until the next rotation.

    Raises NotFound, and Conflict if others are giving it one.
    """
    client = _found(administration, asked)
    secret = minted(client.client_id)
    hashes = (hash_of(secret), *client.secret_hashes)[:_MOST_SECRETS]
    try:
        administration.clients.rotate(client, hashes)
    except Stale as stale:
        raise Conflict(CHANGED_MEANWHILE) from stale
    return Done({**_row(client), "secret": secret}, status=201)


def revoked(administration: Administration, asked: ByClient) -> Done:
    """Revoke a client and end its jobs at once."""
    known = _found(administration, asked)
    at = known.revoked_at or administration.clock.now()
    ending = replace(known, revoked_at=at, secret_hashes=())
    administration.clients.revoke(known, at)
    owner = client_owner(asked.client)
    ended = end_jobs(
        administration,
        asked.tenant,
        "The client is revoked.",
        lambda job: owner in (job.owner, job.starter),
    )
    return Done(_row(ending), ended)


def _found(administration: Administration, asked: ByClient) -> OAuthClient:
    name = tenant_named(administration, asked.tenant).name
    for each in administration.clients.of_tenant(name):
        if each.client_id == asked.client:
            return each
    raise NotFound(f"Tenant {asked.tenant} has no client {asked.client}.")


def _row(client: OAuthClient) -> dict[str, Any]:
    held = asdict(client)
    del held["secret_hashes"]
    return held
