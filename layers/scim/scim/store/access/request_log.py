"""The last requests of each tenant: a ring of places, numbered by a counter.

The counter's `n` is the number of the newest request; a request's place is its number modulo the size of the
ring.
"""

import hmac
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256

from scim.access.requests_kept import BODY_SECONDS, RequestsKept
from scim.compact import element_bytes, json_text
from scim.expiring_cache import ExpiringCache
from scim.store.dynamodb.packed_settings import Settings, change_settings, settings_in
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.values import SCHEMA, Item, deflated, number, packed_object
from scim.store.keys.directory import request_key, requests_kept_key

_SHOWN = 12
_NUMBER = "number"
_BODY = "body"
_LONG = ("attributes", "filter", "operations", _BODY)
LARGEST = 200_000
"""The most bytes of a request that is kept whole."""
MOST_BYTES = 5_000_000
"""The most bytes of the requests in one response: Lambda returns at most 6 MB."""
REMEMBERED = 30
"""Seconds for which a process caches a tenant's settings."""


class RequestLogs:
    """Keeps up to `most` requests of a tenant for `seconds`; 0 keeps none.

    `seal` returns a tenant's secret; `now` the time in seconds since 1970.
    """

    def __init__(
        self,
        table: Table,
        most: int,
        seconds: int,
        seal: Callable[[str], bytes],
        now: Callable[[], float],
        cache: ExpiringCache[str, RequestsKept] | None = None,
    ) -> None:
        self._table = table
        self.most = most
        self._seconds = seconds
        self._seal = seal
        self._now = now
        self._cache = cache or ExpiringCache[str, RequestsKept]()

    def kept_of(self, tenant: str) -> RequestsKept:
        """Return which requests a tenant wants to keep, up to REMEMBERED seconds old."""
        requests_kept = self._cache.get(tenant)
        if requests_kept is None:
            requests_kept = RequestsKept.of(self.settings(tenant))
            self._cache.keep(tenant, requests_kept, REMEMBERED)
        return requests_kept

    def keeps_bodies(self, tenant: str) -> bool:
        """Tell whether a tenant's requests are now kept with their bodies."""
        return self.kept_of(tenant).bodies_until > self._now()

    def settings(self, tenant: str) -> Settings:
        """Return the tenant's settings, by the names of `scim.access.requests_kept`."""
        return settings_in(self._table, requests_kept_key(tenant))

    def change(self, tenant: str, change: Callable[[Settings], Settings]) -> Settings:
        """Store what `change` makes of the tenant's settings, and return it."""
        item_key = requests_kept_key(tenant)
        settings = change_settings(self._table, item_key, "requestsKept", change)
        self._cache.forget(tenant)
        return settings

    def pseudonym(self, tenant: str, value: str) -> str:
        """Return a pseudonym for a value: equal for equal values, and not reversible."""
        key = self._seal(tenant)
        return f"~{hmac.digest(key, b'request log ' + value.encode(errors='replace'), sha256).hex()[:_SHOWN]}"

    def note(self, tenant: str, entry: Mapping[str, object]) -> None:
        """Keep a request in place of the oldest; costs 2 write units up to 1 KB.

        A client can make a request longer than an item: of one above LARGEST only the outcome is kept.
        A request with its body is kept for BODY_SECONDS at most.
        """
        seconds = min(self._seconds, BODY_SECONDS) if _BODY in entry else self._seconds
        counter: Item = {"k": "requests", "s": SCHEMA}
        mine = self._table.increased(request_key(tenant, None), counter)
        text = _stored_text(entry)
        if len(text.encode()) > LARGEST:
            text = _stored_text({name: part for name, part in entry.items() if name not in _LONG})
        item: Item = {
            "k": "request",
            "s": SCHEMA,
            "n": mine,
            "z": deflated(text),
            "ttl": int(self._now()) + seconds,
        }
        self._table.put(request_key(tenant, mine % self.most), item)

    def after(self, tenant: str, after: int, limit: int) -> Sequence[Mapping[str, object]]:
        """Return, in order, up to `limit` of the newest requests with a number above `after`.

        If they do not fit one response, the last of them are left out.
        """
        counter = self._table.item(request_key(tenant, None))
        last = 0 if counter is None else number(counter, "n")
        first = max(after, last - min(limit, self.most)) + 1
        item_keys = [
            request_key(tenant, request_number % self.most)
            for request_number in range(first, last + 1)
        ]
        rows = self._table.items(item_keys) if item_keys else []
        now = self._now()
        newest = [row for row in rows if number(row, "n") >= first and number(row, "ttl") > now]
        newest.sort(key=lambda row: number(row, "n"))
        entries: list[Mapping[str, object]] = []
        room = MOST_BYTES
        for row in newest:
            entry = {_NUMBER: number(row, "n"), **packed_object(row, "z")}
            room -= element_bytes(entry)
            if room < 0:
                break
            entries.append(entry)
        return entries


def _stored_text(entry: Mapping[str, object]) -> str:
    """Return an entry as JSON text, with ? in place of half of a surrogate pair: such requests are refused."""
    return json_text(entry).encode(errors="replace").decode()
