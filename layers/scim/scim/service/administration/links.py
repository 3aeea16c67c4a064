"""Links to a tenant's setup portal and to the console: shown once, usable once."""

import secrets
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from scim.access.setup_link import SetupLink
from scim.access.token import hash_of
from scim.errors import NotFound
from scim.moments import later
from scim.service.administration.ports import Administration, OperationResult, items_of
from scim.service.administration.requests import ByLink, ByTenant, NewConsoleLink, NewLink
from scim.service.administration.tenant_lookups import tenant_named
from scim.service.system import short_id

SECRET_BYTES = 32
"""The number of random bytes in a link's secret."""


def create_link(administration: Administration, request: NewLink) -> OperationResult:
    """Create a link to a tenant's setup portal; only this response contains its secret."""
    name = tenant_named(administration, request.tenant).name
    return _create(administration, name, request.valid, request.session, request.contact)


def create_console_link(administration: Administration, request: NewConsoleLink) -> OperationResult:
    """Create a link to the operator's console; only this response contains its secret."""
    return _create(administration, "", request.valid, request.session, "")


def list_links(administration: Administration, request: ByTenant) -> OperationResult:
    """List the links to a tenant's setup portal, without their secrets."""
    name, now = tenant_named(administration, request.tenant).name, administration.clock.now()
    return items_of(_row(link, now) for link in administration.links.of_tenant(name).values())


def revoke_link(administration: Administration, request: ByLink) -> OperationResult:
    """Revoke a link and end its session at once."""
    name, now = tenant_named(administration, request.tenant).name, administration.clock.now()
    for link_hash, link in administration.links.of_tenant(name).items():
        if link.link_id == request.link:
            administration.links.revoke(link_hash, now)
            return OperationResult({"tenant": name, "link_id": link.link_id, "revoked_at": now})
    raise NotFound(f"Tenant {request.tenant} has no link {request.link}.")


def _create(
    administration: Administration, tenant: str, valid: int, session: int, contact: str
) -> OperationResult:
    now, secret = administration.clock.now(), secrets.token_urlsafe(SECRET_BYTES)
    expires_at = later(now, timedelta(seconds=valid))
    link = SetupLink(short_id(6), tenant, now, expires_at, session, contact)
    administration.links.save(hash_of(secret), link)
    return OperationResult({**_row(link, now), "secret": secret}, status=201)


def _row(link: SetupLink, now: str) -> dict[str, Any]:
    return {**asdict(link), "opens": not link.refusal(now)}
