"""Definitions: the schemas and resource types a tenant brings itself."""

import json
from pathlib import Path
from typing import Any

import click

from scim.schema.tenant_definitions import DefinitionVersion
from scim.service.definitions import (
    Author,
    DefinitionService,
    checked,
    edition_of,
    replaced,
    restored,
)
from scim.service.messages import Precondition
from scim.service.system import SystemClock
from scim_cli.admin.served import profile_named
from scim_cli.admin.tenant import tenant_named
from scim_cli.connection import Connection, connected
from scim_cli.output import Format, Row, note, show, show_one

AUTHOR = "operator"
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def definitions() -> None:
    """Show, check and set what a tenant defines for itself.

    A document is {"variables": {...}, "schemas": [...], "resourceTypes": [...]}, all of it optional.
    """


@definitions.command("show")
@click.argument("version", required=False)
@click.option("--tenant", required=True)
@connected
def show_(connection: Connection, version: str | None, tenant: str) -> None:
    """Show the document in force, or that of VERSION, to be edited and set again: JSON, else YAML."""
    form = connection.format if connection.format.is_for_program else Format.JSON
    definition_store = connection.access.definitions
    name = tenant_named(connection, tenant).name
    found = (
        definition_store.current(name)
        if version is None
        else edition_of(definition_store, name, version)
    )
    show_one({**found.definitions.json(), "version": found.version}, form)


@definitions.command("set")
@click.argument("file", type=FILE)
@click.option("--tenant", required=True)
@connected
def set_(connection: Connection, file: Path, tenant: str) -> None:
    """Bring the document in FILE into force in place of the one before."""
    author = _applicant(connection, tenant)
    made = replaced(_registrar(connection), author, _document(file), Precondition())
    _show_made(connection, tenant, made)


@definitions.command()
@click.argument("file", type=FILE)
@click.option("--tenant", required=True)
@connected
def check(connection: Connection, file: Path, tenant: str) -> None:
    """Say whether the document in FILE could be set; nothing is changed."""
    author = _applicant(connection, tenant)
    present = connection.access.definitions.current(author.tenant)
    found = checked(_registrar(connection), author, _document(file), present)
    row = {
        "tenant": author.tenant,
        "schemas": [each["id"] for each in found.schemas],
        "resourceTypes": [each["name"] for each in found.resource_types],
        "isInForce": found == present.definitions,
    }
    show_one(row, connection.format)


@definitions.command()
@click.option("--tenant", required=True)
@connected
def history(connection: Connection, tenant: str) -> None:
    """Show the versions that are kept, the one in force first."""
    name = tenant_named(connection, tenant).name
    show(
        [_row(each) for each in connection.access.definitions.history(name)],
        connection.format,
    )


@definitions.command()
@click.argument("version")
@click.option("--tenant", required=True)
@connected
def rollback(connection: Connection, version: str, tenant: str) -> None:
    """Bring what VERSION held into force again, as a new version."""
    author = _applicant(connection, tenant)
    _show_made(connection, tenant, restored(_registrar(connection), author, version))


def _registrar(connection: Connection) -> DefinitionService:
    access = connection.access
    return DefinitionService(access.definitions, access.directory, SystemClock())


def _applicant(connection: Connection, tenant: str) -> Author:
    known = tenant_named(connection, tenant)
    return Author(known.name, profile_named(known.profile), AUTHOR)


def _document(file: Path) -> dict[str, Any]:
    try:
        document = json.loads(file.read_text("utf-8"))
    except ValueError as error:
        raise click.ClickException(f"{file}: not JSON: {error}") from error
    if not isinstance(document, dict):
        raise click.ClickException(f"{file}: expected a JSON object.")
    return document


def _show_made(connection: Connection, tenant: str, made: DefinitionVersion) -> None:
    show_one({"tenant": tenant, **_row(made)}, connection.format)
    note("In force within a minute, for tokens in use; indexes are built after that.")


def _row(definition_version: DefinitionVersion) -> Row:
    held = definition_version.definitions
    return {
        "version": definition_version.version,
        "created": definition_version.created,
        "author": definition_version.author,
        "schemas": [str(each["id"]) for each in held.schemas],
        "resourceTypes": [str(each["name"]) for each in held.resource_types],
    }
