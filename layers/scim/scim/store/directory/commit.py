"""Makes changes: in one transaction if they fit, else through a journal."""

from collections.abc import Iterable, Sequence, Sized

from scim.errors import PayloadTooLarge, Unavailable, Uniqueness
from scim.expiring_cache import ExpiringCache
from scim.resource.change import Guard, Update
from scim.resource.record import Entry, Key, Stale
from scim.store.directory.journal import SLICES_PER_CHUNK, completion, journal_steps
from scim.store.directory.links import EdgeWrites
from scim.store.directory.nesting_guard import guards_advanced
from scim.store.directory.resource_item import is_live, with_counts
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.values import SCHEMA, Item
from scim.store.dynamodb.write import (
    MAX_STEPS,
    ConditionFailed,
    Write,
    absent,
    equals,
    merged_by_item,
)
from scim.store.keys.directory import (
    entry_key,
    resource_key,
    tenant_key,
)

ROUNDS = 8
"""How many times in a row other writers may win."""
REMEMBERED = 3_600.0
"""Seconds after which a process names a tenant to the sweeper again."""


class Changes:
    """Writes to the directory; `width` bounds the edges of one transaction."""

    def __init__(self, table: Table, width: int) -> None:
        self._table = table
        self._width = width
        # Tenants whose items for the sweeper this process has written; writing one twice does no harm.
        self._tenants_named = ExpiringCache[str, bool]()

    def make(
        self,
        head: Write,
        other_writes: Sequence[Write],
        edge_writes: EdgeWrites,
        guards: Sequence[Guard],
    ) -> None:
        """Make the change. Raises the refusal of a step whose condition fails, and Unavailable under contention."""
        if self.outgrows(len(other_writes), edge_writes, guards):
            self._make_journaled(head, other_writes, edge_writes, guards)
            return
        if guards:
            other_writes = [
                *other_writes,
                *guards_advanced(edge_writes.tenant, edge_writes.source.type, guards),
            ]
        for _ in range(ROUNDS):
            try:
                self.write(
                    merged_by_item(
                        (
                            with_counts(head, edge_writes.counts()),
                            *other_writes,
                            *edge_writes.writes(),
                        )
                    )
                )
            except ConditionFailed as failed_condition:
                if self.has_completed(
                    edge_writes.tenant, edge_writes.source, failed_condition, edge_writes.now
                ):
                    continue
                reduced = edge_writes.without_gone(failed_condition)
                if reduced is None:
                    raise failed_condition.cause() from failed_condition
                edge_writes = reduced
            else:
                return
        raise too_contended()

    def outgrows(self, number: int, edge_writes: EdgeWrites, guards: Sequence[Guard]) -> bool:
        """Tell whether a change with `number` other steps needs more than one transaction."""
        writes = number + len(guards) + 2 * len(edge_writes.changes) + 1
        return writes > MAX_STEPS or len(edge_writes.changes) > self._width

    def write(self, writes: Sequence[Write]) -> None:
        """Make the steps as they are. Raises ConditionFailed."""
        self._table.write(writes)

    def write_open(self, tenant: str, writes: Sequence[Write]) -> None:
        """Make steps that leave work for the sweeper, and name the tenant to it. Raises ConditionFailed."""
        if self._tenants_named.get(tenant):
            self._table.write(merged_by_item(writes))
            return
        self._table.write(merged_by_item([*writes, tenant_put(tenant)]))
        self._tenants_named.keep(tenant, value=True, seconds=REMEMBERED)

    def has_completed(
        self, tenant: str, key: Key, failed_condition: ConditionFailed, now: str
    ) -> bool:
        """Complete the journal that made a condition fail. Return whether there was one."""
        item_key = resource_key(tenant, key)
        items_met = [
            failure.item
            for failure in failed_condition.failures
            if failure.write.item_key == item_key
        ]
        if not any(is_live(item) and "j" in item for item in items_met):
            return False
        self.complete(tenant, key, now)
        return True

    def complete(self, tenant: str, key: Key, now: str) -> None:
        """Complete the resource's journal, if there is one."""
        for _ in completion(self._table, tenant, key, self._table.clock_at(now)):
            pass

    def _make_journaled(
        self,
        head: Write,
        other_writes: Sequence[Write],
        edge_writes: EdgeWrites,
        guards: Sequence[Guard],
    ) -> None:
        tenant, key, now = edge_writes.tenant, edge_writes.source, edge_writes.now
        writes = journal_steps(head, edge_writes, guards, self._width)
        # The tenant's name is one more. Where other steps are too many, the table says so.
        if len(writes) + len(other_writes) >= MAX_STEPS:
            _require_few_edges(edge_writes, self._width)
        for _ in range(ROUNDS):
            try:
                self.write_open(tenant, [*writes, *other_writes])
            except ConditionFailed as failed_condition:
                if not self.has_completed(tenant, key, failed_condition, now):
                    raise failed_condition.cause() from failed_condition
            else:
                self.complete(tenant, key, now)
                return
        raise too_contended()


