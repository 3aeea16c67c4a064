"""Each tenant's request rate, counted across all instances (docs/decisions/0009-rate-limit.md).

Each instance counts its own requests. Every few requests it adds them to the tenant's item for the window,
which returns the total of all instances. A few requests too many may pass, never too few: a request is
refused only when the counted requests have reached the limit.
"""

import time
from collections.abc import Callable
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from scim.store.dynamodb.values import SCHEMA, encoded, encoded_item
from scim.store.keys.directory import rate_key

WINDOW = 10
"""Seconds; within a window a tenant may send its requests as fast as it likes."""
REPORTS = 50
"""Reports in a window by one instance that serves a tenant at its limit: the cost of counting."""


class RateClient(Protocol):
    """The part of boto3's low-level DynamoDB client that counting uses."""

    @property
    def update_item(self) -> Callable[..., Any]: ...


class Rates:
    """Counts requests; one object for each instance of a function."""

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
        """Return the number of reports since the last call; each costs a write unit."""
        written, self._written = self._written, 0
        return written

    def wait(self, tenant: str, rate: int) -> int:
        """Count a request. Return how many seconds the tenant has to wait, 0 for none."""
        now = int(self._now())
        seconds_left = WINDOW - now % WINDOW
        if self._window != now - now % WINDOW:
            self._window, self._known, self._unreported = now - now % WINDOW, {}, {}
        limit = rate * WINDOW
        if self._known.get(tenant, 0) + self._unreported.get(tenant, 0) >= limit:
            return seconds_left
        self._unreported[tenant] = self._unreported.get(tenant, 0) + 1
        if self._unreported[tenant] >= max(1, limit // REPORTS):
            self._report(tenant)
        return (
            0
            if self._known.get(tenant, 0) + self._unreported.get(tenant, 0) <= limit
            else seconds_left
        )

    def _report(self, tenant: str) -> None:
        """Add the unreported requests and learn the total; if the call fails, use the instance's own count."""
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
