"""Opens the change log of a deployment."""

from dataclasses import dataclass

from scim.resource.history.feed import Feed
from scim.service.feed.signing import EventKey, Sign, signed_with, unsecured
from scim.service.system import SystemClock
from scim.settings import Settings
from scim.store.access.signing_key import KmsSigner
from scim.store.dynamodb.capacity import Meter
from scim.store.dynamodb.client import TableClient
from scim.store.dynamodb.retry import Retry
from scim.store.dynamodb.table import Table
from scim.store.feed.change_log import ChangeLog
from scim.store.feed.feeds import Feeds
from scim.store.feed.poll_positions import DynamoPollPositions


@dataclass(frozen=True, slots=True)
class OpenedFeed:
    """The change log on a table, which tenants want one, and what signs the events of it."""

    log: ChangeLog
    feeds: Feeds
    poll_positions: DynamoPollPositions
    sign: Sign


def opened_feed(
    table_client: TableClient,
    settings: Settings,
    meter: Meter | None = None,
    retry: Retry | None = None,
) -> OpenedFeed:
    """Return the change log that is kept on a table."""
    table = Table(table_client, settings.table_name, meter or Meter(), retry or Retry())
    usual = Feed(is_on=settings.feed == "on", days=settings.feed_days)
    log = ChangeLog(table, SystemClock().now)
    key = event_key(settings)
    sign = unsecured if key is None else signed_with(key)
    return OpenedFeed(log, Feeds(table, usual), DynamoPollPositions(table), sign)


def event_key(settings: Settings) -> EventKey | None:
    """Return the key that signs events, None in a deployment without one."""
    return KmsSigner(settings.event_key) if settings.event_key else None
