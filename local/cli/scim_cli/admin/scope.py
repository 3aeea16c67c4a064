"""Scopes as an operator gives them: in our words, or in those of the tenant's profile."""

from collections.abc import Iterable

import click

from scim.permission import EVERYTHING, Permissions, is_scope
from scim.profile.shipped import settled
from scim_cli.admin.served import catalogue_served
from scim_cli.connection import Connection
from scim_cli.nearest import hint


def require_scopes(connection: Connection, tenant: str, scopes: Iterable[str]) -> None:
    """Refuse a scope that grants nothing the tenant is served; says which is nearest.

    A tenant that is not there yet has no words of its own.
    """
    known = connection.access.tenants.find(tenant)
    theirs = settled(known.profile).auth.permissions if known is not None else {}
    ours = _scopes_served(connection, tenant)
    for scope in scopes:
        if scope in ours or (scope.startswith("/") and is_scope(scope, theirs)):
            continue
        also = f", or {min(theirs.values())}" if theirs else ""
        raise click.ClickException(
            f"{scope} is no scope of {tenant}; expected users:view, users:*, *:view{also}."
            f"{hint(scope, (*ours, *theirs.values()))}"
        )


def _scopes_served(connection: Connection, tenant: str) -> frozenset[str]:
    """Return every scope that grants something: permissions, and patterns of them."""
    types = catalogue_served(connection, tenant).stored_types
    table = Permissions.shipped()
    permissions = {each.permission for each in table.grants([t.endpoint.strip("/") for t in types])}
    permissions |= {*table.others.values()}
    parts = [name.partition(":") for name in permissions]
    patterns = {f"{kind}:*" for kind, colon, _ in parts if colon}
    patterns |= {f"*:{action}" for _, colon, action in parts if colon}
    return frozenset({EVERYTHING, *permissions, *patterns})
