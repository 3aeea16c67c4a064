"""The operator's console: a one-time link, for deployments without an identity provider of their own."""

from datetime import timedelta

import click

from scim_cli.admin.portal import base_of, reveal, seconds
from scim_cli.connection import Connection, connected
from scim_cli.group import Group
from scim_cli.moment import Span


@click.group(cls=Group)
def console() -> None:
    """Open the operator's console."""


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
