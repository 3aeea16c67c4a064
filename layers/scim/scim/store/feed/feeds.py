"""The settings of each tenant's feed, and what each receiver has acknowledged of it."""

from collections.abc import Callable, Sequence

from scim.access.token import hash_of
from scim.expiring_cache import ExpiringCache
from scim.resource.history.feed import Feed
from scim.store.dynamodb.packed_settings import Settings, change_settings, settings_in
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.values import SCHEMA, Item, packed, packed_list
from scim.store.keys.feed import feed_key, poll_key

REMEMBERED = 30.0
"""Seconds for which a process caches settings."""


class Feeds:
    """The settings of all tenants' feeds; `usual`, the deployment's, is the default."""

    def __init__(
        self, table: Table, usual: Feed, cache: ExpiringCache[str, Feed] | None = None
    ) -> None:
        self._table = table
        self._usual = usual
        self._cache = cache or ExpiringCache[str, Feed]()

    def of(self, tenant: str) -> Feed:
        """Return the tenant's feed, up to REMEMBERED seconds old."""
        return self._cache.get(tenant) or self.read(tenant)

    def read(self, tenant: str) -> Feed:
        """Return the tenant's feed, strongly consistent."""
        feed = self._usual.with_settings(self.settings(tenant))
        self._cache.keep(tenant, feed, REMEMBERED)
        return feed

    def settings(self, tenant: str) -> Settings:
        """Return the tenant's own settings, by the names of `Feed`."""
        return settings_in(self._table, feed_key(tenant))

    def change(self, tenant: str, change: Callable[[Settings], Settings]) -> Settings:
        """Store what `change` makes of the tenant's own settings, and return it.

        For what it leaves out, the deployment's settings apply.
        """
        settings = change_settings(self._table, feed_key(tenant), "feed", change)
        self._cache.forget(tenant)
        return settings


class DynamoPollPositions:
    """The positions in the log that receivers have acknowledged: implements the port `PollPositions`."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def of(self, tenant: str, receiver: str) -> tuple[int, ...] | None:
        """Return the receiver's position in each lane, None if it never polled."""
        row = self._table.item(poll_key(tenant, hash_of(receiver)))
        return None if row is None else tuple(packed_list(row, "z"))

    def save(self, tenant: str, receiver: str, positions: Sequence[int]) -> None:
        """Store the position in each lane."""
        item: Item = {"k": "poll", "s": SCHEMA, "z": packed(list(positions))}
        self._table.put(poll_key(tenant, hash_of(receiver)), item)
