"""Definitions: a tenant's own schemas and resource types; and its breaker."""

from dataclasses import asdict
from typing import Any

from scim.access.tenant import Tenant
from scim.errors import Conflict, InvalidValue
from scim.moments import seconds_of
from scim.schema.tenant_definitions import DefinitionVersion
from scim.service.administration.ports import Administration, OperationResult, items_of
from scim.service.administration.requests import (
    BreakerRelease,
    BreakerSettings,
    ByTenant,
    ByVersion,
    DefinitionsDocument,
)
from scim.service.administration.tenant_lookups import catalogue_under, profile_named, tenant_named
from scim.service.definitions import (
    Author,
    DefinitionService,
    activate_version,
    checked_definitions,
    edition_of,
    replace_definitions,
    require_survival,
)
from scim.service.messages import Precondition

_AUTHOR = "operator"
_NEW_ARE_FREE = (
    "Removing what was created less than BreakerNewSeconds ago does not count"
    " (an hour, unless Limits sets it)."
)
_NO_BREAKER = (
    "This deployment has no breaker, because BreakerNumber and BreakerPercent are 0."
    " For a breaker of some tenants only, set BreakerNumber to a number that nobody reaches."
)
_NOTE = "Takes effect within a minute for tokens in use; indexes are built after that."


def show_definitions(administration: Administration, request: ByTenant) -> OperationResult:
    """Show the definitions in force."""
    return _document(administration.definitions.current(request.tenant))


def show_definitions_version(administration: Administration, request: ByVersion) -> OperationResult:
    """Show a version of the definitions. Raises NotFound."""
    return _document(edition_of(administration.definitions, request.tenant, request.version))


def list_definitions(administration: Administration, request: ByTenant) -> OperationResult:
    """List the stored versions of the definitions, newest first; the newest is in force."""
    return items_of(_row(version) for version in administration.definitions.history(request.tenant))


def put_definitions(
    administration: Administration, request: DefinitionsDocument
) -> OperationResult:
    """Replace the definitions in force."""
    author = author_of(administration, request.tenant)
    new_version = replace_definitions(
        definition_service_of(administration), author, request.document, Precondition()
    )
    return _result_of(request.tenant, new_version)


def check_definitions(
    administration: Administration, request: DefinitionsDocument
) -> OperationResult:
    """Check whether definitions would be accepted, without storing them."""
    author = author_of(administration, request.tenant)
    current = administration.definitions.current(author.tenant)
    definitions = checked_definitions(
        definition_service_of(administration), author, request.document, current
    )
    return OperationResult(
        {
            "tenant": author.tenant,
            "schemas": [schema["id"] for schema in definitions.schemas],
            "resourceTypes": [type_["name"] for type_ in definitions.resource_types],
            "isInForce": definitions == current.definitions,
        }
    )


def restore_definitions(administration: Administration, request: ByVersion) -> OperationResult:
    """Restore a version of the definitions, as a new version."""
    author = author_of(administration, request.tenant)
    return _result_of(
        request.tenant,
        activate_version(definition_service_of(administration), author, request.version),
    )


def show_breaker(administration: Administration, request: ByTenant) -> OperationResult:
    """Show a tenant's breaker: whether it is open, what is left of its window, and its own limits.

    Where a limit is null, that of `deployment` applies.
    """
    return OperationResult(_breaker(administration, request.tenant))


def set_breaker(administration: Administration, request: BreakerSettings) -> OperationResult:
    """Set a tenant's own limits on removals; the deployment's apply where one is omitted.

    Raises Conflict for limits in a deployment without a breaker, where they would limit nothing.
    """
    usual = administration.usual_breaker
    if (request.number or request.percent) and usual is not None and not usual.is_on:
        raise Conflict(_NO_BREAKER)
    administration.breaker.settle(request.tenant, request.number, request.percent)
    return OperationResult(_breaker(administration, request.tenant), (_NEW_ARE_FREE,))


def release_breaker(administration: Administration, request: BreakerRelease) -> OperationResult:
    """Close a tenant's breaker: allow deletions, deactivations and removals of members again, at once."""
    now = seconds_of(administration.clock.now())
    administration.breaker.release(request.tenant, now, request.allow)
    return OperationResult(_breaker(administration, request.tenant))


def _breaker(administration: Administration, tenant: str) -> dict[str, Any]:
    body = asdict(administration.breaker.state(tenant))
    if (usual := administration.usual_breaker) is not None:
        body["deployment"] = {"number": usual.number, "percent": usual.percent}
    return body


def definition_service_of(administration: Administration) -> DefinitionService:
    """Return the service that checks and stores definitions and mappings."""
    return DefinitionService(
        administration.definitions,
        administration.stored_types,
        administration.clock,
        administration.limits,
    )


def author_of(administration: Administration, tenant: str) -> Author:
    """Return the operator as the author of a tenant's definitions. Raises NotFound."""
    settings = tenant_named(administration, tenant)
    return Author(settings.name, profile_named(settings.profile), _AUTHOR)


def require_fitting_profile(administration: Administration, tenant: Tenant, profile: str) -> None:
    """Raise InvalidValue if a profile does not fit the tenant's definitions, Conflict if not its stored resources."""
    new_catalogue = catalogue_under(administration, tenant.name, profile)
    try:
        old_catalogue = catalogue_under(administration, tenant.name, tenant.profile)
    except InvalidValue:
        return  # of a profile of another version nothing is known
    service = definition_service_of(administration)
    try:
        require_survival(service, tenant.name, old_catalogue, new_catalogue)
    except Conflict as error:
        raise Conflict(f"The profile {profile} does not fit: {error.detail}") from error


def _document(version: DefinitionVersion) -> OperationResult:
    return OperationResult({**version.definitions.json(), "version": version.version})


def _result_of(tenant: str, version: DefinitionVersion) -> OperationResult:
    return OperationResult({"tenant": tenant, **_row(version)}, (_NOTE,))


def _row(version: DefinitionVersion) -> dict[str, Any]:
    definitions = version.definitions
    return {
        "version": version.version,
        "created": version.created,
        "author": version.author,
        "schemas": [str(schema["id"]) for schema in definitions.schemas],
        "resourceTypes": [str(type_["name"]) for type_ in definitions.resource_types],
    }
