"""Finishes what was begun and interrupted: journals, cascades and reap jobs of all tenants."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from scim.store.directory.cascade import Cascade
from scim.store.directory.journal import completion
from scim.store.directory.reaper import Reaper
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.values import UnknownCodec, text
from scim.store.dynamodb.write import ConditionFailed
from scim.store.keys.directory import (
    closings_partition,
    journals_partition,
    key_named,
    reaps_partition,
    tenants_partition,
)

BROKEN = (LookupError, ConditionFailed, RuntimeError, TypeError, UnknownCodec)
"""What comes of items that are not as this version writes them."""


@dataclass(frozen=True, slots=True)
class Swept:
    """How many transactions were made, and whether nothing is left to do."""

    transactions: int
    is_done: bool


def sweep(table: Table, now: str, budget: int, width: int, chance: float) -> Swept:
    """Make up to `budget` transactions of the work that is open, one for each tenant in turn.

    `chance`, from 0 up to 1, picks the tenant to begin with, so that each has its turn even
    when there are more of them than the budget. A job that cannot go on stops no other; the
    ExceptionGroup that tells of it comes after them.
    """
    tenants = [text(named, "sk") for named in table.rows(tenants_partition()).items]
    first = int(chance * len(tenants))
    works = [
        _work(_jobs(table, tenant, now, width, chance))
        for tenant in tenants[first:] + tenants[:first]
    ]
    outcomes = list(islice(_in_turn(works), budget))
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


def _work(jobs: Iterable[Iterator[None]]) -> Iterator[Exception | None]:
    """Do what is open of a tenant: None for each transaction, the error of each broken job."""
    for job in jobs:
        try:
            yield from job
        except BROKEN as error:
            yield error


def _jobs(
    table: Table, tenant: str, now: str, width: int, chance: float
) -> Iterator[Iterator[None]]:
    for row in table.rows(journals_partition(tenant)).items:
        yield completion(table, tenant, key_named(text(row, "sk")), now)
    # What a cascade leaves behind is a reap job: found in the same run.
    for row in table.rows(closings_partition(tenant)).items:
        yield Cascade(table, tenant, key_named(text(row, "sk")), now, width, chance).work()
    for row in table.rows(reaps_partition(tenant)).items:
        yield Reaper(table, tenant, key_named(text(row, "sk")), now, width).work()
