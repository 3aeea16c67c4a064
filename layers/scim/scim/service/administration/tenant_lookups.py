"""What administration looks up about a tenant: its settings, profile, types, filters and scopes."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from scim.access.tenant import TENANT_NAME, Tenant
from scim.errors import InvalidFilter, InvalidValue, NotFound
from scim.permission import EVERYTHING, EXPLAIN, Permissions, is_scope
from scim.profile import Profile
from scim.profile.shipped import UnknownProfile, names, profile_or_default, shipped
from scim.schema.catalogue import Catalogue
from scim.schema.loading import catalogue_of
from scim.schema.schema import DefinitionError
from scim.service.administration.ports import Administration
from scim.service.administration.suggestions import suggestion
from scim.service.visibility.filters import token_filters_of

RESERVED = frozenset({"console", "oauth2", "scim", "scim2", "setup", "v2"})
"""First segments of paths that belong to no tenant: of template.yaml, and whole mounts of profiles."""


def require_name(name: str, *, is_new: bool = True) -> None:
    """Raise InvalidValue unless a tenant may have the name; an old one may have a name that is reserved since."""
    if TENANT_NAME.fullmatch(name) is None or (is_new and name in RESERVED):
        raise InvalidValue(
            "A tenant's name has 1 to 64 letters, digits, hyphens and underscores"
            f" and is none of {', '.join(sorted(RESERVED))}."
        )


def tenant_named(administration: Administration, name: str) -> Tenant:
    """Return the tenant. Raises NotFound, suggesting the nearest name."""
    tenant = administration.tenants.find(name) if TENANT_NAME.fullmatch(name) else None
    if tenant is None:
        near = suggestion(name, administration.tenants.names())
        raise NotFound(f"There is no tenant {name}.{near}")
    return tenant


def profile_named(name: str) -> Profile:
    """Return the profile. Raises InvalidValue, suggesting the nearest name."""
    try:
        return shipped(name)
    except UnknownProfile as unknown:
        raise InvalidValue(f"{unknown}{suggestion(name, names())}") from unknown


def catalogue_served(administration: Administration, tenant: str) -> Catalogue:
    """Return the catalogue of a tenant's profile and its own definitions; an unknown one gets the default profile."""
    known = administration.tenants.find(tenant)
    return catalogue_under(administration, tenant, "" if known is None else known.profile)


def catalogue_under(administration: Administration, tenant: str, profile: str) -> Catalogue:
    """Return the catalogue a tenant would have with a profile. Raises InvalidValue where its definitions clash."""
    own = administration.definitions.current(tenant).definitions
    try:
        return catalogue_of(profile_named(profile), own.additions())
    except DefinitionError as error:
        raise InvalidValue(
            f"The definitions of {tenant} and the profile do not fit: {error}."
        ) from error


def filters_checked(administration: Administration, tenant: str, filters: Mapping[str, Any]) -> str:
    """Return filters by resource type as stored JSON text, checked against the tenant's types.

    Raises InvalidValue naming the type whose filter does not fit.
    """
    text = json.dumps(filters, separators=(",", ":"))
    try:
        token_filters_of(text, catalogue_served(administration, tenant))
    except InvalidFilter as error:
        raise InvalidValue(str(error)) from error
    return text


def scopes_for(
    administration: Administration, tenant: str, scopes: Sequence[str]
) -> tuple[str, ...]:
    """Return the scopes of a new credential: if none are given, all that its tenant allows.

    Raises InvalidValue for a scope that grants nothing in the tenant or that its profile does not
    allow, suggesting the nearest one. The default profile applies to a tenant that does not exist yet.
    """
    known = administration.tenants.find(tenant)
    auth = profile_or_default("" if known is None else known.profile).auth
    theirs, ours = auth.permissions, auth.scopes or _scopes_served(administration, tenant)
    for scope in scopes:
        if scope in ours or (scope.startswith("/") and is_scope(scope, theirs)):
            continue
        also = f", or {min(theirs.values())}" if theirs else ""
        expected = auth.scopes or (f"scim, users:view, users:*, *:view{also}",)
        raise InvalidValue(
            f"{scope} is not a scope of {tenant}; expected {', '.join(expected)}."
            f"{suggestion(scope, (*ours, *theirs.values()))}"
        )
    return tuple(scopes) or auth.scopes or (EVERYTHING,)


def _scopes_served(administration: Administration, tenant: str) -> frozenset[str]:
    """Return every scope that grants something: named scopes, permissions, and patterns of permissions."""
    types = catalogue_served(administration, tenant).stored_types
    table = Permissions.shipped()
    permissions = {
        grant.permission for grant in table.grants([t.endpoint.strip("/") for t in types])
    }
    permissions |= {*table.others.values()}
    parts = [name.partition(":") for name in permissions]
    patterns = {f"{kind}:*" for kind, colon, _ in parts if colon}
    patterns |= {f"*:{action}" for _, colon, action in parts if colon}
    return frozenset({EVERYTHING, EXPLAIN, *table.named, *permissions, *patterns})
