"""Definitions: a tenant's own schemas and resource types."""

from pathlib import Path

import click

from scim_cli.admin.document import FILE, document_in
from scim_cli.administrator import path_of
from scim_cli.connection import Connection, connected
from scim_cli.group import Group
from scim_cli.output import OutputFormat, show_one

_PART = "definitions"


@click.group(cls=Group)
def definitions() -> None:
    """Show, check and set a tenant's own definitions.

    A document is {"variables": {...}, "schemas": [...], "resourceTypes": [...]}, all of it optional.
    """


@definitions.command("show")
@click.argument("version", required=False)
@click.option("--tenant", required=True)
@connected
def show_(connection: Connection, version: str | None, tenant: str) -> None:
    """Show the document in force, or that of VERSION, in a form that can be set again: JSON, else YAML."""
    form = connection.format if connection.format.is_for_program else OutputFormat.JSON
    parts = (_PART,) if version is None else (_PART, "versions", version)
    show_one(connection.call("GET", path_of(tenant, *parts)), form)


@definitions.command("set")
@click.argument("file", type=FILE)
@click.option("--tenant", required=True)
@connected
def set_(connection: Connection, file: Path, tenant: str) -> None:
    """Replace the definitions in force by the document in FILE."""
    connection.show("PUT", path_of(tenant, _PART), document=document_in(file))


@definitions.command()
@click.argument("file", type=FILE)
@click.option("--tenant", required=True)
@connected
def check(connection: Connection, file: Path, tenant: str) -> None:
    """Check whether the document in FILE can be set; nothing is changed."""
    connection.show("POST", path_of(tenant, _PART, "check"), document=document_in(file))


@definitions.command()
@click.option("--tenant", required=True)
@connected
def history(connection: Connection, tenant: str) -> None:
    """Show the stored versions, the one in force first."""
    connection.show_items(path_of(tenant, _PART, "versions"))


@definitions.command()
@click.argument("version")
@click.option("--tenant", required=True)
@connected
def rollback(connection: Connection, version: str, tenant: str) -> None:
    """Activate the definitions of VERSION again, as a new version."""
    connection.show("POST", path_of(tenant, _PART, "versions", version, "restore"))
