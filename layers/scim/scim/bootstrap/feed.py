"""Wires the change feed: what writes the log, and what tells of it."""

from dataclasses import dataclass

from scim.bootstrap.connection import client
from scim.resource.history.feed import Feed
from scim.service.system import SystemClock
from scim.settings import Settings
from scim.store.dynamodb.capacity import Meter
from scim.store.dynamodb.client import TableClient
from scim.store.dynamodb.retry import Retry
from scim.store.dynamodb.table import Table
from scim.store.feed.change_log import ChangeLog
from scim.store.feed.feeds import Feeds
from scim.store.feed.images import entry_of
from scim.workers import change_log


@dataclass(frozen=True, slots=True)
class OpenedFeed:
    """The change log on a table, and which tenants want one."""

    log: ChangeLog
    feeds: Feeds


def opened_feed(table_client: TableClient, settings: Settings) -> OpenedFeed:
    """Return the change log that is kept on a table."""
    table = Table(table_client, settings.table_name, Meter(), Retry())
    usual = Feed(is_on=settings.feed == "on", days=settings.feed_days)
    return OpenedFeed(ChangeLog(table, SystemClock().now), Feeds(table, usual))


def change_log_handler() -> change_log.Handler:
    """Return the handler that writes the change log from the table's stream."""
    opened = opened_feed(client(), Settings.from_environment())
    return change_log.recorder(entry_of, opened.log, opened.feeds.of)
