"""Scopes as an operator gives them: in our words, or in those of the tenant's profile."""

from collections.abc import Sequence

import click

from scim.permission import EVERYTHING, EXPLAIN, Permissions, is_scope
from scim.profile.shipped import settled
from scim_cli.admin.served import catalogue_served
from scim_cli.connection import Connection
from scim_cli.nearest import hint


def scopes_for(connection: Connection, tenant: str, scopes: Sequence[str]) -> tuple[str, ...]:
    """Return the scopes of a new credential: where none are given all that the tenant's may have.

    Ends the command for a scope that grants nothing the tenant is served, or that its profile lets no
    credential have; says which is nearest. A tenant that is not there yet has no words of its own.
    """
    known = connection.access.tenants.find(tenant)
    auth = settled("" if known is None else known.profile).auth
    theirs, ours = auth.permissions, auth.scopes or _scopes_served(connection, tenant)
    for scope in scopes:
        if scope in ours or (scope.startswith("/") and is_scope(scope, theirs)):
            continue
        also = f", or {min(theirs.values())}" if theirs else ""
        expected = auth.scopes or (f"scim, users:view, users:*, *:view{also}",)
        raise click.ClickException(
            f"{scope} is no scope of {tenant}; expected {', '.join(expected)}."
            f"{hint(scope, (*ours, *theirs.values()))}"
        )
    return tuple(scopes) or auth.scopes or (EVERYTHING,)


def _scopes_served(connection: Connection, tenant: str) -> frozenset[str]:
    """Return every scope that grants something: by name, permissions, and patterns of them."""
    types = catalogue_served(connection, tenant).stored_types
    table = Permissions.shipped()
    permissions = {each.permission for each in table.grants([t.endpoint.strip("/") for t in types])}
    permissions |= {*table.others.values()}
    parts = [name.partition(":") for name in permissions]
    patterns = {f"{kind}:*" for kind, colon, _ in parts if colon}
    patterns |= {f"*:{action}" for _, colon, action in parts if colon}
    return frozenset({EVERYTHING, EXPLAIN, *table.named, *permissions, *patterns})
