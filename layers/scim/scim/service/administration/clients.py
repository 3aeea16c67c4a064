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
    OperationResult,
    items_of,
)
from scim.service.administration.requests import ByClient, ByTenant, NewClient
from scim.service.administration.tenant_lookups import filters_checked, scopes_for
from scim.service.system import minted, short_id

_MOST_SECRETS = 2


def create_client(administration: Administration, request: NewClient) -> OperationResult:
    """Create a client that authenticates with its keys, or with a secret that only this response contains."""
    scopes = scopes_for(administration, request.tenant, request.scopes)
    if request.jwks_uri and not is_trusted_url(request.jwks_uri):
        raise InvalidValue("jwksUri must be an https URL.")
    try:
        jwks = "" if request.jwks is None else public_keys(request.jwks)
    except ValueError as error:
        raise InvalidValue(f"jwks: {error}") from error
    filters = (
        filters_checked(administration, request.tenant, request.filters) if request.filters else ""
    )
    client = OAuthClient(
        client_id=short_id(8),
        tenant=request.tenant,
        scopes=scopes,
        label=request.label,
        created_at=administration.clock.now(),
        jwks=jwks,
        jwks_uri=request.jwks_uri,
        filters=filters,
    )
    if client.jwks or client.jwks_uri:
        administration.clients.save(client)
        return OperationResult(_row(client), status=201)
    secret = minted(client.client_id)
    administration.clients.save(replace(client, secret_hashes=(hash_of(secret),)))
    return OperationResult({**_row(client), "secret": secret}, status=201)


def list_clients(administration: Administration, request: ByTenant) -> OperationResult:
    """List a tenant's clients, without their secrets."""
    return items_of(_row(client) for client in administration.clients.of_tenant(request.tenant))


def rotate_client(administration: Administration, request: ByClient) -> OperationResult:
    """Give a client a new secret; the previous one stays valid until the next rotation.

    Raises NotFound, and Conflict for a revoked client or if others are giving it one.
    """
    client = _client_named(administration, request)
    if client.revoked_at is not None:
        raise Conflict(f"Client {request.client} is revoked; create a new one.")
    secret = minted(client.client_id)
    hashes = (hash_of(secret), *client.secret_hashes)[:_MOST_SECRETS]
    try:
        administration.clients.rotate(client, hashes)
    except Stale as stale:
        raise Conflict(CHANGED_MEANWHILE) from stale
    return OperationResult({**_row(client), "secret": secret}, status=201)


def revoke_client(administration: Administration, request: ByClient) -> OperationResult:
    """Revoke a client and end its jobs at once."""
    client = _client_named(administration, request)
    revoked_at = client.revoked_at or administration.clock.now()
    revoked_client = replace(client, revoked_at=revoked_at, secret_hashes=())
    administration.clients.revoke(client, revoked_at)
    owner = client_owner(request.client)
    notes = end_jobs(
        administration,
        request.tenant,
        "The client is revoked.",
        lambda job: owner in (job.owner, job.starter),
    )
    return OperationResult(_row(revoked_client), notes)


def _client_named(administration: Administration, request: ByClient) -> OAuthClient:
    for client in administration.clients.of_tenant(request.tenant):
        if client.client_id == request.client:
            return client
    raise NotFound(f"Tenant {request.tenant} has no client {request.client}.")


def _row(client: OAuthClient) -> dict[str, Any]:
    row = asdict(client)
    del row["secret_hashes"]
    return row
