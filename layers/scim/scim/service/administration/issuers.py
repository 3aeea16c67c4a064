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
from scim.service.administration.ports import Administration, OperationResult, items_of
from scim.service.administration.requests import ByIssuer, ByTenant, EntraIssuer, NewIssuer
from scim.service.administration.suggestions import suggestion
from scim.service.administration.tenant_lookups import filters_checked, scopes_for

CHANGED = "The terms of the issuer have changed; start the job again."
SHARED = (
    "Another tenant accepts the same tokens of this issuer, and a token that two tenants accept is refused. "
    "Distinguish them by `audiences` or `claims`."
)


def add_issuer(administration: Administration, request: NewIssuer) -> OperationResult:
    """Add an issuer, or change one. Raises InvalidValue that names the invalid member."""
    try:
        issuer = issuer_of(request.document, request.tenant)
    except (ValueError, TypeError) as error:
        raise InvalidValue(reason_of(error)) from error
    return _save(administration, request.tenant, issuer)


def add_entra_issuer(administration: Administration, request: EntraIssuer) -> OperationResult:
    """Trust the tokens of an Entra directory, which Entra sends if its Secret token field is blank."""
    scopes_for(administration, request.tenant, request.scopes)
    return _save(
        administration, request.tenant, entra(request.tenant, request.directory, request.scopes)
    )


def list_issuers(administration: Administration, request: ByTenant) -> OperationResult:
    """List the issuers that a tenant trusts."""
    return items_of(dict(document) for document in administration.issuers.of_tenant(request.tenant))


def remove_issuer(administration: Administration, request: ByIssuer) -> OperationResult:
    """Stop trusting an issuer, and end the jobs of its tokens. Raises NotFound if it is not trusted."""
    trusted = [
        str(document["issuer"]) for document in administration.issuers.of_tenant(request.tenant)
    ]
    administration.issuers.remove(request.tenant, request.issuer)
    reason = "The issuer is no longer trusted."
    notes = _end_jobs(administration, request.tenant, request.issuer, reason, Status.CANCELLED)
    if request.issuer not in trusted:
        raise NotFound(
            f"Tenant {request.tenant} has no issuer {request.issuer}.{suggestion(request.issuer, trusted)}"
        )
    return OperationResult(
        {"tenant": request.tenant, "issuer": request.issuer, "removed": True}, notes
    )


def _save(administration: Administration, tenant: str, issuer: Issuer) -> OperationResult:
    if issuer.filters:
        filters_checked(administration, tenant, issuer.filters)
    document, documents = document_of(issuer), administration.issuers.named(issuer.issuer)
    administration.issuers.save(tenant, issuer.issuer, document)
    # A job has the scopes and filters of the terms before; who starts it again has those of the new terms.
    has_changed = any(
        name == tenant and dict(known_document) != document for name, known_document in documents
    )
    notes = _end_jobs(administration, tenant, issuer.issuer, CHANGED) if has_changed else ()
    is_shared = any(_accept_the_same(issuer, other) for other in _others(documents, tenant))
    return OperationResult(
        {"tenant": tenant, **document}, (*notes, *((SHARED,) if is_shared else ()))
    )


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


def _others(documents: Iterable[tuple[str, Mapping[str, Any]]], tenant: str) -> Iterator[Issuer]:
    """Yield the terms of other tenants, except those that this version cannot read."""
    for name, document in documents:
        if name != tenant:
            with suppress(ValueError):
                yield issuer_of(document, name)


def _accept_the_same(issuer: Issuer, other_issuer: Issuer) -> bool:
    """Return whether the terms of two tenants may accept the same signed token."""
    return (
        issuer.kind == other_issuer.kind == "jwt"
        and not set(issuer.audiences).isdisjoint(other_issuer.audiences)
        and all(
            other_issuer.claims.get(name, value) == value for name, value in issuer.claims.items()
        )
    )
