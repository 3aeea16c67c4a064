"""Tenants: create, show, change, suspend and delete them."""

import click

from scim.access.tenant import SCHEMES
from scim_cli.admin.path import path_of
from scim_cli.connection import Connection, connected
from scim_cli.deployment.erasure import erase
from scim_cli.group import Group
from scim_cli.output import note, show_one


@click.group(cls=Group)
def tenant() -> None:
    """Create, show and change tenants."""


@tenant.command()
@click.argument("name")
@click.option(
    "--profile", default="", show_default=False, help="Profile of its clients; see profile list."
)
@click.option("--rate", type=click.IntRange(1), help="Requests a second; default the deployment's.")
@click.option(
    "--scheme",
    "schemes",
    multiple=True,
    type=click.Choice(SCHEMES),
    help="How clients may send tokens; may be repeated. Default as in the profile.",
)
@connected
def create(
    connection: Connection, name: str, profile: str, rate: int | None, schemes: tuple[str, ...]
) -> None:
    """Create the tenant NAME."""
    parameters = {
        "name": name,
        "profile": profile,
        "rate": rate,
        "schemes": tuple(dict.fromkeys(schemes)),
    }
    connection.show("POST", "/tenants", **parameters)


@tenant.command("list")
@connected
def list_(connection: Connection) -> None:
    """Show all tenants."""
    connection.show_items("/tenants")


@tenant.command("show")
@click.argument("name")
@connected
def show_(connection: Connection, name: str) -> None:
    """Show the settings of the tenant NAME."""
    connection.show("GET", path_of(name))


@tenant.command("set")
@click.argument("name")
@click.option(
    "--scheme",
    "schemes",
    multiple=True,
    required=True,
    type=click.Choice(SCHEMES),
    help="May be repeated.",
)
@connected
def set_(connection: Connection, name: str, schemes: tuple[str, ...]) -> None:
    """Set how clients of the tenant NAME may send tokens. Takes effect within a minute."""
    connection.show("PATCH", path_of(name), schemes=tuple(dict.fromkeys(schemes)))


@tenant.command()
@click.argument("name")
@connected
def suspend(connection: Connection, name: str) -> None:
    """Refuse every token of the tenant NAME, and end its jobs. Takes effect within a minute."""
    connection.show("POST", path_of(name, "suspend"))


@tenant.command()
@click.argument("name")
@connected
def resume(connection: Connection, name: str) -> None:
    """Accept the tokens of the tenant NAME again."""
    connection.show("POST", path_of(name, "resume"))


@tenant.command()
@click.argument("name")
@click.confirmation_option(
    prompt="Its tokens, clients, issuers, links, receiver and definitions are deleted. Continue?",
    help="Do not ask.",
)
@connected
def delete(connection: Connection, name: str) -> None:
    """Delete the tenant NAME and its credentials. Its directory is kept.

    This deletes its tokens, clients, issuers, own definitions and the receiver of its events, and revokes its links to
    the setup portal. If it fails, repeat it. A tenant that you create later under NAME has the same directory, unless
    you erase it a few minutes after the deletion or later: scim tenant erase NAME.
    """
    deleted_tenant = connection.call("DELETE", path_of(name))
    if connection.format.is_for_program:
        show_one(deleted_tenant, connection.format)
    else:
        note(
            f"Tenant {name} is deleted; its directory is still in the table."
            f" To erase it, wait a few minutes and run: scim tenant erase {name}."
        )


tenant.add_command(erase)
