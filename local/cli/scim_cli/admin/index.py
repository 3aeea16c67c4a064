"""Indexes that were declared late: filled with what was stored before."""

import click

from scim.schema.resource_type import Index, ResourceType
from scim_cli.admin.served import catalogue_served
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
    directory = connection.access.directory
    rows = [
        {
            "type": type_.name,
            "attribute": late.attribute,
            "inUse": directory.is_built(tenant, type_.name, late.attribute),
        }
        for type_, late in _late(connection, tenant)
    ]
    show(rows, connection.format)


@index.command()
@click.option("--tenant", required=True, help="The tenant whose resources are read.")
@connected
def backfill(connection: Connection, tenant: str) -> None:
    """Fill the late indexes. May be interrupted, and goes on from there."""
    for type_, late in _late(connection, tenant):
        done = 0
        for number in connection.access.directory.backfill(tenant, type_, late):
            done += number
            note(f"{type_.name} {late.attribute}: {done} resources")
        note(f"{type_.name} {late.attribute} is in use within a minute.")


def _late(connection: Connection, tenant: str) -> list[tuple[ResourceType, Index]]:
    return [
        (type_, late)
        for type_ in catalogue_served(connection, tenant).stored_types
        for late in type_.indexes
        if late.is_late
    ]
