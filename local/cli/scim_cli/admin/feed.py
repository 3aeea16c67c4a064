"""Feeds: whether a tenant's changes are logged, what events contain, and where they are pushed."""

import click

from scim_cli.administrator import path_of
from scim_cli.connection import Connection, connected
from scim_cli.group import Group
from scim_cli.output import show_one


@click.group(cls=Group)
def feed() -> None:
    """Set what a tenant's change feed contains, and where events are pushed."""


@feed.command()
@click.option("--tenant", required=True)
@connected
def show(connection: Connection, tenant: str) -> None:
    """Show a tenant's settings, and which of them are the deployment's."""
    connection.show("GET", path_of(tenant, "feed"))


@feed.command("set")
@click.option("--tenant", required=True)
@click.option("--on/--off", "on", default=None, help="Log the tenant's changes, or not.")
@click.option("--days", type=click.IntRange(1, 3650), help="How long changes are kept.")
@click.option(
    "--full/--notice", "full", default=None, help="Include the content in events, or not."
)
@click.option("--audience", help="The claim `aud` of events.")
@click.option(
    "--reset",
    multiple=True,
    type=click.Choice(("on", "days", "full", "audience")),
    help="Use the deployment's setting again; may be repeated.",
)
@connected
def set_(connection: Connection, tenant: str, reset: tuple[str, ...], **given: object) -> None:
    """Change the given settings of a tenant's log and events. Takes effect within a minute."""
    settings = {name: value for name, value in given.items() if value is not None}
    if both := sorted(settings.keys() & set(reset)):
        raise click.UsageError(f"Either set {both[0]} or reset it.")
    settings |= dict.fromkeys(reset)
    if not settings:
        raise click.UsageError("Give a setting: --on, --days, --full, --audience or --reset.")
    answer = connection.perform("PUT", path_of(tenant, "feed"), settings)
    show_one(answer, connection.format)


@feed.command()
@click.argument("url")
@click.option("--tenant", required=True)
@click.option(
    "--secret",
    default="",
    show_default=False,
    help="Name of the secret sent as Authorization header.",
)
@click.option(
    "--event", "events", multiple=True, help="Push only this event; may be repeated. Default all."
)
@connected
def push(
    connection: Connection, url: str, tenant: str, secret: str, events: tuple[str, ...]
) -> None:
    """Push a tenant's events to URL (RFC 8935), which must use https and a public address."""
    path = path_of(tenant, "feed", "receiver")
    connection.show("PUT", path, url=url, secret=secret, events=list(events))


@feed.command()
@click.option("--tenant", required=True)
@connected
def stop(connection: Connection, tenant: str) -> None:
    """Stop pushing a tenant's events; waiting events are dropped."""
    connection.show("DELETE", path_of(tenant, "feed", "receiver"))
