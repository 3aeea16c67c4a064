"""Links to a tenant's setup portal and to the console: shown once, usable once."""

import secrets
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from scim.access.setup_link import SetupLink
from scim.access.token import hash_of
from scim.errors import NotFound
from scim.moments import later
from scim.service.administration.ports import Administration, Done, items_of
from scim.service.administration.requests import ByLink, ByTenant, NewConsoleLink, NewLink
from scim.service.administration.tenant_lookups import tenant_named
from scim.service.system import short_id

SECRET_BYTES = 32
"""The number of random bytes in a link's secret."""


def created(administration: Administration, asked: NewLink) -> Done:
    """Create a link to a tenant's setup portal; only this response contains its secret."""
    name = tenant_named(administration, asked.tenant).name
    return _made(administration, name, asked.valid, asked.session, asked.contact)


def to_console(administration: Administration, asked: NewConsoleLink) -> Done:
    """Create a link to the operator's console; only this response contains its secret."""
    return _made(administration, "", asked.valid, asked.session, "")


def listed(administration: Administration, asked: ByTenant) -> Done:
    """List the links to a tenant's setup portal, without their secrets."""
    name, now = tenant_named(administration, asked.tenant).name, administration.clock.now()
    return items_of(_row(each, now) for each in administration.links.of_tenant(name).values())


def revoked(administration: Administration, asked: ByLink) -> Done:
    """Revoke a link and end its session at once."""
    name, now = tenant_named(administration, asked.tenant).name, administration.clock.now()
    for link_hash, known in administration.links.of_tenant(name).items():
        if known.link_id == asked.link:
            administration.links.revoke(link_hash, now)
            return Done({"tenant": name, "link_id": known.link_id, "revoked_at": now})
    raise NotFound(f"Tenant {asked.tenant} has no link {asked.link}.")


def _made(
    administration: Administration, tenant: str, valid: int, session: int, contact: str
) -> Done:
    begun, secret = administration.clock.now(), secrets.token_urlsafe(SECRET_BYTES)
    ends = later(begun, timedelta(seconds=valid))
    made = SetupLink(short_id(6), tenant, begun, ends, session, contact)
    administration.links.save(hash_of(secret), made)
    return Done({**_row(made, begun), "secret": secret}, status=201)


def _row(link: SetupLink, now: str) -> dict[str, Any]:
    return {**asdict(link), "opens": not link.refusal(now)}
