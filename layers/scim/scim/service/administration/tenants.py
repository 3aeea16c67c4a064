"""Tenants: created, shown, changed, suspended and deleted; their requests, audit and indexes."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

from scim.access.requests_kept import BODIES_UNTIL, IS_ON, RequestsKept
from scim.access.tenant import USUAL_SCHEMES, Known, Tenant
from scim.errors import InvalidValue, Uniqueness
from scim.profile.shipped import names, shipped
from scim.resource.job import Status
from scim.resource.record import Stale
from scim.schema.catalogue import Catalogue
from scim.schema.resource_type import Index, ResourceType
from scim.service.administration.feeds import drop_receiver
from scim.service.administration.jobs import end_jobs
from scim.service.administration.ports import Administration, Done, items_of
from scim.service.administration.recorded_acts import DEPLOYMENT
from scim.service.administration.requests import (
    AuditWanted,
    ByTenant,
    ChangedTenant,
    NewTenant,
    Paged,
    Parameters,
    RequestsAfter,
    RequestsSettled,
)
from scim.service.administration.tenant_lookups import (
    catalogue_served,
    catalogue_under,
    profile_named,
    require_name,
    tenant_named,
)
from scim.service.audit import AuditFilter, audited, without_hidden_values


def created(administration: Administration, asked: NewTenant) -> Done:
    """Create a tenant. Raises InvalidValue, and Uniqueness if the name is taken."""
    require_name(asked.name)
    usual = profile_named(asked.profile).auth.schemes or USUAL_SCHEMES
    made = Tenant(
        asked.name,
        administration.clock.now(),
        asked.profile,
        asked.schemes or usual,
        asked.rate,
    )
    try:
        administration.tenants.create(made)
    except Known as known:
        raise Uniqueness(f"The tenant {asked.name} already exists.") from known
    return Done(_row(made), status=201)


def listed(administration: Administration, asked: Paged) -> Done:
    """List the tenants, a page at a time, sorted by name."""
    known = [name for name in administration.tenants.names() if name > asked.after]
    page = known[: asked.count]
    found = [each for name in page if (each := administration.tenants.find(name)) is not None]
    body: dict[str, Any] = {"items": [_row(each) for each in found]}
    return Done({**body, "next": page[-1]} if len(known) > len(page) else body)


def shown(administration: Administration, asked: ByTenant) -> Done:
    """Show the settings of a tenant."""
    return Done(_row(tenant_named(administration, asked.tenant)))


def changed(administration: Administration, asked: ChangedTenant) -> Done:
    """Change a tenant's token schemes, profile or rate."""
    new: dict[str, Any] = {}
    if asked.schemes is not None:
        new["schemes"] = asked.schemes
    if asked.rate is not None:
        new["rate"] = asked.rate or None
    if asked.profile is not None:
        new["profile"] = profile_named(asked.profile).name
        # The tenant's own definitions have to fit the new profile.
        catalogue_under(administration, asked.tenant, asked.profile)
    return _changed(administration, asked.tenant, **new)


def suspended(administration: Administration, asked: ByTenant) -> Done:
    """Suspend a tenant: refuse its tokens and end its jobs."""
    done = _changed(administration, asked.tenant, suspended_at=administration.clock.now())
    # After a resume, an execution with the same input takes these jobs up again.
    ended = end_jobs(administration, asked.tenant, "The tenant is suspended.", status=Status.FAILED)
    return replace(done, notes=ended)


def resumed(administration: Administration, asked: ByTenant) -> Done:
    """Resume a suspended tenant: accept its tokens again."""
    return _changed(administration, asked.tenant, suspended_at=None)


def deleted(administration: Administration, asked: ByTenant) -> Done:
    """Delete a tenant, its credentials, links, receiver and definitions; its directory is kept.

    A later tenant of that name has the directory, so nothing that opens it or sends from it may be left.
    """
    known, now = tenant_named(administration, asked.tenant), administration.clock.now()
    name = known.name
    # Suspended first, and removed last: if this fails in between, it can be repeated.
    _changed(administration, name, suspended_at=known.suspended_at or now)
    ended = end_jobs(administration, name, "The tenant is forgotten.")
    administration.tokens.remove(administration.tokens.of_tenant(name))
    for document in administration.issuers.of_tenant(name):
        administration.issuers.remove(name, document["issuer"])
    for client in administration.clients.of_tenant(name):
        administration.clients.remove(client)
    for link_hash, link in administration.links.of_tenant(name).items():
        if link.revoked_at is None:
            administration.links.revoke(link_hash, now)
    drop_receiver(administration, name)
    administration.definitions.remove(name)
    administration.mapping_drafts.remove(name)
    administration.tenants.remove(name)
    return Done({"name": name, "deleted": True}, ended)


