"""Opens a deployment's table: the directory on it, and the other stores that serving requests needs.

A tenant's breaker that opens is reported to the log and to an alarm.
"""

import time
from dataclasses import dataclass, replace
from typing import Final

from scim.access.breaker import BreakerLimits
from scim.bootstrap.connection import client
from scim.log import logger
from scim.service.metrics import SERVICE, TENANT, embedded, write
from scim.store.access.definitions import StoredDefinitions
from scim.store.access.rates import Rates
from scim.store.access.request_log import RequestLogs
from scim.store.access.tolerances import ToleranceCounts
from scim.store.directory.adapter import DynamoDirectory
from scim.store.directory.lists import DynamoLists
from scim.store.dynamodb.capacity import Meter
from scim.store.dynamodb.client import TableClient
from scim.store.dynamodb.retry import Deadline, Retry
from scim.store.dynamodb.table import Table
from scim.store.guards.idempotency import IdempotencyKeys

BREAKER_METRIC: Final = "BreakerOpened"


@dataclass(frozen=True, slots=True)
class OpenStores:
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
        operation_cost = f"rt={reading.round_trips};rcu={reading.rcu:g};wcu={reading.wcu:g}"
        limiter_writes = self.rates.written()
        return f"{operation_cost};limiter={limiter_writes}" if limiter_writes else operation_cost


def open_stores(
    table_name: str,
    *,
    may_lag: bool = False,
    breaker: BreakerLimits | None = None,
    key_seconds: int = 0,
    requests: tuple[int, int] = (0, 0),
    meters: bool = False,
) -> OpenStores:
    """Return the stores on a table; `may_lag` allows reads a moment old, for half the price.

    `breaker` limits how much of a directory may be removed in a window, `key_seconds` is how long an
    Idempotency-Key is kept, `requests` how many of a tenant's last requests are kept and for how many
    seconds, `meters` whether costs are counted.
    """
    table_client, deadline = client(), Deadline()
    retry = Retry(deadline=deadline)
    directory = DynamoDirectory(
        table_client,
        table_name,
        Meter(counts=meters),
        retry=retry,
        may_lag=may_lag,
        breaker=breaker,
        on_open=report_open,
    )
    # Counts that fail are not retried but written later. A write a minute for all requests is no
    # part of the cost of one of them, so it has a meter of its own.
    counter_table = Table(table_client, table_name, Meter(counts=False), replace(retry, times=0))
    definitions = StoredDefinitions(Table(table_client, table_name, directory.meter, retry))
    rates = Rates(table_client, table_name)
    keys = IdempotencyKeys(Table(table_client, table_name, directory.meter, retry), key_seconds)
    # No request waits for this, pays for it or ends it: the thread that does it has a deadline and a meter of its own.
    background_meter, background_retry = Meter(counts=False), Retry(times=2)
    background_table = Table(table_client, table_name, background_meter, background_retry)
    seals = DynamoLists(background_table, background_meter, background_retry.clock)
    request_logs = RequestLogs(background_table, *requests, seals.sealing_key, time.time)
    return OpenStores(
        directory,
        rates,
        ToleranceCounts(counter_table),
        definitions,
        deadline,
        keys,
        request_logs,
        table_client,
    )


def report_open(tenant: str) -> None:
    """Log and count that nothing more is removed from the tenant's directory."""
    logger().error("breaker opened", extra={"tenant": tenant})
    described = embedded({BREAKER_METRIC: "Count"}, [(SERVICE,)])
    write({**described, SERVICE: logger().service, TENANT: tenant, BREAKER_METRIC: 1})
