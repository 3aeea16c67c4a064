"""Wires the delivery of changes: events on the bus, pushes to tenants' receivers, late log entries."""

from collections.abc import Callable
from dataclasses import dataclass

import boto3

from scim.access.tenant import Tenant
from scim.bootstrap.connection import client
from scim.bootstrap.credentials import credentials_on, table_of_credentials
from scim.bootstrap.feed import StoredFeed, stored_feed
from scim.bootstrap.jobs import REPEATED
from scim.schema.catalogue import Catalogue
from scim.schema.loading import tenant_catalogues
from scim.service.system import SystemClock
from scim.settings import Settings
from scim.store.access.definitions import StoredDefinitions
from scim.store.access.secrets import Secrets
from scim.store.access.tenants import Tenants
from scim.store.feed.event_bus import EventBus
from scim.store.feed.images import logged_in
from scim.store.feed.push_queue import PushQueue
from scim.workers import change_log, publish, push, receiver, reconcile


@dataclass(frozen=True, slots=True)
class _DeliveryParts:
    """What the delivery handlers share: the change log, tenants, catalogues and the push queue."""

    feed: StoredFeed
    tenants: Tenants
    catalogue: Callable[[Tenant], Catalogue]
    queue: PushQueue

    @classmethod
    def of(cls, settings: Settings) -> "_DeliveryParts":
        feed = stored_feed(client(), settings)
        table = table_of_credentials(client(), settings.table_name)
        catalogues = tenant_catalogues(StoredDefinitions(table).additions)
        return cls(
            feed,
            credentials_on(table).tenants,
            lambda tenant: catalogues(tenant.name, tenant.profile, tenant.definitions).catalogue,
            PushQueue(
                lambda: boto3.client("sqs", config=REPEATED),
                settings.push_queue,
                settings.push_failures,
            ),
        )

    def catalogue_of(self, name: str) -> Catalogue:
        """Return a tenant's catalogue; for a deleted tenant that of the default profile."""
        return self.catalogue(self.tenants.find(name) or Tenant(name, ""))


def publish_handler() -> change_log.Handler:
    """Return the handler that publishes the entries of the change log."""
    settings = Settings.from_environment()
    parts = _DeliveryParts.of(settings)
    bus = EventBus(lambda: boto3.client("events", config=REPEATED), settings.event_bus)
    return publish.publisher(
        logged_in,
        bus,
        parts.queue,
        parts.catalogue_of,
        parts.feed.feeds.of,
        parts.feed.issuer,
    )


def push_handler() -> change_log.Handler:
    """Return the handler that pushes events to tenants' receivers."""
    settings = Settings.from_environment()
    parts = _DeliveryParts.of(settings)
    delivery = push.Delivery(
        entry=parts.feed.log.entry,
        tenant=parts.tenants.find,
        feed=parts.feed.feeds.of,
        catalogue=parts.catalogue,
        issuer=parts.feed.issuer,
        sign=parts.feed.sign,
        secret=Secrets(settings.secret_prefix).secret,
        post=receiver.post_with_loopback if settings.loopback_issuers else receiver.post,
        queue=parts.queue,
        seconds=settings.push_seconds,
    )
    return push.pusher(delivery)


def reconcile_handler() -> reconcile.Reconciler:
    """Return the handler that logs, as notices, the changes that the table's stream lost."""
    parts = _DeliveryParts.of(Settings.from_environment())
    return reconcile.reconciler(
        parts.tenants.names,
        lambda name: (stored_type.name for stored_type in parts.catalogue_of(name).stored_types),
        parts.feed.log,
        parts.feed.feeds.of,
        SystemClock().now,
    )
