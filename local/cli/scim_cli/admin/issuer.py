"""Issuers whose tokens a tenant accepts besides its own."""

from pathlib import Path

import click

from scim_cli.administrator import path_of
from scim_cli.connection import Connection, connected
from scim_cli.group import Group
from scim_cli.input_files import json_in
from scim_cli.output import note, show, show_one


@click.group(cls=Group)
def issuer() -> None:
    """Set the other issuers whose tokens a tenant accepts."""


@issuer.command()
@click.argument("document", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--tenant", required=True)
@connected
def add(connection: Connection, document: Path, tenant: str) -> None:
    """Add or change the issuer described by the JSON in DOCUMENT."""
    connection.show("POST", path_of(tenant, "issuers"), document=json_in(document))


@issuer.command("add-entra")
@click.argument("directory", type=click.UUID)
@click.option("--tenant", required=True)
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    default=["*"],
    help="What its tokens may do; may be repeated.",
)
@connected
def add_entra(
    connection: Connection, directory: object, tenant: str, scopes: tuple[str, ...]
) -> None:
    """Accept Entra's own tokens of DIRECTORY, which it sends if its token field is blank."""
    path = path_of(tenant, "issuers", "entra")
    connection.show("POST", path, directory=str(directory), scopes=scopes)


@issuer.command("list")
@click.option("--tenant", required=True)
@connected
def list_(connection: Connection, tenant: str) -> None:
    """Show the issuers of a tenant."""
    rows = connection.items(path_of(tenant, "issuers"))
    if not connection.format.is_for_program:
        rows = [{"issuer": row["issuer"], "kind": row["kind"]} for row in rows]
    show(rows, connection.format)


@issuer.command()
@click.argument("issuer_name", metavar="ISSUER")
@click.option("--tenant", required=True)
@connected
def remove(connection: Connection, issuer_name: str, tenant: str) -> None:
    """Remove ISSUER, named by its claim `iss`. Takes effect within a minute."""
    removed_issuer = connection.call("DELETE", path_of(tenant, "issuers"), issuer=issuer_name)
    if connection.format.is_for_program:
        show_one(removed_issuer, connection.format)
    else:
        note(f"Tenant {tenant} does not trust {issuer_name}.")
