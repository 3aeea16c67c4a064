"""Links to the operator's console, and its sessions."""

from datetime import timedelta
from urllib.parse import quote

import click

from scim_cli.admin.portal import base_of, reveal, seconds
from scim_cli.connection import Connection, connected
from scim_cli.group import Group
from scim_cli.moment import Span
from scim_cli.output import note


@click.group(cls=Group)
def console() -> None:
    """Open the operator's console, list and end its sessions."""


@console.command("open")
@click.option("--valid", type=Span(1), default="10m", help="How long the link can be opened, once.")
@click.option("--session", type=Span(1), default="1h", help="How long its session lasts.")
@click.option("--base-url", help="Base URL before /scim/v2, if --table names the deployment.")
@connected
def open_(
    connection: Connection, *, valid: timedelta, session: timedelta, base_url: str | None
) -> None:
    """Create a link to the console and print it. It cannot be shown again.

    Whoever opens it can do what the Admin API does. It can be opened once.
    """
    page = f"{base_of(connection, base_url)}/console/index.html"
    durations = {"valid": seconds(valid), "session": seconds(session)}
    reveal(connection, connection.call("POST", "/console-links", **durations), page)


@console.command("list")
@connected
def list_(connection: Connection) -> None:
    """Show the links and sign-ins that open the console now, never their secrets.

    `used_at` is when a session began, and `ends_at` when it or the unused link ends at the latest.
    """
    connection.show_items("/console-links")


@console.command()
@click.argument("link_ids", metavar="LINK_ID", nargs=-1)
@click.option("--all", "is_all", is_flag=True, help="Every link and sign-in that `list` shows.")
@connected
def revoke(connection: Connection, *, link_ids: tuple[str, ...], is_all: bool) -> None:
    """Revoke links or sign-ins now, and end their sessions."""
    if is_all == bool(link_ids):
        raise click.UsageError("Give the ids of links, as scim console list shows them, or --all.")
    if is_all:
        link_ids = tuple(str(link["link_id"]) for link in connection.items("/console-links"))
    for link_id in link_ids:
        connection.call("POST", f"/console-links/{quote(link_id, safe='')}/revoke")
        note(f"Link {link_id} is revoked.")
    if not link_ids:
        note("No link or session opens the console.")
