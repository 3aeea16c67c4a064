"""The profile of a tenant."""

from typing import Any

import click

from scim_cli.admin.path import path_of
from scim_cli.connection import Connection, connected
from scim_cli.group import Group
from scim_cli.output import show_one


@click.group(cls=Group)
def profile() -> None:
    """Show and set a tenant's profile."""


@profile.command("list")
@connected
def list_(connection: Connection) -> None:
    """Show all profiles."""
    connection.show_items("/profiles")


@profile.command()
@click.option("--tenant", required=True)
@connected
def show(connection: Connection, tenant: str) -> None:
    """Show a tenant's profile."""
    show_one(_row(connection.call("GET", path_of(tenant))), connection.format)


@profile.command("set")
@click.argument("name")
@click.option("--tenant", required=True)
@connected
def set_(connection: Connection, name: str, tenant: str) -> None:
    """Give a tenant the profile NAME. Takes effect within a minute."""
    show_one(_row(connection.call("PATCH", path_of(tenant), profile=name)), connection.format)


def _row(tenant: dict[str, Any]) -> dict[str, Any]:
    return {"tenant": tenant["name"], "profile": tenant["profile"]}
