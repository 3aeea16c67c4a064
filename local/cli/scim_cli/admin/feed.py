"""Feeds: whether a tenant's changes are logged, what events say of them, and where they are pushed."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from urllib.parse import urlsplit

import click

from scim.resource.history.feed import Feed, unfit_receiver
from scim.service.administration.nearest import hint
from scim.service.administration.served import tenant_named
from scim.service.feed.events import EVENT_URIS, PREFIX
from scim.store.access.secrets import NAME as SECRET_NAME
from scim.store.feed.feeds import Feeds
from scim_cli.connection import Connection, connected
from scim_cli.output import show_one

_SHOWN = {"is_on": "on", "is_full": "full"}
_FULL = [uri.removeprefix(PREFIX) for uri in EVENT_URIS]
_EVENTS = sorted({*_FULL, *(each.rpartition(":")[0] for each in _FULL if each.count(":") > 1)})


@click.group()
def feed() -> None:
    """Say what a tenant's change feed holds, and where events are pushed."""


@feed.command()
@click.option("--tenant", required=True)
@connected
def show(connection: Connection, tenant: str) -> None:
    """Show what a tenant has settled; of the rest the deployment decides."""
    name = tenant_named(connection.administration, tenant).name
    _show(connection, name, _feeds(connection).settings(name))


@feed.command("set")
@click.option("--tenant", required=True)
@click.option("--on/--off", "is_on", default=None, help="Whether its changes are logged.")
@click.option("--days", type=click.IntRange(1, 3650), help="How long they are kept.")
@click.option("--full/--notice", "is_full", default=None, help="Whether events carry the content.")
@click.option("--audience", help="The claim `aud` of events.")
@connected
def set_(connection: Connection, tenant: str, **given: bool | int | str | None) -> None:
    """Settle what is named, of a tenant's log and events. In force within a minute."""
    changed = {name: value for name, value in given.items() if value is not None}
    if not changed:
        raise click.UsageError("Name what is to be settled: --on, --days, --full or --audience.")
    name = tenant_named(connection.administration, tenant).name
    _save(connection, name, {**_feeds(connection).settings(name), **changed})


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
    name = tenant_named(connection.administration, tenant).name
    is_here = connection.is_local and urlsplit(url).scheme == "http"
    if (why := unfit_receiver(url)) and not is_here:
        raise click.ClickException(f"{url}: {why}.")
    if secret and not SECRET_NAME.fullmatch(secret):
        raise click.ClickException(f"--secret {secret}: expected {SECRET_NAME.pattern}.")
    for event in events:
        if event not in _EVENTS:
            raise click.ClickException(f"There is no event {event}.{hint(event, _EVENTS)}")
    settled = {"push_url": url, "push_secret": secret, "push_events": list(events)}
    _save(connection, name, {**_feeds(connection).settings(name), **settled})


@feed.command()
@click.option("--tenant", required=True)
@connected
def stop(connection: Connection, tenant: str) -> None:
    """Push a tenant's events no longer; what waits is dropped."""
    name = tenant_named(connection.administration, tenant).name
    held = _feeds(connection).settings(name).items()
    _save(connection, name, {each: value for each, value in held if not each.startswith("push_")})


def _feeds(connection: Connection) -> Feeds:
    return connection.access.feeds


def _save(connection: Connection, tenant: str, settings: Mapping[str, Any]) -> None:
    _feeds(connection).save(tenant, settings)
    _show(connection, tenant, settings)


def _show(connection: Connection, tenant: str, settings: Mapping[str, Any]) -> None:
    known = asdict(Feed())
    row = {_SHOWN.get(name, name): settings.get(name) for name in known}
    show_one({"tenant": tenant, **row}, connection.format)
