"""Feeds: whether a tenant's changes are logged, what events say of them, and where they are pushed."""

import click

from scim_cli.admin.path import path_of
from scim_cli.connection import Connection, connected
from scim_cli.output import show_one


@click.group()
def feed() -> None:
    """Say what a tenant's change feed holds, and where events are pushed."""


@feed.command()
@click.option("--tenant", required=True)
@connected
def show(connection: Connection, tenant: str) -> None:
    """Show what a tenant has settled; of the rest the deployment decides."""
    show_one(connection.call("GET", path_of(tenant, "feed")), connection.format)


@feed.command("set")
@click.option("--tenant", required=True)
@click.option("--on/--off", "on", default=None, help="Whether its changes are logged.")
@click.option("--days", type=click.IntRange(1, 3650), help="How long they are kept.")
@click.option("--full/--notice", "full", default=None, help="Whether events carry the content.")
@click.option("--audience", help="The claim `aud` of events.")
@connected
def set_(connection: Connection, tenant: str, **given: bool | int | str | None) -> None:
    """Settle what is named, of a tenant's log and events. In force within a minute."""
    if all(value is None for value in given.values()):
        raise click.UsageError("Name what is to be settled: --on, --days, --full or --audience.")
    show_one(connection.call("PUT", path_of(tenant, "feed"), **given), connection.format)


@feed.command()
@click.argument("url")
@click.option("--tenant", required=True)
@click.option("--secret", default="", help="Name of the secret sent as Authorization header.")
@click.option("--event", "events", multiple=True, help="Push this one; may be repeated. Else all.")
@connected
def push(
    connection: Connection, url: str, tenant: str, secret: str, events: tuple[str, ...]
) -> None:
    """Push a tenant's events to URL (RFC 8935), which is https at a public address."""
    asked = {"url": url, "secret": secret, "events": list(events)}
    show_one(
        connection.call("PUT", path_of(tenant, "feed", "receiver"), **asked), connection.format
    )


@feed.command()
@click.option("--tenant", required=True)
@connected
def stop(connection: Connection, tenant: str) -> None:
    """Push a tenant's events no longer; what waits is dropped."""
    show_one(connection.call("DELETE", path_of(tenant, "feed", "receiver")), connection.format)
