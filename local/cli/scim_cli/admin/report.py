"""The tolerances that a tenant's clients have used."""

import click

from scim_cli.admin.path import path_of
from scim_cli.connection import Connection, connected


@click.command()
@click.option("--tenant", required=True)
@connected
def report(connection: Connection, tenant: str) -> None:
    """Show which tolerances a tenant's clients have used, how often and when last.

    Each is the name of a tolerance of its profile.
    """
    connection.show_items(path_of(tenant, "tolerances"))
