"""Cascades: deletions of resources that others refer to. The others are deleted first.

The first transaction marks the resource, so that no new reference to it can be made, and stores the remaining
work. Then each referrer is deleted or loses the reference, slice by slice; the resource itself is deleted
when no referrer is left. So there is never a reference to a deleted resource, and the work can stop at any
point and continue elsewhere.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from scim.resource.body import with_value
from scim.resource.change import AlreadyMade, Deletion, Receipt, Update
from scim.resource.history.origin import Origin
from scim.resource.index_entries import entries_by, pointed, pointers_in
from scim.resource.record import Key, Link, Record
from scim.schema.outline import Outline, Outlines, outlines_in, written
from scim.schema.resource_type import OnDelete, Reference
from scim.schema.schema import split_name
from scim.store.directory.commit import ROUNDS, entries_deleted, entries_put
from scim.store.directory.journal import completion
from scim.store.directory.links import referrers_removed
from scim.store.directory.read import latest_records
from scim.store.directory.resource_item import FREE, is_live, resource_updated
from scim.store.directory.tombstone import Tombstone, merged_changes, refusing_references
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.values import SCHEMA, Item, packed, packed_object, text
from scim.store.dynamodb.write import (
    MAX_BYTES,
    MAX_STEPS,
    ConditionFailed,
    Write,
    absent,
    counts,
    equals,
)
from scim.store.guards.counters import counter_changed
from scim.store.jobs.results import receipt_put
from scim.store.keys.directory import (
    closing_key,
    index_partition,
    referrers_attribute,
    resource_key,
    value_range,
    work_keys,
)


class Overtaken(LookupError):
    """The resource to be deleted does not exist, or no longer does."""


def cascade_begun(tenant: str, deletion: Deletion) -> list[Write]:
    """Return the steps that mark a resource as ending and store the remaining work."""
    before = deletion.before
    names = sorted(map(referrers_attribute, refusing_references(deletion)))
    conditions = (*FREE, absent("x"), *(counts(name, 0) for name in names))
    if deletion.must_match:
        conditions += (equals("v", before.version),)
    receipt = deletion.receipt
    content = {
        "outlines": written(deletion.outlines),
        "receipt": receipt and [receipt.job, receipt.step, receipt.until, dict(receipt.content)],
        "origin": deletion.origin.json(),
        "kept": deletion.kept_until,
    }
    item_key = resource_key(tenant, before.key)
    job: Item = {"k": "closing", "s": SCHEMA, "at": deletion.now, "z": packed(content)}
    return [
        Write("Update", item_key, conditions, sets={"x": deletion.now}),
        Write(
            "Put",
            closing_key(tenant, before.key),
            (absent(),),
            item={**job, **work_keys(tenant, "closing", before.key)},
            index_writes=1,
        ),
    ]


@dataclass(frozen=True, slots=True)
class _End:
    """What all deletions of a cascade have in common."""

    outlines: Outlines
    origin: Origin
    kept_until: int


@dataclass(frozen=True, slots=True)
class Cascade:
    """Deletes a marked resource and its referrers, at most `width` referrers in a transaction.

    `chance`, from 0 up to 1, selects the counters' shard.
    """

    table: Table
    tenant: str
    key: Key
    clock: Callable[[], str]
    width: int
    chance: float

    def work(self) -> Iterator[None]:
        """Do the remaining work, one transaction for each element iterated over.

        Raises ConditionFailed or Overtaken when other writers win more than ROUNDS times in a row.
        """
        rounds = 0
        while (job := self.table.item(closing_key(self.tenant, self.key))) is not None:
            content = packed_object(job, "z")
            try:
                origin = Origin.from_json(content.get("origin", {}))
                end = _End(outlines_in(content["outlines"]), origin, content.get("kept", 0))
                yield from self._slice(end, content["receipt"])
                rounds = 0
            except (ConditionFailed, Overtaken) as met:
                rounds += 1
                if rounds > ROUNDS:
                    raise
                yield from self._complete_journals(met)

    def _slice(self, end: "_End", receipt: Any) -> Iterator[None]:
        outlines = end.outlines
        record = latest_records(self.table, self.tenant, [self.key]).get(self.key)
        if record is None:
            raise Overtaken(self.key)
        for referrer in outlines[self.key.type].referrers:
            if record.referrers.get(Link(referrer.type, referrer.attribute), 0):
                outline = outlines[referrer.type]
                (reference,) = (
                    candidate
                    for candidate in outline.references
                    if candidate.attribute == referrer.attribute
                )
                records = self._referrers_by(referrer.type, reference)
                if referrer.on_delete is OnDelete.CASCADE:
                    yield from self._delete_referrers(records, end)
                else:
                    self.table.write(
                        self._reference_removals(records, outline, reference, end.origin)
                    )
                    yield
                return
        deletion = self._deletion(record, end)
        tombstone = Tombstone(self.tenant, deletion, is_closing=True)
        writes = [*tombstone.writes(), counter_changed(self.tenant, self.key.type, -1, self.chance)]
        proof = [receipt_put(self.tenant, Receipt(*receipt), None)] if receipt else []
        try:
            self.table.write([*writes, *proof])
        except ConditionFailed as failed_condition:
            if not isinstance(failed_condition.cause(), AlreadyMade):
                raise
            # The job's step has another result by now. The deletion still has to be finished.
            self.table.write(writes)
        yield

    def _referrers_by(self, type_name: str, reference: Reference) -> list[Record]:
        """Return some of the resources with this reference to the resource. Raises Overtaken if there are none."""
        partition = index_partition(self.tenant, type_name, reference.index)
        # Ids are unique only within a type, so entries for several target types may share an id.
        limit = self.width if len(reference.targets) == 1 else None
        rows = self.table.rows(partition, limit, key_range=value_range(self.key.id)).items
        keys = [Key(type_name, text(row, "i")) for row in rows if row.get("r") == self.key.type]
        records = latest_records(self.table, self.tenant, keys[: self.width])
        referring = [
            record for record in records.values() if pointed(reference, record.body) == self.key
        ]
        if not referring:
            raise Overtaken(self.key)
        return referring

    def _delete_referrers(self, referring: list[Record], end: "_End") -> Iterator[None]:
        """Delete the referrers, or start the cascade of one that has referrers itself."""
        writes: list[Write] = []
        for record in referring:
            deletion = self._deletion(record, end)
            tombstone = Tombstone(self.tenant, deletion)
            if tombstone.is_awaited() or record.is_ending:
                if not record.is_ending:
                    self.table.write(cascade_begun(self.tenant, deletion))
                yield from self._cascade_of(record.key).work()
                return
            counter_change = counter_changed(self.tenant, record.key.type, -1, self.chance)
            next_writes = merged_changes([*writes, *tombstone.writes(), counter_change])
            if writes and not _fit(next_writes):
                break
            writes = next_writes
        self.table.write(writes)
        yield

    def _reference_removals(
        self, referring: list[Record], outline: Outline, reference: Reference, origin: Origin
    ) -> list[Write]:
        writes: list[Write] = []
        container, name, _ = split_name(reference.attribute)
        for record in referring:
            now = max(self.clock(), record.last_modified)
            body = with_value(record.body, container, name, None)
            before, after = entries_by(outline, record.body), entries_by(outline, body)
            removed_pointers = pointers_in([reference], record.body)
            next_writes = merged_changes(
                [
                    *writes,
                    resource_updated(self.tenant, Update(record, now, body, origin=origin)),
                    *entries_deleted(self.tenant, record.key, before - after),
                    *entries_put(self.tenant, record.key, after - before),
                    *referrers_removed(self.tenant, record.key.type, removed_pointers),
                ]
            )
            if writes and not _fit(next_writes):
                break
            writes = next_writes
        return writes

    def _deletion(self, record: Record, end: "_End") -> Deletion:
        outline = end.outlines[record.key.type]
        return Deletion(
            record,
            self.clock(),
            entries_by(outline, record.body),
            outline.relations,
            pointers=pointers_in(outline.references, record.body),
            outlines=end.outlines if outline.referrers else {},
            origin=end.origin,
            kept_until=end.kept_until,
        )

    def _cascade_of(self, key: Key) -> "Cascade":
        return Cascade(self.table, self.tenant, key, self.clock, self.width, self.chance)

    def _complete_journals(self, met: Exception) -> Iterator[None]:
        """Complete the journals that made conditions fail."""
        for failure in met.failures if isinstance(met, ConditionFailed) else ():
            if is_live(failure.item) and "j" in failure.item:
                item_key = failure.write.item_key
                key = Key(item_key.pk.rsplit("#", 1)[1], item_key.sk)
                yield from completion(self.table, self.tenant, key, self.clock)


def _fit(writes: Sequence[Write]) -> bool:
    return len(writes) <= MAX_STEPS and sum(write.weight() for write in writes) <= MAX_BYTES
