"""Limits: how fast a tenant may call."""

from dataclasses import replace

import click

from scim.access.tenant import Tenant
from scim_cli.admin.tenant import tenant_named
from scim_cli.connection import Connection, connected
from scim_cli.output import show_one


@click.group()
def limit() -> None:
    """Show and set how fast a tenant may call."""


@limit.command()
@click.option("--tenant", required=True)
@connected
def show(connection: Connection, tenant: str) -> None:
    """Show a tenant's own limit; without one the deployment's (parameter TenantRate) holds."""
    show_one(_row(tenant_named(connection, tenant)), connection.format)


@limit.command("set")
@click.option("--tenant", required=True)
@click.option("--rate", required=True, type=click.IntRange(0), help="Requests a second.")
@connected
def set_(connection: Connection, tenant: str, rate: int) -> None:
    """Set a tenant's limit; 0 is the deployment's again. In force within a minute."""
    changed = replace(tenant_named(connection, tenant), rate=rate or None)
    connection.access.tenants.save(changed)
    show_one(_row(changed), connection.format)


def _row(tenant: Tenant) -> dict[str, object]:
    return {"tenant": tenant.name, "rate": tenant.rate}
