"""Indexes that were declared late: filled with what was stored before."""

import click

from scim.service.administration import tenants
from scim_cli.admin.path import path_of
from scim_cli.connection import Connection, connected
from scim_cli.output import note, show


@click.group()
def index() -> None:
    """Fill indexes that were declared when resources were stored already."""


@index.command("list")
@click.option("--tenant", required=True, help="The tenant whose resources they are of.")
@connected
def list_(connection: Connection, tenant: str) -> None:
    """Show the late indexes, and whether they are in use."""
    show(connection.items(path_of(tenant, "indexes")), connection.format)


@index.command()
@click.option("--tenant", required=True, help="The tenant whose resources are read.")
@connected
def backfill(connection: Connection, tenant: str) -> None:
    """Fill the late indexes. May be interrupted, and goes on from there."""
    for type_, late in tenants.late_indexes(connection.administration, tenant):
        done = 0
        for number in connection.access.directory.backfill(tenant, type_, late):
            done += number
            note(f"{type_.name} {late.attribute}: {done} resources")
        note(f"{type_.name} {late.attribute} is in use within a minute.")
