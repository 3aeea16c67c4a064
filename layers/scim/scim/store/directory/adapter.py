"""The directory: implements the service's port on one DynamoDB table."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import TypeVar

from scim.access.breaker import BreakerLimits
from scim.errors import Unavailable
from scim.resource.access_path import Direction, EdgePage
from scim.resource.change import Creation, Deletion, Update
from scim.resource.record import Edge, Kept, Key, Record, Stale
from scim.store.directory import commit, read
from scim.store.directory.cascade import Cascade, Overtaken, cascade_begun
from scim.store.directory.commit import ROUNDS, Changes, entries_deleted, entries_put, too_contended
from scim.store.directory.creations import create_many, shard_of
from scim.store.directory.kept import kept_record, resource_restored, restoration_steps
from scim.store.directory.links import (
    EdgeWrites,
    edge_changes_of,
    referrers_added,
    referrers_removed,
)
from scim.store.directory.lists import DynamoLists
from scim.store.directory.nesting_guard import guard_item, holder_of, state_of
from scim.store.directory.reaper import Reaper
from scim.store.directory.rejoin import Rejoiner
from scim.store.directory.resource_item import resource_put, resource_updated
from scim.store.directory.sweeper import Sweep, Swept
from scim.store.directory.tombstone import Tombstone
from scim.store.dynamodb.capacity import Meter
from scim.store.dynamodb.client import TableClient
from scim.store.dynamodb.retry import Retry
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.values import SCHEMA
from scim.store.dynamodb.write import ConditionFailed, Write
from scim.store.guards import counters
from scim.store.guards.breaker import Breaker, removals_of
from scim.store.guards.idempotency import created_id_put
from scim.store.jobs.results import receipt_put
from scim.store.keys.directory import is_id, number_key

_T = TypeVar("_T")
WIDTH = 49
"""Edges in one transaction: two steps each, beside the resource and the journal."""

AT_ONCE = 400
"""Transactions that one request makes for a resource's referrers or edges; the sweeper makes the rest."""