def too_contended() -> Unavailable:
    """Return the error for the client when other writers won every round."""
    return Unavailable("Others change the same resource at the moment; try again.")


def tenant_put(tenant: str) -> Write:
    """Return the step that names a tenant to the sweeper."""
    return Write("Put", tenant_key(tenant), item={"k": "tenant", "s": SCHEMA})


def _require_few_edges(edge_writes: EdgeWrites, width: int) -> None:
    """Raise PayloadTooLarge for more edges than every journal has room for."""
    most, number = (MAX_STEPS - _OTHER_STEPS) * SLICES_PER_CHUNK * width, len(edge_writes.changes)
    if number > most:
        relations = ", ".join(sorted({change.attribute for change in edge_writes.changes}))
        raise PayloadTooLarge(
            f"{relations}: {number} values would be added or removed; change at most {most} in a request."
            " To remove all values, remove some of them first, or delete the resource."
        )


_OTHER_STEPS = 20
"""The steps of a journal's first transaction that are certainly enough for all but its chunks."""
MOST_ENTRIES = 94
"""The maximum number of a resource's index entries: its deletion removes all of them and takes up to six more steps.

They are its tombstone, its copy, the counter, the receipt of a job, the work for the reaper and the tenant's name."""


def check_growth(update: Update) -> None:
    """Check the number after an update, unless it does not grow: version 0.1.0 stored one more."""
    stored = len(update.entries_before) + len(update.pointers_before)
    if len(update.entries_after) + len(update.pointers_after) > stored:
        check_number(update.entries_after, update.pointers_after)


def check_number(entries: Sized, pointers: Sized) -> None:
    """Raise PayloadTooLarge for a resource with so many entries that it could never be deleted."""
    if len(entries) + len(pointers) > MOST_ENTRIES:
        raise PayloadTooLarge(
            f"A resource may have up to {MOST_ENTRIES} indexed values, as of emails."
        )


def entries_put(tenant: str, key: Key, entries: Iterable[Entry]) -> list[Write]:
    """Return the steps that add index entries. A unique entry is refused if the value is taken."""
    return [
        Write(
            "Put",
            entry_key(tenant, key, entry),
            (absent(),),
            item=_item(key, entry),
            refusal=_refusal(entry),
            shows_met=False,
        )
        for entry in sorted(entries)
    ]


def entries_deleted(tenant: str, key: Key, entries: Iterable[Entry]) -> list[Write]:
    """Return the steps that remove the resource's own index entries.

    An entry that is not unique has no other owner, and a late index may lack it.
    """
    return [
        Write(
            "Delete",
            entry_key(tenant, key, entry),
            (equals("i", key.id),) if entry.is_unique else (),
        )
        for entry in sorted(entries)
    ]


def _item(key: Key, entry: Entry) -> Item:
    item: Item = {"k": "entry", "s": SCHEMA, "i": key.id}
    return {**item, "r": entry.target} if entry.target else item


def _refusal(entry: Entry) -> Exception:
    if entry.is_unique:
        return Uniqueness(f"The value of {entry.attribute} is already taken.")
    return Stale()
