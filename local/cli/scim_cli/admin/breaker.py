"""Breakers: how much may be removed from a tenant's directory before somebody has to agree."""

from dataclasses import asdict

import click

from scim_cli.admin.tenant import tenant_named
from scim_cli.connection import Connection, connected
from scim_cli.moment import now
from scim_cli.output import show_one


@click.group()
def breaker() -> None:
    """Show, set and release what stops mass deletions."""


@breaker.command()
@click.option("--tenant", required=True)
@connected
def show(connection: Connection, tenant: str) -> None:
    """Show a tenant's breaker: whether it is open, its own limits, what is left of the window."""
    _show(connection, tenant_named(connection, tenant).name)


@breaker.command("set")
@click.option("--tenant", required=True)
@click.option("--number", type=click.IntRange(0), help="Removals in a window; 0 is no limit.")
@click.option(
    "--percent", type=click.IntRange(0, 100), help="The same of what lives; 0 is no limit."
)
@connected
def set_(connection: Connection, tenant: str, number: int | None, percent: int | None) -> None:
    """Give a tenant limits of its own; what is left out is the deployment's (BreakerNumber)."""
    name = tenant_named(connection, tenant).name
    connection.access.breaker.settle(name, number, percent)
    _show(connection, name)


@breaker.command()
@click.option("--tenant", required=True)
@click.option(
    "--allow", type=click.IntRange(1), help="Removals the next window lets through; else as usual."
)
@connected
def release(connection: Connection, tenant: str, allow: int | None) -> None:
    """Let deletions, deactivations and removals of members through again, at once."""
    name = tenant_named(connection, tenant).name
    connection.access.breaker.release(name, int(now().timestamp()), allow)
    _show(connection, name)


def _show(connection: Connection, tenant: str) -> None:
    state = connection.access.breaker.state(tenant)
    show_one(asdict(state), connection.format)
