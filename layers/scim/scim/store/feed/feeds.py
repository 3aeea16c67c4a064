"""The settings of each tenant's feed; the deployment's settings are the default."""

import time
from collections.abc import Mapping
from typing import Any

from scim.resource.history.feed import Feed
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.values import SCHEMA, packed, packed_object
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

    def settings(self, tenant: str) -> Mapping[str, Any]:
        """Return the tenant's own settings, by the names of `Feed`."""
        row = self._table.item(feed_key(tenant))
        return {} if row is None else packed_object(row, "z")

    def save(self, tenant: str, settings: Mapping[str, Any]) -> None:
        """Store the tenant's own settings; the deployment's apply for the rest."""
        self._table.put(feed_key(tenant), {"k": "feed", "s": SCHEMA, "z": packed(dict(settings))})
        self._known.pop(tenant, None)
