"""The background cost of the change log: its function gets the stream's records, and the cost is counted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import boto3

from bench.caller import Cost
from local.gateway import Gateway
from local.streams.shards import Reader, TableStream
from local.streams.source import EventSource, sources_of
from scim.resource.history.feed import Feed
from scim.service.system import SystemClock
from scim.store.dynamodb.capacity import Meter
from scim.store.dynamodb.retry import Retry
from scim.store.dynamodb.table import Table
from scim.store.feed.change_log import ChangeLog
from scim.store.feed.images import entry_of
from scim.workers.change_log import recorder

THOUSAND: Final = 1000
ALONE: Final = 20
"""Changes that arrive one by one."""


@dataclass(frozen=True, slots=True)
class Work:
    """The cost of a number of changes: invocations of the log's function, and their cost."""

    changes: int
    invocations: int
    cost: Cost

    def of(self, number: float) -> float:
        """Return a number for 1,000 changes, rounded to two digits because ids, and so lanes, are random."""
        whole = number * THOUSAND / self.changes
        return float(f"{whole:.2g}")


class Stream:
    """The records of a gateway's stream for the log's function."""

    def __init__(self, gateway: Gateway) -> None:
        (self._table,) = gateway.store.tables.values()
        self._source = self._of(gateway, "ChangeLogFunction")
        self._reader = Reader(TableStream(self._table), is_from_latest=True)

    @staticmethod
    def _of(gateway: Gateway, function: str) -> EventSource:
        sources = sources_of(gateway.template)
        return next(each for each in sources if function in each.function)

    def in_full_batches(self) -> Work:
        """Log the new records, in batches of the size in the template."""
        return self._logged(self._source.batch)

    def one_by_one(self) -> Work:
        """Log the new records, each change alone."""
        return self._logged(1)

    def _logged(self, size: int) -> Work:
        meter = Meter()
        table = Table(boto3.client("dynamodb"), self._table, meter, Retry())
        log = ChangeLog(table, SystemClock().now)
        handler = recorder(entry_of, log, lambda _: Feed())
        records = [each for some in self._reader.batches() for each in some]
        wanted = [each for each in records if self._source.wants(each)]
        invocations = 0
        for batch in _batches(wanted, size):
            handler({"Records": batch}, None)
            invocations += 1
        reading = meter.reading()
        cost = Cost(reading.round_trips, reading.rcu, reading.wcu)
        return Work(len(wanted), invocations, cost)


def _batches(
    records: Sequence[Mapping[str, Any]], size: int
) -> Iterable[Sequence[Mapping[str, Any]]]:
    return (records[start : start + size] for start in range(0, len(records), size))
