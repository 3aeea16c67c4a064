"""Issuers: the parties whose tokens a tenant accepts in addition to its own."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from scim.access.issuer import Issuer, document_of, entra, issuer_of, reason_of
from scim.access.token import hash_of
from scim.errors import InvalidValue, NotFound
from scim.principal import issuer_owner
from scim.resource.job import Status
from scim.service.administration.jobs import end_jobs
from scim.service.administration.ports import Administration, Done, items_of
from scim.service.administration.requests import ByIssuer, ByTenant, EntraIssuer, NewIssuer
from scim.service.administration.suggestions import suggestion
from scim.service.administration.tenant_lookups import filters_checked, scopes_for, tenant_named

CHANGED = "The terms of the issuer have changed; start the job again."
SHARED = (
    "Another tenant accepts the same tokens of this issuer, and a token that two tenants accept is refused. "
    "Distinguish them by `audiences` or `claims`."
)


def added(administration: Administration, asked: NewIssuer) -> Done:
    """Add an issuer, or change one. Raises InvalidValue that names the invalid member."""
    name = tenant_named(administration, asked.tenant).name
    try:
        described = issuer_of(asked.document, name)
    except (ValueError, TypeError) as error:
        raise InvalidValue(reason_of(error)) from error
    return _saved(administration, name, described)


def entra_added(administration: Administration, asked: EntraIssuer) -> Done:
    """Trust the tokens of an Entra directory, which Entra sends if its Secret token field is blank."""
    scopes_for(administration, asked.tenant, asked.scopes)
    name = tenant_named(administration, asked.tenant).name
    return _saved(administration, name, entra(name, asked.directory, asked.scopes))


def listed(administration: Administration, asked: ByTenant) -> Done:
    """List the issuers that a tenant trusts."""
    name = tenant_named(administration, asked.tenant).name
    return items_of(dict(each) for each in administration.issuers.of_tenant(name))


def removed(administration: Administration, asked: ByIssuer) -> Done:
    """Stop trusting an issuer, and end the jobs of its tokens. Raises NotFound if it is not trusted."""
    name = tenant_named(administration, asked.tenant).name
    known = [str(each["issuer"]) for each in administration.issuers.of_tenant(name)]
    administration.issuers.remove(name, asked.issuer)
    reason = "The issuer is no longer trusted."
    ended = _end_jobs(administration, name, asked.issuer, reason, Status.CANCELLED)
    if asked.issuer not in known:
        raise NotFound(
            f"Tenant {name} has no issuer {asked.issuer}.{suggestion(asked.issuer, known)}"
        )
    return Done({"tenant": name, "issuer": asked.issuer, "removed": True}, ended)


def _saved(administration: Administration, tenant: str, described: Issuer) -> Done:
    if described.filters:
        filters_checked(administration, tenant, described.filters)
    document, known = document_of(described), administration.issuers.named(described.issuer)
    administration.issuers.save(tenant, described.issuer, document)
    # A job has the scopes and filters of the terms before; who starts it again has those of the new terms.
    has_changed = any(name == tenant and dict(before) != document for name, before in known)
    ended = _end_jobs(administration, tenant, described.issuer, CHANGED) if has_changed else ()
    is_shared = any(_accept_the_same(described, other) for other in _others(known, tenant))
    return Done({"tenant": tenant, **document}, (*ended, *((SHARED,) if is_shared else ())))


def _end_jobs(
    administration: Administration,
    tenant: str,
    issuer: str,
    reason: str,
    status: Status = Status.FAILED,
) -> tuple[str, ...]:
    """End the jobs that were made or started with tokens of the issuer; return a note of how many."""
    owners = issuer_owner(hash_of(issuer), "")
    return end_jobs(
        administration,
        tenant,
        reason,
        lambda job: job.owner.startswith(owners) or job.starter.startswith(owners),
        status,
    )


def _others(known: Iterable[tuple[str, Mapping[str, Any]]], tenant: str) -> Iterator[Issuer]:
    """Yield the terms of other tenants, except those that this version cannot read."""
    for name, document in known:
        if name != tenant:
            with suppress(ValueError):
                yield issuer_of(document, name)


def _accept_the_same(one: Issuer, other: Issuer) -> bool:
    """Return whether the terms of two tenants may accept the same signed token."""
    return (
        one.kind == other.kind == "jwt"
        and not set(one.audiences).isdisjoint(other.audiences)
        and all(other.claims.get(name, value) == value for name, value in one.claims.items())
    )
