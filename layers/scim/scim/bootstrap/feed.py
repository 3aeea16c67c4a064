"""Opens a deployment's change log."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from scim.resource.history.feed import Feed
from scim.service.system import SystemClock
from scim.settings import Settings
from scim.store.dynamodb.capacity import Meter
from scim.store.dynamodb.client import TableClient
from scim.store.dynamodb.retry import Retry
from scim.store.dynamodb.table import Table
from scim.store.feed.change_log import ChangeLog
from scim.store.feed.feeds import DynamoPollPositions, Feeds

if TYPE_CHECKING:
    from scim.service.feed.signing import EventKey, Sign


@dataclass(frozen=True)
class StoredFeed:
    """The change log on a table, the tenants' feed settings, and the signer of events."""

    log: ChangeLog
    feeds: Feeds
    poll_positions: DynamoPollPositions
    settings: Settings

    def issuer(self, tenant: str) -> str:
        """Return the `iss` of a tenant's events, however they are delivered."""
        return f"{self.settings.base_url or 'urn:serverless-scim'}/{tenant}/scim/v2"

    @cached_property
    def sign(self) -> "Sign":
        """The function that signs events; unsecured where the deployment has no key."""
        from scim.service.feed.signing import signed_with, unsecured  # noqa: PLC0415 - few sign

        key = event_key(self.settings)
        return unsecured if key is None else signed_with(key)


def stored_feed(
    table_client: TableClient,
    settings: Settings,
    meter: Meter | None = None,
    retry: Retry | None = None,
) -> StoredFeed:
    """Return the change log stored in a table."""
    table = Table(table_client, settings.table_name, meter or Meter(counts=False), retry or Retry())
    log = ChangeLog(table, SystemClock().now)
    feeds = Feeds(table, usual_feed(settings))
    return StoredFeed(log, feeds, DynamoPollPositions(table), settings)


def usual_feed(settings: Settings) -> Feed:
    """Return the deployment's settings of the change feed, which apply where a tenant has none."""
    return Feed(is_on=settings.feed == "on", days=settings.feed_days)


def event_key(settings: Settings) -> "EventKey | None":
    """Return the key that signs events, None for a deployment without one."""
    from scim.store.access.signing_key import KmsSigner  # noqa: PLC0415 - brings boto3

    return KmsSigner(settings.event_key) if settings.event_key else None