def profiles(_: Administration, __: Parameters) -> Done:
    """List the profiles."""
    return items_of({"profile": name, "description": shipped(name).description} for name in names())


def tolerances(administration: Administration, asked: ByTenant) -> Done:
    """List the tolerances that a tenant's clients have used, with how often and when they were last used."""
    tenant_named(administration, asked.tenant)
    return items_of(
        {"tolerance": each.name, "count": each.count, "last": each.last}
        for each in administration.tolerances.of_tenant(asked.tenant)
    )


def requests(administration: Administration, asked: RequestsAfter) -> Done:
    """List the last requests of a tenant's clients, oldest first, with pseudonyms in place of values."""
    tenant_named(administration, asked.tenant)
    if not administration.requests.most:
        return Done({"items": []}, ("No requests are kept (limit RequestLog).",))
    return items_of(administration.requests.after(asked.tenant, asked.after, asked.count))


def request_log(administration: Administration, asked: ByTenant) -> Done:
    """Show whether a tenant's requests are kept, how many, and until when with their bodies."""
    name = tenant_named(administration, asked.tenant).name
    kept = RequestsKept.of(administration.requests.settings(name))
    now = datetime.fromisoformat(administration.clock.now())
    until = datetime.fromtimestamp(kept.bodies_until, UTC)
    return Done(
        {
            "tenant": name,
            "on": kept.is_on,
            "most": administration.requests.most if kept.is_on else 0,
            "bodiesUntil": until.isoformat().replace("+00:00", "Z") if until > now else None,
        }
    )


def request_log_settled(administration: Administration, asked: RequestsSettled) -> Done:
    """Set whether a tenant's requests are kept, and for how long with bodies. Takes effect within a minute."""
    name = tenant_named(administration, asked.tenant).name
    if asked.on is None and asked.bodies is None:
        raise InvalidValue("Give a setting: on or bodies.")
    settings = dict(administration.requests.settings(name))
    if asked.on is not None:
        settings[IS_ON] = asked.on
    if asked.bodies is not None:
        now = datetime.fromisoformat(administration.clock.now())
        settings[BODIES_UNTIL] = int(now.timestamp()) + 60 * asked.bodies if asked.bodies else 0
    administration.requests.save(name, settings)
    return request_log(administration, asked)


def audit(administration: Administration, asked: AuditWanted) -> Done:
    """List changes, refused requests and administrators' acts, newest first.

    The audit of a deleted tenant stays; acts that concern no tenant are under `scim`.
    """
    if asked.tenant != DEPLOYMENT:
        require_name(asked.tenant, is_new=False)
    wanted = AuditFilter(asked.since, asked.until, asked.resource, asked.principal, asked.kind)
    found, following = audited(administration.trail, asked.tenant, wanted, asked.after, asked.count)
    try:
        catalogue = catalogue_served(administration, asked.tenant)
    except InvalidValue:
        # The audit can be read even if the definitions have to be repaired.
        catalogue = Catalogue((), ())
    found = without_hidden_values(found, catalogue)
    return Done({"items": found, **({"next": following} if following else {})})


def indexes(administration: Administration, asked: ByTenant) -> Done:
    """List the late indexes of a tenant, and whether each is in use."""
    tenant_named(administration, asked.tenant)
    is_built = administration.stored_types.is_built
    return items_of(
        {
            "type": type_.name,
            "attribute": late.attribute,
            "inUse": is_built(asked.tenant, type_.name, late.attribute),
        }
        for type_, late in late_indexes(administration, asked.tenant)
    )


def late_indexes(administration: Administration, tenant: str) -> list[tuple[ResourceType, Index]]:
    """Return the indexes declared after resources of their type were stored, each with its type."""
    return [
        (type_, late)
        for type_ in catalogue_served(administration, tenant).stored_types
        for late in type_.indexes
        if late.is_late
    ]


def _changed(administration: Administration, name: str, **new: Any) -> Done:
    known = tenant_named(administration, name)
    # Where it has been deleted in the meantime, the last line says so.
    with suppress(Stale):
        administration.tenants.change(known, replace(known, **new))
    return Done(_row(tenant_named(administration, name)))


def _row(tenant: Tenant) -> Mapping[str, Any]:
    return asdict(tenant)
