"""Tokens: create, list, rotate and revoke them."""

from datetime import timedelta
from typing import Any

import click

from scim_cli.admin.filters import filter_options, filters_in
from scim_cli.administrator import path_of
from scim_cli.connection import Connection, connected
from scim_cli.group import Group
from scim_cli.moment import Span
from scim_cli.output import note, show_one


@click.group(cls=Group)
def token() -> None:
    """Create, list, rotate and revoke tokens."""


@token.command()
@click.option("--tenant", required=True)
@click.option(
    "--create", "makes_tenant", is_flag=True, help="Create the tenant if it does not exist."
)
@click.option(
    "--label", default="", show_default=False, help="Purpose of the token; shown in lists."
)
@click.option("--days", default=365, type=click.IntRange(1, 3650), help="How long it is valid.")
@click.option("--starts-in", type=Span(3650), default="0m", help="Start of its validity.")
@click.option("--scope", "scopes", multiple=True, help="Permissions; may be repeated. Default all.")
@click.option("--subject", help="Resource of /Me: id:…, userName:… or externalId:….")
@filter_options
@connected
def create(  # noqa: PLR0913 - an option each
    connection: Connection,
    *,
    tenant: str,
    makes_tenant: bool,
    label: str,
    days: int,
    starts_in: timedelta,
    scopes: tuple[str, ...],
    subject: str | None,
    filters: tuple[str, ...],
) -> None:
    """Create a token and print it. It cannot be shown again.

    A scope is a permission such as users:view, or several: users:*, *:view, *.
    """
    new_token = connection.call(
        "POST",
        path_of(tenant, "tokens"),
        create_tenant=makes_tenant,
        label=label,
        days=days,
        starts_in=int(starts_in.total_seconds()),
        scopes=scopes,
        subject=subject,
        filters=filters_in(filters),
    )
    _reveal(connection, new_token)


@token.command("list")
@click.option("--tenant", required=True)
@connected
def list_(connection: Connection, tenant: str) -> None:
    """Show a tenant's tokens, never their secrets."""
    connection.show_items(path_of(tenant, "tokens"))


@token.command()
@click.argument("token_id")
@click.option("--tenant", required=True)
@click.option(
    "--overlap", type=Span(3650), default="7d", help="How long the old token stays valid."
)
@click.option(
    "--days", default=365, type=click.IntRange(1, 3650), help="How long the new token is valid."
)
@connected
def rotate(
    connection: Connection, token_id: str, tenant: str, overlap: timedelta, days: int
) -> None:
    """Create a token like TOKEN_ID. The old one ends after the overlap; until then both are valid."""
    path = path_of(tenant, "tokens", token_id, "rotate")
    seconds = int(overlap.total_seconds())
    _reveal(connection, connection.call("POST", path, overlap=seconds, days=days))


@token.command()
@click.argument("token_id")
@click.option("--tenant", required=True)
@connected
def revoke(connection: Connection, token_id: str, tenant: str) -> None:
    """Revoke TOKEN_ID and end its jobs now; it stops working within a minute."""
    connection.show("POST", path_of(tenant, "tokens", token_id, "revoke"))


def _reveal(connection: Connection, new_token: dict[str, Any]) -> None:
    if connection.format.is_for_program:
        show_one(new_token, connection.format)
        return
    token_name = f"Token {new_token['token_id']} of tenant {new_token['tenant']}"
    note(f"{token_name}, valid until {new_token['expires_at']}:")
    click.echo(new_token["token"])
