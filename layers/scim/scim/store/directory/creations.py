"""Several new resources in one transaction, each with its receipt: what a batch of a job makes.

Only those that touch nobody else's items are made so: without edges, and referring to nothing. What is said
of one does not depend on the others: where a condition of one fails, the rest is made without it.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from botocore.exceptions import ClientError

from scim.errors import PayloadTooLarge, ScimError
from scim.resource.change import Creation
from scim.resource.record import Stale
from scim.store.directory.commit import MOST, entries_put
from scim.store.directory.resource_item import created
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.values import binary
from scim.store.dynamodb.write import MAX_BYTES, MAX_STEPS, ConditionFailed, Write
from scim.store.guards.counters import SHARDS, counted
from scim.store.jobs.results import receipt_put
from scim.store.keys.directory import ItemKey

FIRST = 1
"""The version of a resource that was made in one transaction."""
ENOUGH_BYTES = MAX_BYTES // 2
"""What bodies and receipts may weigh: all else of up to MAX_STEPS items, text of 1 KB each, weighs less."""


@dataclass(frozen=True, slots=True)
class CreationWrites:
    """One of the creations, by its number, as writes of its own; a counter is everybody's."""

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
    """Store new resources in as few transactions as hold them, in their order.

    Returns None for each that was made, at version 1, else what `create` raises for it: Stale for what was not
    made and can be made alone. `chance`, from 0 up to 1, picks the shards in which those of a transaction are
    counted: who writes at the same time has another.
    """
    told: list[Exception | None] = [Stale() for _ in creations]
    for some in _fitting(_parts(tenant, creations)):
        for number, refusal in _made(table, tenant, some, chance()).items():
            told[number] = refusal
    return told


def shard_of(lane: int) -> Callable[[], float]:
    """Return a chance that is always the same for a lane, and another for its neighbours."""
    chance = lane % SHARDS / SHARDS
    return lambda: chance


def _parts(tenant: str, creations: Sequence[Creation]) -> Iterator[CreationWrites]:
    for number, creation in enumerate(creations):
        if not creation.touches_others and len(creation.entries) <= MOST:
            head = created(tenant, creation)
            receipt = creation.receipt
            proof = () if receipt is None else (receipt_put(tenant, receipt, FIRST),)
            entries = entries_put(tenant, creation.key, creation.entries)
            weight = sum(len(binary(write.item, "z")) for write in (head, *proof))
            yield CreationWrites(number, creation.key.type, (head, *entries, *proof), weight)


def _fitting(parts: Iterator[CreationWrites]) -> Iterator[list[CreationWrites]]:
    """Yield the parts in lists, each of which is one transaction: no item is in it twice."""
    some: list[CreationWrites] = []
    taken: set[ItemKey] = set()
    weight = 0
    for part in parts:
        item_keys = part.item_keys
        types = {part.type_name, *(each.type_name for each in some)}
        is_full = len(taken) + len(part.writes) + len(types) > MAX_STEPS
        if some and (is_full or weight + part.weight > ENOUGH_BYTES or taken & item_keys):
            yield some
            some, taken, weight = [], set(), 0
        some.append(part)
        taken |= item_keys
        weight += part.weight
    if some:
        yield some


def _made(
    table: Table, tenant: str, parts: Sequence[CreationWrites], chance: float
) -> dict[int, Exception | None]:
    """Make the parts, without those whose conditions fail; return what became of them, if known."""
    told: dict[int, Exception | None] = {}
    left = list(parts)
    while left:
        counts = Counter(part.type_name for part in left)
        writes = [write for part in left for write in part.writes]
        writes += [counted(tenant, name, by, chance) for name, by in counts.items()]
        try:
            table.write(writes)
        except ConditionFailed as failed_condition:
            refused = {
                part.number: each for part in left if (each := _refusal(part, failed_condition))
            }
            told |= refused
            left = [part for part in left if part.number not in refused]
            if not refused:
                break
        except (PayloadTooLarge, ClientError):
            # None was made, for what is wrong with one of them: alone each finds out.
            break
        except ScimError as error:
            # Too busy, or nobody knows whether they were made.
            return told | dict.fromkeys((part.number for part in left), error)
        else:
            return told | dict.fromkeys((part.number for part in left), None)
    return told


def _refusal(part: CreationWrites, failed_condition: ConditionFailed) -> Exception | None:
    own = [each for write in part.writes if (each := failed_condition.of(write))]
    return ConditionFailed(own).cause() if own else None
