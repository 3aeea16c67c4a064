"""Wires what tells of changes: events on the bus, and pushed to the receivers of tenants."""

from collections.abc import Callable
from dataclasses import dataclass

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from scim.access.tenant import Tenant
from scim.bootstrap.connection import client
from scim.bootstrap.credentials import credentials_on, table_of_credentials
from scim.bootstrap.feed import OpenedFeed, opened_feed
from scim.bootstrap.jobs import REPEATED
from scim.errors import Unavailable
from scim.schema.catalogue import Catalogue
from scim.schema.loading import tenant_catalogues
from scim.settings import Settings
from scim.store.access.definitions import StoredDefinitions
from scim.store.access.secrets import Secrets
from scim.store.feed.event_bus import EventBus
from scim.store.feed.images import logged_in
from scim.store.feed.push_queue import PushQueue
from scim.workers import change_log, publish, push, receiver


@dataclass(frozen=True, slots=True)
class _Known:
    """What tells of changes knows of tenants, and their log."""

    feed: OpenedFeed
    tenant: Callable[[str], Tenant | None]
    catalogue: Callable[[Tenant], Catalogue]
    queue: PushQueue

    @classmethod
    def of(cls, settings: Settings) -> "_Known":
        feed = opened_feed(client(), settings)
        table = table_of_credentials(client(), settings.table_name)
        catalogues = tenant_catalogues(StoredDefinitions(table).additions)
        return cls(
            feed,
            credentials_on(table).tenants.find,
            lambda each: catalogues(each.name, each.profile, each.definitions).catalogue,
            PushQueue(
                lambda: boto3.client("sqs", config=REPEATED),
                settings.push_queue,
                settings.push_failures,
            ),
        )


def publish_handler() -> change_log.Handler:
    """Return the handler that tells of what the change log holds."""
    settings = Settings.from_environment()
    known = _Known.of(settings)
    bus = EventBus(lambda: boto3.client("events", config=REPEATED), settings.event_bus)
    return publish.publisher(
        logged_in,
        bus,
        known.queue,
        lambda name: known.catalogue(known.tenant(name) or Tenant(name, "")),
        known.feed.feeds.of,
        known.feed.issuer,
    )


def push_handler() -> change_log.Handler:
    """Return the handler that pushes events to the receivers of tenants."""
    settings = Settings.from_environment()
    known = _Known.of(settings)
    secrets = Secrets(settings.secret_prefix)

    def secret(name: str) -> str:
        try:
            return secrets.secret(name)
        except (BotoCoreError, ClientError, LookupError) as error:
            raise Unavailable(f"The secret {name} cannot be read.") from error

    delivery = push.Delivery(
        entry=known.feed.log.entry,
        tenant=known.tenant,
        feed=known.feed.feeds.of,
        catalogue=known.catalogue,
        issuer=known.feed.issuer,
        sign=known.feed.sign,
        secret=secret,
        post=receiver.post_with_loopback if settings.loopback_issuers else receiver.post,
        queue=known.queue,
        seconds=settings.push_seconds,
    )
    return push.pusher(delivery)
