"""Links to the setup portal, where a customer's administrator connects their identity provider."""

from datetime import timedelta

import click

from scim_cli.administrator import path_of
from scim_cli.connection import Connection, connected
from scim_cli.group import Group
from scim_cli.moment import Span
from scim_cli.output import note, show_one

_MOUNT = "/scim/v2"


@click.group(cls=Group)
def portal() -> None:
    """Create, list and revoke links to a tenant's setup portal."""


@portal.command()
@click.argument("tenant")
@click.option("--valid", type=Span(90), default="7d", help="How long the link can be opened, once.")
@click.option("--session", type=Span(30), default="12h", help="How long its session lasts.")
@click.option(
    "--contact",
    default="",
    show_default=False,
    help="E-mail address for questions; the portal shows it.",
)
@click.option("--base-url", help="Base URL before /scim/v2, if --table names the deployment.")
@connected
def link(
    connection: Connection,
    *,
    tenant: str,
    valid: timedelta,
    session: timedelta,
    contact: str,
    base_url: str | None,
) -> None:
    """Create a link to the portal of TENANT and print it. It cannot be shown again.

    Its secret follows the # of the URL, which browsers do not send. It can be opened once.
    """
    page = f"{base_of(connection, base_url)}/setup/index.html"
    parameters = {"valid": seconds(valid), "session": seconds(session), "contact": contact}
    reveal(connection, connection.call("POST", path_of(tenant, "links"), **parameters), page)


@portal.command("list")
@click.argument("tenant")
@connected
def list_(connection: Connection, tenant: str) -> None:
    """Show a tenant's links, never their secrets."""
    connection.show_items(path_of(tenant, "links"))


@portal.command()
@click.argument("tenant")
@click.argument("link_id")
@connected
def revoke(connection: Connection, tenant: str, link_id: str) -> None:
    """Revoke a link now, and end its session."""
    connection.call("POST", path_of(tenant, "links", link_id, "revoke"))
    note(f"Link {link_id} of tenant {tenant} is revoked.")


def seconds(span: timedelta) -> int:
    """Return a span in whole seconds."""
    return int(span.total_seconds())


def base_of(connection: Connection, base_url: str | None) -> str:
    """Return the URL before `/scim/v2` and `/setup`: the given one, else that of the stack."""
    base = (base_url or connection.url).rstrip("/").removesuffix(_MOUNT)
    if not base:
        raise click.UsageError(
            "Give --base-url: the table does not contain the URL of its service."
        )
    return base


def reveal(connection: Connection, new_link: dict[str, object], page: str) -> None:
    """Print a new link, with its secret after the #."""
    secret = new_link.pop("secret")
    if connection.format.is_for_program:
        show_one({**new_link, "url": f"{page}#{secret}"}, connection.format)
        return
    note(f"Link {new_link['link_id']}, can be opened once until {new_link['expires_at']}:")
    click.echo(f"{page}#{secret}")
