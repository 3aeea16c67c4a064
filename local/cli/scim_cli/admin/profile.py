"""Profiles: which one a tenant has."""

from dataclasses import replace

import click

from scim.access.tenant import Tenant
from scim.profile.shipped import names, shipped
from scim_cli.admin.served import catalogue_under, profile_named
from scim_cli.admin.tenant import tenant_named
from scim_cli.connection import Connection, connected
from scim_cli.output import show as show_all
from scim_cli.output import show_one


@click.group()
def profile() -> None:
    """Show and set what a tenant's clients rely on."""


@profile.command("list")
@connected
def list_(connection: Connection) -> None:
    """Show all profiles."""
    rows = [{"profile": name, "description": shipped(name).description} for name in names()]
    show_all(rows, connection.format)


@profile.command()
@click.option("--tenant", required=True)
@connected
def show(connection: Connection, tenant: str) -> None:
    """Show a tenant's profile."""
    show_one(_row(tenant_named(connection, tenant)), connection.format)


@profile.command("set")
@click.argument("name")
@click.option("--tenant", required=True)
@connected
def set_(connection: Connection, name: str, tenant: str) -> None:
    """Give a tenant the profile NAME. In force within a minute."""
    changed = replace(tenant_named(connection, tenant), profile=profile_named(name).name)
    # What the tenant has defined for itself has to fit.
    catalogue_under(connection, tenant, name)
    connection.access.tenants.save(changed)
    show_one(_row(changed), connection.format)


def _row(tenant: Tenant) -> dict[str, object]:
    return {"tenant": tenant.name, "profile": tenant.profile}
