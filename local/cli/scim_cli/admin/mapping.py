"""Mapping: which attributes of a tenant's resources follow from others, and which roles its groups give."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from scim.compact import json_text
from scim_cli.admin.document import FILE, document_in
from scim_cli.administrator import path_of
from scim_cli.connection import Connection, connected
from scim_cli.group import Group
from scim_cli.output import OutputFormat, note, show, show_one

_PART = "mapping"


@click.group(cls=Group)
def mapping() -> None:
    """Draft, preview, activate and roll back a tenant's mapping.

    A document is {"attributes": [...], "groups": [...]}, both optional (docs/mapping.md).
    """


@mapping.command("show")
@click.argument("version", required=False)
@click.option("--tenant", required=True)
@click.option("--draft", is_flag=True, help="Show the draft instead of the mapping in force.")
@connected
def show_(connection: Connection, version: str | None, tenant: str, *, draft: bool) -> None:
    """Show the mapping in force, that of VERSION, or the draft, in a form that can be drafted again."""
    form = connection.format if connection.format.is_for_program else OutputFormat.JSON
    if draft and version is not None:
        raise click.UsageError("A draft has no VERSION.")
    parts = (_PART,) if version is None else (_PART, "versions", version)
    document = connection.call("GET", path_of(tenant, *parts))
    if draft and not document.get("draft"):
        raise click.ClickException("There is no draft.")
    rules = document["draft"] if draft else document
    show_one({name: rules[name] for name in ("attributes", "groups")}, form)


@mapping.command("draft")
@click.argument("file", type=FILE)
@click.option("--tenant", required=True)
@connected
def draft_(connection: Connection, file: Path, tenant: str) -> None:
    """Store the document in FILE as the draft; it takes effect when it is activated."""
    path = path_of(tenant, _PART, "draft")
    stored_draft = connection.call("PUT", path, document=document_in(file))
    show_one({name: stored_draft[name] for name in ("tenant", "revision")}, connection.format)


@mapping.command()
@click.option("--tenant", required=True)
@connected
def drop(connection: Connection, tenant: str) -> None:
    """Delete the draft."""
    connection.show("DELETE", path_of(tenant, _PART, "draft"))


@mapping.command()
@click.argument("file", type=FILE, required=False)
@click.option("--tenant", required=True)
@click.option(
    "--filter",
    "filter_",
    default="",
    show_default=False,
    help="Only resources that match this filter.",
)
@click.option("--count", type=click.IntRange(1, 100), default=20, help="Resources of each type.")
@connected
def preview(
    connection: Connection, file: Path | None, tenant: str, filter_: str, count: int
) -> None:
    """Show what the draft, or the document in FILE, would change in existing resources."""
    parameters: dict[str, Any] = {"filter": filter_, "count": count}
    if file is not None:
        parameters["document"] = document_in(file)
    result = connection.call("POST", path_of(tenant, _PART, "preview"), **parameters)
    if connection.format.is_for_program:
        return show_one(result, connection.format)
    for rule in result["groups"]:
        if not rule["found"]:
            group_name = next(
                rule[name] for name in ("id", "displayName", "externalId") if name in rule
            )
            note(f"There is no group {group_name} yet.")
    count_text = f"{result['changed']} of {result['looked']} would change."
    draft = f" Activate with: {result['revision']}" if result["revision"] else ""
    note(f"{count_text}{draft}")
    return show(
        [
            {"type": resource["type"], "name": resource["name"], **_cells(change)}
            for resource in result["items"]
            for change in resource["changes"]
        ],
        connection.format,
    )


def _cells(change: Mapping[str, Any]) -> dict[str, str | None]:
    """Return a change as a row of a table, with lists and objects as JSON."""
    return {
        name: value if value is None or isinstance(value, str) else json_text(value)
        for name, value in change.items()
    }


@mapping.command()
@click.argument("revision")
@click.option("--tenant", required=True)
@connected
def activate(connection: Connection, revision: str, tenant: str) -> None:
    """Activate the draft with this REVISION, as `preview` showed it."""
    connection.show("POST", path_of(tenant, _PART, "activate"), revision=revision)


@mapping.command()
@click.option("--tenant", required=True)
@connected
def history(connection: Connection, tenant: str) -> None:
    """Show the stored versions in which the mapping changed, newest first."""
    connection.show_items(path_of(tenant, _PART, "versions"))


@mapping.command()
@click.argument("version")
@click.option("--tenant", required=True)
@connected
def rollback(connection: Connection, version: str, tenant: str) -> None:
    """Activate the mapping of VERSION again, as a new version."""
    connection.show("POST", path_of(tenant, _PART, "versions", version, "restore"))
