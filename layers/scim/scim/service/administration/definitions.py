"""Definitions: a tenant's own schemas and resource types; and its breaker."""

from dataclasses import asdict
from typing import Any

from scim.moments import seconds_of
from scim.schema.tenant_definitions import DefinitionVersion
from scim.service.administration.ports import Administration, Done, items_of
from scim.service.administration.requests import (
    BreakerReleased,
    BreakerSettled,
    ByTenant,
    ByVersion,
    DefinedByTenant,
)
from scim.service.administration.tenant_lookups import profile_named, tenant_named
from scim.service.definitions import (
    Author,
    DefinitionService,
    checked,
    edition_of,
    replaced,
    restored,
)
from scim.service.messages import Precondition

_AUTHOR = "operator"
_NOTE = "Takes effect within a minute for tokens in use; indexes are built after that."


def current(administration: Administration, asked: ByTenant) -> Done:
    """Show the definitions in force."""
    name = tenant_named(administration, asked.tenant).name
    return _document(administration.definitions.current(name))


def version(administration: Administration, asked: ByVersion) -> Done:
    """Show a version of the definitions. Raises NotFound."""
    name = tenant_named(administration, asked.tenant).name
    return _document(edition_of(administration.definitions, name, asked.version))


def versions(administration: Administration, asked: ByTenant) -> Done:
    """List the stored versions of the definitions, newest first; the newest is in force."""
    name = tenant_named(administration, asked.tenant).name
    return items_of(_row(each) for each in administration.definitions.history(name))


def put(administration: Administration, asked: DefinedByTenant) -> Done:
    """Replace the definitions in force."""
    author = author_of(administration, asked.tenant)
    made = replaced(definition_service_of(administration), author, asked.document, Precondition())
    return _made(asked.tenant, made)


def check(administration: Administration, asked: DefinedByTenant) -> Done:
    """Check whether definitions would be accepted, without storing them."""
    author = author_of(administration, asked.tenant)
    present = administration.definitions.current(author.tenant)
    found = checked(definition_service_of(administration), author, asked.document, present)
    return Done(
        {
            "tenant": author.tenant,
            "schemas": [each["id"] for each in found.schemas],
            "resourceTypes": [each["name"] for each in found.resource_types],
            "isInForce": found == present.definitions,
        }
    )


def restore(administration: Administration, asked: ByVersion) -> Done:
    """Restore a version of the definitions, as a new version."""
    author = author_of(administration, asked.tenant)
    return _made(
        asked.tenant, restored(definition_service_of(administration), author, asked.version)
    )


def breaker(administration: Administration, asked: ByTenant) -> Done:
    """Show a tenant's breaker: whether it is open, its limits, and the removals left in the window."""
    name = tenant_named(administration, asked.tenant).name
    return Done(asdict(administration.breaker.state(name)))


def breaker_settled(administration: Administration, asked: BreakerSettled) -> Done:
    """Set a tenant's own limits on removals; the deployment's apply where one is omitted."""
    name = tenant_named(administration, asked.tenant).name
    administration.breaker.settle(name, asked.number, asked.percent)
    return Done(asdict(administration.breaker.state(name)))


def breaker_released(administration: Administration, asked: BreakerReleased) -> Done:
    """Close a tenant's breaker: allow deletions, deactivations and removals of members again, at once."""
    name = tenant_named(administration, asked.tenant).name
    at = seconds_of(administration.clock.now())
    administration.breaker.release(name, at, asked.allow)
    return Done(asdict(administration.breaker.state(name)))


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
    known = tenant_named(administration, tenant)
    return Author(known.name, profile_named(known.profile), _AUTHOR)


def _document(found: DefinitionVersion) -> Done:
    return Done({**found.definitions.json(), "version": found.version})


def _made(tenant: str, made: DefinitionVersion) -> Done:
    return Done({"tenant": tenant, **_row(made)}, (_NOTE,))


def _row(found: DefinitionVersion) -> dict[str, Any]:
    held = found.definitions
    return {
        "version": found.version,
        "created": found.created,
        "author": found.author,
        "schemas": [str(each["id"]) for each in held.schemas],
        "resourceTypes": [str(each["name"]) for each in held.resource_types],
    }
