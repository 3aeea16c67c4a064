"""Late indexes: fill them with the resources that were stored before they were declared."""

import click

from scim.service.administration import tenants
from scim.service.administration.recorded_acts import noted
from scim.service.administration.tenant_lookups import tenant_named
from scim_cli.administrator import path_of
from scim_cli.connection import Connection, connected
from scim_cli.group import Group
from scim_cli.output import note


@click.group(cls=Group)
def index() -> None:
    """Fill indexes that were declared after resources were stored."""


@index.command("list")
@click.option("--tenant", required=True, help="The tenant of the resources.")
@connected
def list_(connection: Connection, tenant: str) -> None:
    """Show the late indexes, and whether they are in use."""
    connection.show_items(path_of(tenant, "indexes"))


@index.command()
@click.option("--tenant", required=True, help="The tenant of the resources.")
@connected
def backfill(connection: Connection, tenant: str) -> None:
    """Fill the late indexes. If interrupted, run it again to continue."""
    administration = connection.administration
    name = tenant_named(administration, tenant).name
    indexes = tenants.late_indexes(administration, name)
    if not indexes:
        note("There are no late indexes.")
    for type_, late in indexes:
        filled, parameters = 0, {"type": type_.name, "attribute": late.attribute}
        acts, clock, actor = administration.acts, administration.clock, connection.actor
        with noted(acts, clock, actor, "backfillIndex", name, parameters):
            for number in connection.access.directory.backfill(name, type_, late):
                filled += number
                note(f"{type_.name} {late.attribute}: {filled} resources")
        note(f"{type_.name} {late.attribute} will be in use within a minute.")
