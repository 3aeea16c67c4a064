"""Breakers: how much may be removed from a tenant's directory before somebody has to agree."""

import click

from scim_cli.admin.path import path_of
from scim_cli.connection import Connection, connected
from scim_cli.output import show_one


@click.group()
def breaker() -> None:
    """Show, set and release what stops mass deletions."""


@breaker.command()
@click.option("--tenant", required=True)
@connected
def show(connection: Connection, tenant: str) -> None:
    """Show a tenant's breaker: whether it is open, its own limits, what is left of the window."""
    show_one(connection.call("GET", path_of(tenant, "breaker")), connection.format)


@breaker.command("set")
@click.option("--tenant", required=True)
@click.option("--number", type=click.IntRange(0), help="Removals in a window; 0 is no limit.")
@click.option(
    "--percent", type=click.IntRange(0, 100), help="The same of what lives; 0 is no limit."
)
@connected
def set_(connection: Connection, tenant: str, number: int | None, percent: int | None) -> None:
    """Give a tenant limits of its own; what is left out is the deployment's (BreakerNumber)."""
    path = path_of(tenant, "breaker")
    show_one(connection.call("PUT", path, number=number, percent=percent), connection.format)


@breaker.command()
@click.option("--tenant", required=True)
@click.option(
    "--allow", type=click.IntRange(1), help="Removals the next window lets through; else as usual."
)
@connected
def release(connection: Connection, tenant: str, allow: int | None) -> None:
    """Let deletions, deactivations and removals of members through again, at once."""
    path = path_of(tenant, "breaker", "release")
    show_one(connection.call("POST", path, allow=allow), connection.format)