class DynamoDirectory(DynamoLists):
    """Implements the port `Directory`; see there for the rules.

    `width` bounds the edges of one transaction. `retry` waits for other writers. `may_lag` allows eventually
    consistent reads. `breaker` bounds the removals in a window; `on_open` is called with each tenant beyond it.
    """

    def __init__(
        self,
        client: TableClient,
        table_name: str,
        meter: Meter | None = None,
        *,
        retry: Retry | None = None,
        width: int = WIDTH,
        may_lag: bool = False,
        breaker: BreakerLimits | None = None,
        on_open: Callable[[str], None] = lambda _: None,
    ) -> None:
        meter, retry = meter or Meter(), retry or Retry()
        self._chance = retry.chance
        table = Table(client, table_name, meter, retry, may_lag=may_lag)
        super().__init__(table, meter, retry.clock)
        self._changes = Changes(self._table, width)
        self._width = width
        self._breaker = Breaker(table, breaker, on_open) if breaker and breaker.is_on else None

    def read(self, tenant: str, key: Key) -> Record | None:
        """Return the record. It may be slightly old, but a new record is never missed."""
        return read.record(self._table, tenant, key)

    def read_latest(self, tenant: str, keys: Iterable[Key]) -> Mapping[Key, Record]:
        """Return those of the keys that are live, strongly consistent."""
        return read.latest_records(self._table, tenant, keys)

    def read_many(self, tenant: str, keys: Iterable[Key]) -> Mapping[Key, Record]:
        """Return those of the keys that are live; they may be slightly old."""
        return read.records(self._table, tenant, keys)

    def read_named(self, tenant: str, keys: Iterable[Key]) -> Mapping[Key, Record]:
        """Return the same as `read_many`: this class caches nothing."""
        return self.read_many(tenant, keys)

    def count(self, tenant: str, type_name: str) -> int:
        """Return the exact number of live records of the type."""
        return counters.count(self._table, tenant, type_name)

    def edges(
        self,
        tenant: str,
        source: Key,
        attribute: str,
        direction: Direction,
        beyond: str | None,
        limit: int,
    ) -> EdgePage:
        """Return up to `limit` edges of a relation, beyond a target id."""
        return read.edge_page(self._table, tenant, source, attribute, direction, beyond, limit)

    def edges_of(
        self, tenant: str, sources: Iterable[Key], attribute: str, limit: int
    ) -> Mapping[Key, EdgePage]:
        """Return the first `limit` edges of each source, in about the time of one."""
        return read.edge_pages(self._table, tenant, sources, attribute, limit)

    def edges_between(
        self, tenant: str, pairs: Iterable[tuple[Key, str]], attribute: str
    ) -> Mapping[tuple[Key, str], Edge]:
        """Return the edges that exist, by source and target id."""
        return read.edges_between(self._table, tenant, pairs, attribute)

    def nesting(self, tenant: str, type_name: str, attribute: str, now: str) -> int:
        """Return the state of a guard, after completing the change that holds it."""
        for _ in range(ROUNDS):
            guard = guard_item(self._table, tenant, type_name, attribute)
            if (holder := holder_of(guard)) is None:
                return state_of(guard)
            self._changes.complete(tenant, holder, now)
        raise too_contended()

    def is_nested(self, tenant: str, type_name: str, attribute: str) -> bool:
        """Tell whether the relation has ever had a value of its own type in this tenant."""
        return state_of(guard_item(self._table, tenant, type_name, attribute)) > 0

    def settle(self, tenant: str, key: Key, now: str) -> None:
        """Complete an open journal of the resource."""
        self._changes.complete(tenant, key, now)

    def next_number(self, tenant: str, type_name: str) -> int:
        """Return a number that no resource of the type has had, one more than the last."""
        return self._table.increased(number_key(tenant, type_name), {"k": "number", "s": SCHEMA})

    def create(self, tenant: str, creation: Creation) -> int:
        """Store a new resource and return its version. All its edges exist on return, however many."""
        commit.check_number(creation.entries, creation.pointers)
        key, restores = creation.key, creation.restores
        edge_writes = EdgeWrites(tenant, key, edge_changes_of(key, creation.edges), creation.now)
        writes = [
            *entries_put(tenant, key, creation.entries),
            *referrers_added(tenant, key.type, creation.pointers),
            self._counter_change(tenant, key, 1),
            *created_id_put(tenant, creation.once, key.id),
        ]
        if restores is None:
            head, before = resource_put(tenant, creation), 0
        else:
            head, before = resource_restored(tenant, creation, restores), restores.version
            writes += [*restoration_steps(tenant, creation, restores), commit.tenant_put(tenant)]
        version = before + self._versions_made(writes, creation, edge_writes)
        if creation.receipt is not None:
            writes.append(receipt_put(tenant, creation.receipt, version))
        self._changes.make(head, writes, edge_writes, creation.guards)
        if restores is not None:
            clock = self._table.clock_at(creation.now)
            # The sweeper does the rest.
            list(islice(Rejoiner(self._table, tenant, key, clock).work(), AT_ONCE))
        return version

    def create_many(
        self, tenant: str, creations: Sequence[Creation], lane: int | None = None
    ) -> list[Exception | None]:
        """Store new resources together. Return None for each that was created, else the reason it was not."""
        chance = self._chance if lane is None else shard_of(lane)
        return create_many(self._table, tenant, creations, chance)

    def kept(self, tenant: str, key: Key, now: str) -> Kept | None:
        """Return the kept copy of a deleted resource, after its edges are kept too; None if there is none."""
        if not is_id(key.id) or kept_record(self._table, tenant, key, now) is None:
            return None
        reaper = Reaper(self._table, tenant, key, self._table.clock_at(now), self._width)
        for transactions, _ in enumerate(reaper.work()):
            if transactions == AT_ONCE:
                raise Unavailable("What is kept of it is still being stored.", retry_after=30)
        return kept_record(self._table, tenant, key, now)

    def update(self, tenant: str, update: Update) -> int:
        """Store the new content and return the new version.

        If only edges change, the return value is the version after the one that was read. The resource is at
        that version or at a later one, because others may change its edges at the same time.
        """
        commit.check_growth(update)
        key = update.before.key
        edge_writes = EdgeWrites(tenant, key, edge_changes_of(key, update.edges), update.now)
        writes = [
            *entries_deleted(tenant, key, update.entries_before - update.entries_after),
            *entries_put(tenant, key, update.entries_after - update.entries_before),
            *referrers_removed(tenant, key.type, update.pointers_before - update.pointers_after),
            *referrers_added(tenant, key.type, update.pointers_after - update.pointers_before),
        ]
        if update.once is not None:
            writes += created_id_put(tenant, update.once, update.once.made)
        version = update.before.version + self._versions_made(writes, update, edge_writes)
        if update.receipt is not None:
            writes.append(receipt_put(tenant, update.receipt, version))
        steps = (resource_updated(tenant, update), writes, edge_writes, update.guards)
        self._counted(tenant, update, partial(self._changes.make, *steps))
        return version

    def _versions_made(
        self, other_writes: Sequence[Write], change: Creation | Update, edge_writes: EdgeWrites
    ) -> int:
        """Return how many versions a change makes.

        The end of a journal is a version of its own: until then readers see only some of the edges.
        """
        number = len(other_writes) + (change.receipt is not None)
        return 2 if self._changes.outgrows(number, edge_writes, change.guards) else 1

    def delete(self, tenant: str, deletion: Deletion) -> None:
        """Delete a resource: it is invisible and its values are free at once; its edges are removed eventually.

        Resources that refer to it are deleted before it, or lose the reference.
        """
        if self._counted(tenant, deletion, partial(self._begin_deletion, tenant, deletion)):
            self._complete_cascade(tenant, deletion.before.key, deletion.now)

    def _counted(self, tenant: str, change: Update | Deletion, make: Callable[[], _T]) -> _T:
        """Return what `make` returns, once the breaker has counted what the change removes. Raises BreakerOpen."""
        breaker = self._breaker
        removals = removals_of(change, breaker.limits.new_seconds) if breaker else 0
        if breaker is None or not removals:
            return make()
        breaker.take(tenant, removals, change.now)
        try:
            return make()
        except BaseException:
            breaker.give_back(tenant, removals)
            raise

    def _begin_deletion(self, tenant: str, deletion: Deletion) -> bool:
        """Delete a resource, or begin to. Return whether a cascade has to delete it after its referrers."""
        key, now = deletion.before.key, deletion.now
        tombstone = Tombstone(tenant, deletion)
        for _ in range(ROUNDS):
            if tombstone.is_forbidden():
                raise Stale
            if tombstone.deletion.before.is_ending:
                self._complete_cascade(tenant, key, now)
                raise Stale
            try:
                if is_awaited := tombstone.is_awaited():
                    self._changes.write_open(tenant, cascade_begun(tenant, tombstone.deletion))
                else:
                    self._write_tombstone(tombstone)
            except ConditionFailed as failed_condition:
                self._changes.has_completed(tenant, key, failed_condition, now)
                tombstone = tombstone.again(failed_condition)
            else:
                return is_awaited
        raise too_contended()

    def _write_tombstone(self, tombstone: Tombstone) -> None:
        tenant, deletion = tombstone.tenant, tombstone.deletion
        writes = [*tombstone.writes(), self._counter_change(tenant, deletion.before.key, -1)]
        if deletion.receipt is not None:
            writes.append(receipt_put(tenant, deletion.receipt, None))
        if tombstone.leaves_work():
            self._changes.write_open(tenant, writes)
        else:
            self._changes.write(writes)

    def _complete_cascade(self, tenant: str, key: Key, now: str) -> None:
        """Complete the cascade of a resource's referrers."""
        clock = self._table.clock_at(now)
        cascade = Cascade(self._table, tenant, key, clock, self._width, self._chance())
        try:
            for transactions, _ in enumerate(cascade.work()):
                if transactions == AT_ONCE:
                    raise Unavailable(
                        "So many others refer to the resource that they are still being deleted;"
                        " it goes when they are gone.",
                        retry_after=30,
                    )
        except (ConditionFailed, Overtaken) as met:
            raise too_contended() from met

    def sweep(self, now: str, budget: int) -> Swept:
        """Continue interrupted work, in up to `budget` transactions."""
        sweep = Sweep(self._table, self._table.clock_at(now), self._width, self._chance())
        return sweep.of_open_work(budget)

    def sweep_tenants(self, now: str, budget: int) -> Swept:
        """Do the same for every tenant that has ever had work, without the index that names it."""
        sweep = Sweep(self._table, self._table.clock_at(now), self._width, self._chance())
        return sweep.of_tenants(budget)

    def _counter_change(self, tenant: str, key: Key, by: int) -> Write:
        return counters.counter_changed(tenant, key.type, by, self._chance())
