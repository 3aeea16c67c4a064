"""The settings of each tenant's feed; the deployment's settings are the default."""

import time
from collections.abc import Callable

from scim.resource.history.feed import Feed
from scim.store.dynamodb.packed_settings import Settings, change_settings, settings_in
from scim.store.dynamodb.table import Table
from scim.store.keys.feed import feed_key

REMEMBERED = 30.0
"""Seconds for which a process caches settings."""


class Feeds:
    """The feeds of all tenants; `usual` is the default."""

    def __init__(self, table: Table, usual: Feed) -> None:
        self._table = table
        self._usual = usual
        self._known: dict[str, tuple[float, Feed]] = {}

    def of(self, tenant: str) -> Feed:
        """Return the tenant's feed, up to REMEMBERED seconds old."""
        since, feed = self._known.get(tenant, (0.0, self._usual))
        if tenant in self._known and time.monotonic() - since < REMEMBERED:
            return feed
        return self.read(tenant)

    def read(self, tenant: str) -> Feed:
        """Return the tenant's feed, strongly consistent."""
        feed = self._usual.with_settings(self.settings(tenant))
        self._known[tenant] = (time.monotonic(), feed)
        return feed

    def settings(self, tenant: str) -> Settings:
        """Return the tenant's own settings, by the names of `Feed`."""
        return settings_in(self._table, feed_key(tenant))

    def change(self, tenant: str, change: Callable[[Settings], Settings]) -> Settings:
        """Store what `change` makes of the tenant's own settings, and return it.

        For what it leaves out, the deployment's settings apply.
        """
        settings = change_settings(self._table, feed_key(tenant), "feed", change)
        self._known.pop(tenant, None)
        return settings
