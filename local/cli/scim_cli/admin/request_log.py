"""Which of a tenant's last requests are kept, and with which parts."""

import click

from scim_cli.administrator import path_of
from scim_cli.connection import Connection, connected
from scim_cli.group import Group


@click.group("request-log", cls=Group)
def request_log() -> None:
    """Set whether a tenant's last requests are kept, and how long with bodies."""


@request_log.command()
@click.option("--tenant", required=True)
@connected
def show(connection: Connection, tenant: str) -> None:
    """Show whether a tenant's requests are kept, how many, and until when with their bodies."""
    connection.show("GET", path_of(tenant, "request-log"))


@request_log.command("set")
@click.option("--tenant", required=True)
@click.option("--on/--off", "on", default=None, help="Keep the tenant's requests, or not.")
@click.option(
    "--bodies",
    type=click.IntRange(0, 1440),
    help="Minutes from now in which bodies are kept, as pseudonyms; 0 stops it.",
)
@connected
def set_(connection: Connection, tenant: str, **settings: bool | int | None) -> None:
    """Change the given settings. Takes effect within a minute."""
    if all(value is None for value in settings.values()):
        raise click.UsageError("Give a setting: --on, --off or --bodies.")
    connection.show("PUT", path_of(tenant, "request-log"), **settings)
