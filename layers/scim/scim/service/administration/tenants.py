"""Tenants: created, shown, changed, suspended and deleted; their requests, audit and indexes."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

from scim.access.requests_kept import BODIES_UNTIL, IS_ON, RequestsKept
from scim.access.tenant import USUAL_SCHEMES, NameTaken, Tenant
from scim.errors import InvalidCursor, InvalidValue, NotFound, Uniqueness
from scim.profile.shipped import names, shipped
from scim.resource.job import Status
from scim.resource.record import Stale
from scim.schema.catalogue import Catalogue
from scim.schema.resource_type import Index, ResourceType
from scim.service.administration.definitions import require_fitting_profile
from scim.service.administration.feeds import drop_receiver
from scim.service.administration.jobs import end_jobs
from scim.service.administration.ports import Administration, OperationResult, items_of
from scim.service.administration.recorded_acts import DEPLOYMENT
from scim.service.administration.requests import (
    AuditQuery,
    ByTenant,
    ChangedTenant,
    NewTenant,
    Paged,
    Parameters,
    RequestLogSettings,
    RequestsAfter,
)
from scim.service.administration.tenant_lookups import (
    catalogue_served,
    profile_named,
    require_name,
    tenant_named,
)
from scim.service.audit import AuditFilter, audited
from scim.service.audit_entry import without_hidden_values


def create_tenant(administration: Administration, request: NewTenant) -> OperationResult:
    """Create a tenant. Raises InvalidValue, and Uniqueness if the name is taken."""
    require_name(request.name)
    profile_named(request.profile)
    tenant = Tenant(
        request.name,
        administration.clock.now(),
        request.profile,
        request.schemes or _usual_schemes(request.profile),
        request.rate,
    )
    try:
        administration.tenants.create(tenant)
    except NameTaken as error:
        raise Uniqueness(f"The tenant {request.name} already exists.") from error
    return replace(_result_of(administration, tenant), status=201)


def list_tenants(administration: Administration, request: Paged) -> OperationResult:
    """List the tenants, a page at a time, sorted by name."""
    tenant_names = [name for name in administration.tenants.names() if name > request.after]
    page = tenant_names[: request.count]
    tenants = [tenant for name in page if (tenant := administration.tenants.find(name)) is not None]
    body: dict[str, Any] = {"items": [_row(tenant) for tenant in tenants]}
    return OperationResult({**body, "next": page[-1]} if len(tenant_names) > len(page) else body)


def show_tenant(administration: Administration, request: ByTenant) -> OperationResult:
    """Show the settings of a tenant; where its rate is null, that of `deployment` applies."""
    return _result_of(administration, tenant_named(administration, request.tenant))


def change_tenant(administration: Administration, request: ChangedTenant) -> OperationResult:
    """Change a tenant's token schemes, profile or rate; with a profile its schemes change, unless they were chosen."""
    changes: dict[str, Any] = {}
    notes: tuple[str, ...] = ()
    if request.schemes is not None:
        changes["schemes"] = request.schemes
    if request.rate is not None:
        changes["rate"] = request.rate or None
    if request.profile is not None:
        changes["profile"] = profile_named(request.profile).name
        tenant = tenant_named(administration, request.tenant)
        require_fitting_profile(administration, tenant, request.profile)
        if request.schemes is None and tenant.schemes == _usual_schemes(tenant.profile):
            changes["schemes"] = _usual_schemes(request.profile)
            notes = _notes_of_schemes(tenant.schemes, changes["schemes"])
    return replace(_change(administration, request.tenant, **changes), notes=notes)


def _usual_schemes(profile: str) -> tuple[str, ...]:
    """Return the schemes of a tenant for which none were chosen; none for a profile of another version."""
    try:
        return profile_named(profile).auth.schemes or USUAL_SCHEMES
    except InvalidValue:
        return ()


def _notes_of_schemes(before: Sequence[str], after: Sequence[str]) -> tuple[str, ...]:
    if before == after:
        return ()
    new, old = ", ".join(after), ", ".join(before)
    return (f"Clients may send tokens as {new}, as is usual with this profile; before: {old}.",)


def suspend_tenant(administration: Administration, request: ByTenant) -> OperationResult:
    """Suspend a tenant: refuse its tokens and end its jobs. Repeated, it keeps the time of the first."""
    since = tenant_named(administration, request.tenant).suspended_at or administration.clock.now()
    result = _change(administration, request.tenant, suspended_at=since)
    # After a resume, an execution with the same input takes these jobs up again.
    notes = end_jobs(
        administration, request.tenant, "The tenant is suspended.", status=Status.FAILED
    )
    return replace(result, notes=notes)


def resume_tenant(administration: Administration, request: ByTenant) -> OperationResult:
    """Resume a suspended tenant: accept its tokens again."""
    return _change(administration, request.tenant, suspended_at=None)


def delete_tenant(administration: Administration, request: ByTenant) -> OperationResult:
    """Delete a tenant, its credentials, links, receiver and definitions; its directory is kept.

    A later tenant of that name has the directory, so nothing that opens it or sends from it may be left.
    """
    tenant, now = tenant_named(administration, request.tenant), administration.clock.now()
    name = tenant.name
    # Suspended first, and removed last: if this fails in between, it can be repeated.
    _change(administration, name, suspended_at=tenant.suspended_at or now)
    notes = end_jobs(administration, name, "The tenant is deleted.")
    _remove_access(administration, name)
    administration.tenants.remove(name)
    # Once more, for what others stored in the meantime: whoever stores something later finds no tenant.
    _remove_access(administration, name)
    return OperationResult({"name": name, "deleted": True}, notes)


def require_remaining(administration: Administration, name: str) -> None:
    """Raise NotFound if the tenant was deleted during an act, after removing what the act stored for it."""
    if administration.tenants.find(name) is None:
        _remove_access(administration, name)
        tenant_named(administration, name)


