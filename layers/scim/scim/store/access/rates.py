"""How fast each tenant calls, counted by all instances together (docs/decisions/0009-rate-limit.md).

An instance counts for itself and reports every few requests to an item of the tenant and the
window, which tells it what the others have counted. It may let a few requests too many
through, never too few: what is refused has been counted.
"""

import time
from collections.abc import Callable
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from scim.store.dynamodb.values import SCHEMA, encoded, encoded_item
from scim.store.keys.directory import rate_key

WINDOW = 10
"""Seconds; a tenant may use up what it has in a window as fast as it likes."""
REPORTS = 50
"""Reports a window while one instance serves a tenant at its limit: what counting costs."""


class RateClient(Protocol):
    """The part of boto3's low-level DynamoDB client that counting uses."""

    @property
    def update_item(self) -> Callable[..., Any]: ...


class Rates:
    """Counts requests; one for each instance of a function."""

    def __init__(
        self, client: RateClient, table_name: str, now: Callable[[], float] = time.time
    ) -> None:
        self._client = client
        self._table_name = table_name
        self._now = now
        self._window = 0
        self._known: dict[str, int] = {}
        self._unreported: dict[str, int] = {}
        self._written = 0

    def written(self) -> int:
        """Return how many reports were written since this was last asked: a write unit each."""
        written, self._written = self._written, 0
        return written

    def wait(self, tenant: str, rate: int) -> int:
        """Count a request; return for how many seconds the tenant has to wait, 0 for none."""
        now = int(self._now())
        left = WINDOW - now % WINDOW
        if self._window != now - now % WINDOW:
            self._window, self._known, self._unreported = now - now % WINDOW, {}, {}
        most = rate * WINDOW
        if self._known.get(tenant, 0) + self._unreported.get(tenant, 0) >= most:
            return left
        self._unreported[tenant] = self._unreported.get(tenant, 0) + 1
        if self._unreported[tenant] >= max(1, most // REPORTS):
            self._report(tenant)
        return 0 if self._known.get(tenant, 0) + self._unreported.get(tenant, 0) <= most else left

    def _report(self, tenant: str) -> None:
        """Add what was counted and learn the total; without an answer the own count has to do."""
        try:
            answer = self._client.update_item(
                TableName=self._table_name,
                Key=encoded_item(rate_key(tenant, self._window)._asdict()),
                UpdateExpression="ADD n :n SET k = :k, s = :s, #ttl = :ttl",
                ExpressionAttributeNames={"#ttl": "ttl"},
                ExpressionAttributeValues={
                    ":n": encoded(self._unreported[tenant]),
                    ":k": encoded("rate"),
                    ":s": encoded(SCHEMA),
                    ":ttl": encoded(self._window + 360 * WINDOW),
                },
                ReturnValues="UPDATED_NEW",
            )
        except (BotoCoreError, ClientError):
            self._known[tenant] = self._known.get(tenant, 0) + self._unreported[tenant]
        else:
            self._written += 1
            self._known[tenant] = int(answer["Attributes"]["n"]["N"])
        self._unreported[tenant] = 0
