"""Clients of the token endpoint: create, list, rotate and revoke them."""

import json
from pathlib import Path
from typing import Any

import click

from scim.access.client import public_keys
from scim_cli.admin.filters import filter_options, filters_in
from scim_cli.administrator import path_of
from scim_cli.connection import Connection, connected
from scim_cli.group import Group
from scim_cli.input_files import json_in
from scim_cli.output import note, show_one


@click.group(cls=Group)
def client() -> None:
    """Create, list, rotate and revoke clients of the token endpoint."""


@client.command()
@click.option("--tenant", required=True)
@click.option(
    "--label", default="", show_default=False, help="Description of the client; shown in lists."
)
@click.option("--scope", "scopes", multiple=True, help="Permissions of its tokens; default all.")
@click.option(
    "--jwks",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help='Its public keys: {"keys": [...]} of RFC 7517.',
)
@click.option(
    "--jwks-uri", default="", show_default=False, help="URL at which the client publishes its keys."
)
@filter_options
@connected
def create(
    connection: Connection,
    tenant: str,
    label: str,
    scopes: tuple[str, ...],
    jwks: Path | None,
    jwks_uri: str,
    filters: tuple[str, ...],
) -> None:
    """Create a client with keys, or else with a secret that is printed only once.

    It gets tokens at /oauth2/token, which a deployment with TokenEndpoint=true has.
    """
    new_client = connection.call(
        "POST",
        path_of(tenant, "clients"),
        label=label,
        scopes=scopes,
        jwks=None if jwks is None else _public_keys(jwks),
        jwks_uri=jwks_uri,
        filters=filters_in(filters),
    )
    _reveal(connection, new_client)


@client.command("list")
@click.option("--tenant", required=True)
@connected
def list_(connection: Connection, tenant: str) -> None:
    """Show a tenant's clients, never their secrets."""
    connection.show_items(path_of(tenant, "clients"))


@client.command()
@click.argument("client_id")
@click.option("--tenant", required=True)
@connected
def rotate(connection: Connection, client_id: str, tenant: str) -> None:
    """Give CLIENT_ID a new secret; the previous one stays valid until the next rotation."""
    path = path_of(tenant, "clients", client_id, "rotate")
    _reveal(connection, connection.call("POST", path))


@client.command()
@click.argument("client_id")
@click.option("--tenant", required=True)
@connected
def revoke(connection: Connection, client_id: str, tenant: str) -> None:
    """Revoke CLIENT_ID and end its jobs now; its tokens stop working within a minute."""
    connection.show("POST", path_of(tenant, "clients", client_id, "revoke"))


def _reveal(connection: Connection, new_client: dict[str, Any]) -> None:
    if connection.format.is_for_program or "secret" not in new_client:
        show_one(new_client, connection.format)
        return
    note(f"Client {new_client['client_id']} of tenant {new_client['tenant']}:")
    click.echo(new_client["secret"])


def _public_keys(file: Path) -> dict[str, Any]:
    """Return the public members of a key set, so that a private key given by mistake is not sent."""
    try:
        key_set: dict[str, Any] = json.loads(public_keys(json_in(file)))
    except ValueError as error:
        raise click.UsageError(f"{file}: {error}") from error
    return key_set