def _remove_access(administration: Administration, name: str) -> None:
    """Remove a tenant's credentials, links, receiver and definitions."""
    administration.tokens.remove(administration.tokens.of_tenant(name))
    for document in administration.issuers.of_tenant(name):
        administration.issuers.remove(name, document["issuer"])
    for client in administration.clients.of_tenant(name):
        administration.clients.remove(client)
    for link_hash, link in administration.links.of_tenant(name).items():
        if link.revoked_at is None:
            administration.links.revoke(link_hash, administration.clock.now())
    drop_receiver(administration, name)
    administration.definitions.remove(name)
    administration.mapping_drafts.remove(name)


def list_profiles(_: Administration, __: Parameters) -> OperationResult:
    """List the profiles."""
    return items_of({"profile": name, "description": shipped(name).description} for name in names())


def list_tolerances(administration: Administration, request: ByTenant) -> OperationResult:
    """List the tolerances that a tenant's clients have used, with how often and when they were last used."""
    return items_of(
        {"tolerance": tolerance.name, "count": tolerance.count, "last": tolerance.last}
        for tolerance in administration.tolerances.of_tenant(request.tenant)
    )


def list_requests(administration: Administration, request: RequestsAfter) -> OperationResult:
    """List the last requests of a tenant's clients, oldest first, with pseudonyms in place of values."""
    if not administration.requests.most:
        return OperationResult({"items": []}, ("No requests are kept (limit RequestLog).",))
    return items_of(administration.requests.after(request.tenant, request.after, request.count))


def show_request_log(administration: Administration, request: ByTenant) -> OperationResult:
    """Show whether a tenant's requests are kept, how many, and until when with their bodies."""
    requests_kept = RequestsKept.of(administration.requests.settings(request.tenant))
    now = datetime.fromisoformat(administration.clock.now())
    until = datetime.fromtimestamp(requests_kept.bodies_until, UTC)
    return OperationResult(
        {
            "tenant": request.tenant,
            "on": requests_kept.is_on,
            "most": administration.requests.most if requests_kept.is_on else 0,
            "bodiesUntil": until.isoformat().replace("+00:00", "Z") if until > now else None,
        }
    )


def set_request_log(administration: Administration, request: RequestLogSettings) -> OperationResult:
    """Set whether a tenant's requests are kept, and for how long with bodies. Takes effect within a minute."""
    if request.on is None and request.bodies is None:
        raise InvalidValue("Give a setting: on or bodies.")
    changes: dict[str, object] = {}
    if request.on is not None:
        changes[IS_ON] = request.on
    if request.bodies is not None:
        now = datetime.fromisoformat(administration.clock.now())
        changes[BODIES_UNTIL] = int(now.timestamp()) + 60 * request.bodies if request.bodies else 0
    administration.requests.change(request.tenant, lambda settings: {**settings, **changes})
    return show_request_log(administration, request)


def list_audit(administration: Administration, request: AuditQuery) -> OperationResult:
    """List changes, refused requests and administrators' acts, newest first.

    The audit of a deleted tenant stays; acts that concern no tenant are under `scim`.
    """
    if request.tenant != DEPLOYMENT:
        require_name(request.tenant, is_new=False)
    audit_filter = AuditFilter(
        request.since, request.until, request.resource, request.principal, request.kind
    )
    try:
        entries, next_page = audited(
            administration.trail, request.tenant, audit_filter, request.after, request.count
        )
    except InvalidCursor as error:
        raise InvalidValue("after: expected the next of the previous page.") from error
    try:
        catalogue = catalogue_served(administration, request.tenant)
    except InvalidValue:
        # The audit can be read even if the definitions have to be repaired.
        catalogue = Catalogue((), ())
    entries = without_hidden_values(entries, catalogue)
    body = {"items": entries, **({"next": next_page} if next_page else {})}
    return OperationResult(body, () if entries else _notes_of_no_tenant(administration, request))


def _notes_of_no_tenant(administration: Administration, request: AuditQuery) -> tuple[str, ...]:
    """Return what explains an empty audit: a mistyped name is not refused, because a deleted tenant has an audit."""
    if request.tenant == DEPLOYMENT:
        return ()
    try:
        tenant_named(administration, request.tenant)
    except NotFound as unknown:
        return (str(unknown),)
    return ()


def list_indexes(administration: Administration, request: ByTenant) -> OperationResult:
    """List the late indexes of a tenant, and whether each is in use."""
    is_built = administration.stored_types.is_built
    return items_of(
        {
            "type": type_.name,
            "attribute": late.attribute,
            "inUse": is_built(request.tenant, type_.name, late.attribute),
        }
        for type_, late in late_indexes(administration, request.tenant)
    )


def late_indexes(administration: Administration, tenant: str) -> list[tuple[ResourceType, Index]]:
    """Return the indexes declared after resources of their type were stored, each with its type."""
    return [
        (type_, late)
        for type_ in catalogue_served(administration, tenant).stored_types
        for late in type_.indexes
        if late.is_late
    ]


def _change(administration: Administration, name: str, **changes: Any) -> OperationResult:
    tenant = tenant_named(administration, name)
    # Where it has been deleted in the meantime, the last line says so.
    with suppress(Stale):
        administration.tenants.change(tenant, replace(tenant, **changes))
    return _result_of(administration, tenant_named(administration, name))


def _result_of(administration: Administration, tenant: Tenant) -> OperationResult:
    rate = administration.usual_rate
    deployment = {} if rate is None else {"deployment": {"rate": rate}}
    return OperationResult({**_row(tenant), **deployment})


def _row(tenant: Tenant) -> Mapping[str, Any]:
    return asdict(tenant)
