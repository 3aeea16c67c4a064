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
from scim.service.administration.requests import (
    ByConsoleLink,
    ByLink,
    ByTenant,
    NewConsoleLink,
    NewLink,
    Parameters,
)
from scim.service.system import short_id

SECRET_BYTES = 32
"""The number of random bytes in a link's secret."""


def create_link(administration: Administration, request: NewLink) -> OperationResult:
    """Create a link to a tenant's setup portal; only this response contains its secret."""
    return _create(administration, request.tenant, request.valid, request.session, request.contact)


def create_console_link(administration: Administration, request: NewConsoleLink) -> OperationResult:
    """Create a link to the operator's console; only this response contains its secret."""
    return _create(administration, "", request.valid, request.session, "")


def list_console_links(administration: Administration, _request: Parameters) -> OperationResult:
    """List the links and sign-ins that open the console now, with their sessions."""
    now = administration.clock.now()
    rows = map(_console_row, administration.links.of_tenant("").values())
    return items_of(row for row in rows if row["ends_at"] > now)


def revoke_console_link(administration: Administration, request: ByConsoleLink) -> OperationResult:
    """Revoke a link to the console, or a sign-in, and end its session at once."""
    revoked_at = _revoked(administration, "", request.link)
    if revoked_at is None:
        raise NotFound(f"There is no link to the console with the id {request.link}.")
    return OperationResult({"link_id": request.link, "revoked_at": revoked_at})


def list_links(administration: Administration, request: ByTenant) -> OperationResult:
    """List the links to a tenant's setup portal, without their secrets."""
    now = administration.clock.now()
    return items_of(
        _row(link, now) for link in administration.links.of_tenant(request.tenant).values()
    )


def revoke_link(administration: Administration, request: ByLink) -> OperationResult:
    """Revoke a link and end its session at once."""
    revoked_at = _revoked(administration, request.tenant, request.link)
    if revoked_at is None:
        raise NotFound(f"Tenant {request.tenant} has no link {request.link}.")
    return OperationResult(
        {"tenant": request.tenant, "link_id": request.link, "revoked_at": revoked_at}
    )


def _revoked(administration: Administration, tenant: str, link_id: str) -> str | None:
    """Revoke a link; return when, None if there is no such link."""
    now = administration.clock.now()
    for link_hash, link in administration.links.of_tenant(tenant).items():
        if link.link_id == link_id:
            administration.links.revoke(link_hash, now)
            return now
    return None


def _create(
    administration: Administration, tenant: str, valid: int, session: int, contact: str
) -> OperationResult:
    now, secret = administration.clock.now(), secrets.token_urlsafe(SECRET_BYTES)
    expires_at = later(now, timedelta(seconds=valid))
    link = SetupLink(short_id(6), tenant, now, expires_at, session, contact)
    administration.links.save(hash_of(secret), link)
    return OperationResult({**_row(link, now), "secret": secret}, status=201)


def _console_row(link: SetupLink) -> dict[str, Any]:
    """Return a link with the moment when it, or the session that it opened, ends."""
    session_end = link.used_at and later(link.used_at, timedelta(seconds=link.session_seconds))
    return {
        "link_id": link.link_id,
        "person": link.person,
        "created_at": link.created_at,
        "used_at": link.used_at,
        "ends_at": link.revoked_at or session_end or link.expires_at,
    }


def _row(link: SetupLink, now: str) -> dict[str, Any]:
    members = {name: value for name, value in asdict(link).items() if name != "person"}
    return {**members, "opens": not link.refusal(now)}
