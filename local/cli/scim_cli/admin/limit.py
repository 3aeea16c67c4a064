"""The request rate of a tenant."""

from typing import Any

import click

from scim_cli.admin.path import path_of
from scim_cli.connection import Connection, connected
from scim_cli.group import Group
from scim_cli.output import show_one


@click.group(cls=Group)
def limit() -> None:
    """Show and set how fast a tenant may call."""


@limit.command()
@click.option("--tenant", required=True)
@connected
def show(connection: Connection, tenant: str) -> None:
    """Show a tenant's limit: its own, or the deployment's (TenantRate), where 0 means no limit."""
    show_one(_row(connection.call("GET", path_of(tenant))), connection.format)


@limit.command("set")
@click.option("--tenant", required=True)
@click.option("--rate", required=True, type=click.IntRange(0), help="Requests a second.")
@connected
def set_(connection: Connection, tenant: str, rate: int) -> None:
    """Set a tenant's limit; 0 restores the deployment's. Takes effect within a minute."""
    show_one(_row(connection.call("PATCH", path_of(tenant), rate=rate)), connection.format)


def _row(tenant: dict[str, Any]) -> dict[str, Any]:
    deployment = {name: value for name, value in tenant.items() if name == "deployment"}
    return {"tenant": tenant["name"], "rate": tenant["rate"], **deployment}
