"""Creates several resources in one transaction, each with its receipt, for a batch of a job.

This takes only creations that write to no other resource's items: without edges and references. Their results
are independent: if a condition of one fails, the others are created without it.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from botocore.exceptions import ClientError

from scim.errors import PayloadTooLarge, ScimError
from scim.resource.change import Creation
from scim.resource.record import FIRST_VERSION, Stale
from scim.store.directory.commit import MOST_ENTRIES, entries_put
from scim.store.directory.resource_item import resource_put
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.values import binary
from scim.store.dynamodb.write import MAX_BYTES, MAX_STEPS, ConditionFailed, Write
from scim.store.guards.counters import SHARDS, counter_changed
from scim.store.jobs.results import receipt_put
from scim.store.keys.directory import ItemKey

ENOUGH_BYTES = MAX_BYTES // 2
"""The bound for bodies and receipts. The rest of up to MAX_STEPS items, 1 KB of text each, weighs less."""


@dataclass(frozen=True, slots=True)
class CreationWrites:
    """One of the creations, by its number, with its own writes; the counter is shared."""

    number: int
    type_name: str
    writes: tuple[Write, ...]
    weight: int

    @property
    def item_keys(self) -> set[ItemKey]:
        return {write.item_key for write in self.writes}


def create_many(
    table: Table, tenant: str, creations: Sequence[Creation], chance: Callable[[], float]
) -> list[Exception | None]:
    """Create the resources, in order, in as few transactions as possible.

    Return None for each one that was created, at version 1, else the error that `create` raises for it. Stale
    stands for one that was not created here and can be created alone. `chance`, from 0 up to 1, selects the
    counter shards of a transaction; concurrent writers use different ones.
    """
    results: list[Exception | None] = [Stale() for _ in creations]
    for group in _groups(_creation_writes(tenant, creations)):
        for number, refusal in _write_group(table, tenant, group, chance()).items():
            results[number] = refusal
    return results


def shard_of(lane: int) -> Callable[[], float]:
    """Return a `chance` that is constant for a lane and differs between neighbouring lanes."""
    chance = lane % SHARDS / SHARDS
    return lambda: chance


def _creation_writes(tenant: str, creations: Sequence[Creation]) -> Iterator[CreationWrites]:
    for number, creation in enumerate(creations):
        if not creation.touches_others and len(creation.entries) <= MOST_ENTRIES:
            head = resource_put(tenant, creation)
            receipt = creation.receipt
            proof = () if receipt is None else (receipt_put(tenant, receipt, FIRST_VERSION),)
            entries = entries_put(tenant, creation.key, creation.entries)
            weight = sum(len(binary(write.item, "z")) for write in (head, *proof))
            yield CreationWrites(number, creation.key.type, (head, *entries, *proof), weight)


def _groups(parts: Iterator[CreationWrites]) -> Iterator[list[CreationWrites]]:
    """Yield the parts in lists that each fit one transaction and have no item twice."""
    group: list[CreationWrites] = []
    group_item_keys: set[ItemKey] = set()
    weight = 0
    for part in parts:
        item_keys = part.item_keys
        types = {part.type_name, *(part_in_group.type_name for part_in_group in group)}
        is_full = len(group_item_keys) + len(part.writes) + len(types) > MAX_STEPS
        if group and (
            is_full or weight + part.weight > ENOUGH_BYTES or group_item_keys & item_keys
        ):
            yield group
            group, group_item_keys, weight = [], set(), 0
        group.append(part)
        group_item_keys |= item_keys
        weight += part.weight
    if group:
        yield group


def _write_group(
    table: Table, tenant: str, parts: Sequence[CreationWrites], chance: float
) -> dict[int, Exception | None]:
    """Make the parts except those whose conditions fail. Return the results that are known, by number."""
    results: dict[int, Exception | None] = {}
    remaining = list(parts)
    while remaining:
        counts = Counter(part.type_name for part in remaining)
        writes = [write for part in remaining for write in part.writes]
        writes += [counter_changed(tenant, name, by, chance) for name, by in counts.items()]
        try:
            table.write(writes)
        except ConditionFailed as failed_condition:
            refused = {
                part.number: refusal
                for part in remaining
                if (refusal := _refusal(part, failed_condition))
            }
            results |= refused
            remaining = [part for part in remaining if part.number not in refused]
            if not refused:
                break
        except (PayloadTooLarge, ClientError):
            # None was made, because one of them is at fault: made alone, each gets its own result.
            break
        except ScimError as error:
            # Throttled, or it is unknown whether they were made.
            return results | dict.fromkeys((part.number for part in remaining), error)
        else:
            return results | dict.fromkeys((part.number for part in remaining), None)
    return results


def _refusal(part: CreationWrites, failed_condition: ConditionFailed) -> Exception | None:
    failures = [failure for write in part.writes if (failure := failed_condition.of(write))]
    return ConditionFailed(failures).cause() if failures else None
