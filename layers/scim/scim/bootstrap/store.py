"""Opens a deployment's table: the directory on it, and the other stores that serving requests needs."""

import time
from dataclasses import dataclass, replace

from scim.bootstrap.breaker import report_open
from scim.bootstrap.connection import client
from scim.store.access.definitions import StoredDefinitions
from scim.store.access.rates import Rates
from scim.store.access.request_log import RequestLogs
from scim.store.access.tolerances import ToleranceCounts
from scim.store.directory.adapter import DynamoDirectory
from scim.store.dynamodb.capacity import Meter
from scim.store.dynamodb.client import TableClient
from scim.store.dynamodb.retry import Deadline, Retry
from scim.store.dynamodb.table import Table
from scim.store.guards.breaker import BreakerLimits
from scim.store.guards.idempotency import IdempotencyKeys


@dataclass(frozen=True, slots=True)
class Opened:
    """A directory on an open table, with the stores of request rates, tolerance counts, definitions,
    idempotency keys and kept requests.
    """

    directory: DynamoDirectory
    rates: Rates
    tolerances: ToleranceCounts
    definitions: StoredDefinitions
    deadline: Deadline
    keys: IdempotencyKeys
    requests: RequestLogs
    client: TableClient

    def cost(self) -> str:
        """Return what the store has used since the last call, as text for `X-SCIM-Cost`.

        Writes of the rate limiter are listed apart: they fall to whichever request completes a
        report and are no part of an operation's cost.
        """
        reading = self.directory.meter.reading()
        self.directory.meter.reset()
        own = f"rt={reading.round_trips};rcu={reading.rcu:g};wcu={reading.wcu:g}"
        reports = self.rates.written()
        return f"{own};limiter={reports}" if reports else own


def opened(
    table_name: str,
    *,
    may_lag: bool = False,
    breaker: BreakerLimits | None = None,
    key_seconds: int = 0,
    requests: tuple[int, int] = (0, 0),
    meters: bool = False,
) -> Opened:
    """Return the stores on a table; `may_lag` allows reads a moment old, for half the price.

    `breaker` limits how much of a directory may be removed in a window, `key_seconds` is how long an
    Idempotency-Key is kept, `requests` how many of a tenant's last requests are kept and for how many
    seconds, `meters` whether costs are counted.
    """
    opened_client, deadline = client(), Deadline()
    retry = Retry(deadline=deadline)
    directory = DynamoDirectory(
        opened_client,
        table_name,
        Meter(counts=meters),
        retry=retry,
        may_lag=may_lag,
        breaker=breaker,
        on_open=report_open,
    )
    # Counts that fail are not retried but written later. A write a minute for all requests is no
    # part of the cost of one of them, so it has a meter of its own.
    table = Table(opened_client, table_name, Meter(counts=False), replace(retry, times=0))
    own = StoredDefinitions(Table(opened_client, table_name, directory.meter, retry))
    rates = Rates(opened_client, table_name)
    keys = IdempotencyKeys(Table(opened_client, table_name, directory.meter, retry), key_seconds)
    # No request waits for these writes, so they have no deadline.
    aside = Table(opened_client, table_name, Meter(counts=False), Retry(times=2))
    kept = RequestLogs(aside, *requests, directory.sealing_key, time.time)
    return Opened(
        directory, rates, ToleranceCounts(table), own, deadline, keys, kept, opened_client
    )
