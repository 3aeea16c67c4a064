"""Tenants: create, show, change, suspend and delete them; their profile and request rate."""

from typing import Any

import click

from scim.access.tenant import SCHEMES
from scim_cli.admin.erasure import erase
from scim_cli.administrator import path_of
from scim_cli.connection import Connection, connected
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


@click.group(cls=Group)
def profile() -> None:
    """Show and set a tenant's profile."""


@profile.command("list")
@connected
def list_profiles(connection: Connection) -> None:
    """Show all profiles."""
    connection.show_items("/profiles")


@profile.command("show")
@click.option("--tenant", required=True)
@connected
def show_profile(connection: Connection, tenant: str) -> None:
    """Show a tenant's profile."""
    show_one(_profile_row(connection.call("GET", path_of(tenant))), connection.format)


@profile.command("set")
@click.argument("name")
@click.option("--tenant", required=True)
@connected
def set_profile(connection: Connection, name: str, tenant: str) -> None:
    """Give a tenant the profile NAME. Takes effect within a minute."""
    answer = connection.call("PATCH", path_of(tenant), profile=name)
    show_one(_profile_row(answer), connection.format)


@click.group(cls=Group)
def limit() -> None:
    """Show and set how fast a tenant may call."""


@limit.command("show")
@click.option("--tenant", required=True)
@connected
def show_limit(connection: Connection, tenant: str) -> None:
    """Show a tenant's limit: its own, or the deployment's (TenantRate), where 0 means no limit."""
    show_one(_limit_row(connection.call("GET", path_of(tenant))), connection.format)


@limit.command("set")
@click.option("--tenant", required=True)
@click.option("--rate", required=True, type=click.IntRange(0), help="Requests a second.")
@connected
def set_limit(connection: Connection, tenant: str, rate: int) -> None:
    """Set a tenant's limit; 0 restores the deployment's. Takes effect within a minute."""
    show_one(_limit_row(connection.call("PATCH", path_of(tenant), rate=rate)), connection.format)


def _profile_row(settings: dict[str, Any]) -> dict[str, Any]:
    return {"tenant": settings["name"], "profile": settings["profile"]}


def _limit_row(settings: dict[str, Any]) -> dict[str, Any]:
    deployment = {name: value for name, value in settings.items() if name == "deployment"}
    return {"tenant": settings["name"], "rate": settings["rate"], **deployment}
