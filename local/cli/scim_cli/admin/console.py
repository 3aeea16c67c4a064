"""The operator's console: a one-time link, for deployments without an identity provider of their own."""

from datetime import timedelta

import click

from scim_cli.admin.portal import base_of, reveal, seconds
from scim_cli.connection import Connection, connected
from scim_cli.moment import Span


@click.group()
def console() -> None:
    """Open the operator's console."""


@console.command("open")
@click.option("--valid", type=Span(), default="10m", help="How long it can be opened, once.")
@click.option("--session", type=Span(), default="1h", help="How long what it opens lasts.")
@click.option("--base-url", help="What stands before /scim/v2, where --table names the deployment.")
@connected
def open_(
    connection: Connection, *, valid: timedelta, session: timedelta, base_url: str | None
) -> None:
    """Make a link to the console and print it: the only time it can be seen.

    Who opens it may do what the Admin API does. It opens once.
    """
    page = f"{base_of(connection, base_url)}/console/index.html"
    asked = {"valid": seconds(valid), "session": seconds(session)}
    reveal(connection, connection.call("POST", "/console-links", **asked), page)
