"""Finishes interrupted work: journals, cascades, reap jobs and rejoin jobs of all tenants.

All of it is in one partition of byLastModified, so a tenant without open work costs nothing.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from scim.resource.access_path import Direction
from scim.resource.record import Key
from scim.store.directory.cascade import Cascade
from scim.store.directory.journal import completion
from scim.store.directory.reaper import Reaper
from scim.store.directory.rejoin import Rejoiner
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.values import text
from scim.store.dynamodb.write import ConditionFailed, Outgrown
from scim.store.keys.directory import (
    EMPTY,
    LAST,
    OPEN_WORK,
    closings_partition,
    journals_partition,
    key_named,
    reaps_partition,
    tenants_partition,
    work_named,
    work_of_tenant,
)
from scim.store.keys.kept import rejoins_partition

BROKEN = (LookupError, ConditionFailed, Outgrown, RuntimeError, TypeError, ValueError)
"""Errors from items that differ from what this version writes."""
PAGE = 100
KINDS = ("journal", "closing", "reap", "rejoin")
"""In this order, because a cascade may leave a reap job."""


@dataclass(frozen=True, slots=True)
class Swept:
    """How many transactions were made, and whether no work is left."""

    transactions: int
    is_done: bool


@dataclass(frozen=True, slots=True, order=True)
class Work:
    """Open work: the index of its kind in KINDS, and its resource."""

    rank: int
    key: Key


@dataclass(frozen=True, slots=True)
class Sweep:
    """One run of the sweeper, with up to `width` edges in a transaction.

    `chance`, from 0 up to 1, selects the first tenant, so that each tenant gets a turn even if there are more
    tenants than the budget allows.
    """

    table: Table
    clock: Callable[[], str]
    width: int
    chance: float

    def of_open_work(self, budget: int) -> Swept:
        """Make up to `budget` transactions of the open work, one for each tenant in turn.

        Without open work this costs one query. A job that cannot continue does not stop the others; an
        ExceptionGroup with its error is raised after them.
        """
        seen_work: set[tuple[str, Work]] = set()
        outcomes: list[Exception | None] = []
        # The next round finds the reap jobs that cascades leave.
        while len(outcomes) < budget and (work_by_tenant := self._open_work(seen_work)):
            seen_work |= {
                (tenant, work)
                for tenant, tenant_work in work_by_tenant.items()
                for work in tenant_work
            }
            outcomes += islice(self._done(work_by_tenant), budget - len(outcomes))
        return _swept(outcomes, budget)

    def of_tenants(self, budget: int) -> Swept:
        """Do the same for each tenant that has ever had work, by reading the partitions with the work itself.

        This finds work that the index lacks, and takes four queries for each tenant.
        """
        tenants = [text(row, "sk") for row in self.table.rows(tenants_partition()).items]
        work_by_tenant = {tenant: self._work_of(tenant) for tenant in tenants}
        return _swept(list(islice(self._done(work_by_tenant), budget)), budget)

    def _done(self, work_by_tenant: Mapping[str, Iterable[Work]]) -> Iterator[Exception | None]:
        tenants = sorted(work_by_tenant)
        start = int(self.chance * len(tenants))
        return _in_turn(
            self._work(tenant, work_by_tenant[tenant])
            for tenant in tenants[start:] + tenants[:start]
        )

    def _open_work(self, seen_work: set[tuple[str, Work]]) -> Mapping[str, Iterable[Work]]:
        """Return up to a page of each tenant's open work, without the work in `seen_work`."""
        work_by_tenant: dict[str, list[Work]] = {}
        last_key, has_more = EMPTY, True
        while has_more:
            rows = self.table.indexed(OPEN_WORK, (last_key, LAST), Direction.UP, PAGE)
            tenant = ""
            for row in rows.items:
                last_key = text(row, "gs")
                tenant, kind, key = work_named(last_key)
                # After a rollback there may be work that only a later version can do.
                work = Work(KINDS.index(kind), key) if kind in KINDS else None
                if work is not None and (tenant, work) not in seen_work:
                    work_by_tenant.setdefault(tenant, []).append(work)
            has_more = rows.has_more
            last_key = work_of_tenant(tenant)[1] if tenant in work_by_tenant else last_key + EMPTY
        return {tenant: sorted(tenant_work) for tenant, tenant_work in work_by_tenant.items()}

    def _work_of(self, tenant: str) -> Iterator[Work]:
        partitions = journals_partition, closings_partition, reaps_partition, rejoins_partition
        rows = (self.table.rows(partition(tenant)).items for partition in partitions)
        for rank, rows_of_kind in enumerate(rows):
            yield from (Work(rank, key_named(text(row, "sk"))) for row in rows_of_kind)

    def _work(self, tenant: str, tenant_work: Iterable[Work]) -> Iterator[Exception | None]:
        """Do a tenant's open work. Yield None for each transaction, and the error of each broken job."""
        for work in tenant_work:
            try:
                yield from self._steps(tenant, work)
            except BROKEN as error:
                yield error

    def _steps(self, tenant: str, work: Work) -> Iterator[None]:
        match KINDS[work.rank]:
            case "journal":
                return completion(self.table, tenant, work.key, self.clock)
            case "closing":
                cascade = Cascade(self.table, tenant, work.key, self.clock, self.width, self.chance)
                return cascade.work()
            case "rejoin":
                return Rejoiner(self.table, tenant, work.key, self.clock).work()
            case _:
                return Reaper(self.table, tenant, work.key, self.clock, self.width).work()


def _swept(outcomes: list[Exception | None], budget: int) -> Swept:
    failures = [outcome for outcome in outcomes if outcome is not None]
    if failures:
        raise ExceptionGroup("some open work cannot go on", failures)
    return Swept(len(outcomes), len(outcomes) < budget)


def _in_turn(works: Iterable[Iterator[Exception | None]]) -> Iterator[Exception | None]:
    waiting = deque(works)
    while waiting:
        work = waiting.popleft()
        for outcome in islice(work, 1):
            yield outcome
            waiting.append(work)
