"""Scopes as an operator gives them: in our words, or in those of the tenant's profile."""

from collections.abc import Iterable

import click

from scim.permission import is_scope
from scim.profile.shipped import settled
from scim_cli.connection import Connection


def require_scopes(connection: Connection, tenant: str, scopes: Iterable[str]) -> None:
    """Refuse what is no scope; a tenant that is not there yet has no words of its own."""
    known = connection.access.tenants.find(tenant)
    names = settled(known.profile).auth.permissions if known is not None else {}
    if wrong := [scope for scope in scopes if not is_scope(scope, names)]:
        also = f", or {min(names.values())}" if names else ""
        raise click.ClickException(
            f"{wrong[0]} is no scope; expected users:view, users:*, *:view{also}."
        )
