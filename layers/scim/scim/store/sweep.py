"""Finishes what was begun and interrupted: open journals and reap jobs of all tenants."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from scim.store.attributes import text
from scim.store.journal import completion
from scim.store.keys import (
    key_named,
    partition_of_journals,
    partition_of_reaps,
    partition_of_tenants,
)
from scim.store.reap import Reaper
from scim.store.table import Table


@dataclass(frozen=True, slots=True)
class Swept:
    """How many transactions were made, and whether nothing is left to do."""

    transactions: int
    is_done: bool


def sweep(table: Table, now: str, budget: int, width: int) -> Swept:
    """Make up to `budget` transactions of the work that is open."""
    made = sum(1 for _ in islice(_open_work(table, now, width), budget))
    return Swept(made, made < budget)


def _open_work(table: Table, now: str, width: int) -> Iterator[None]:
    for named in table.rows(partition_of_tenants()).items:
        tenant = text(named, "sk")
        for row in table.rows(partition_of_journals(tenant)).items:
            yield from completion(table, tenant, key_named(text(row, "sk")), now)
        for row in table.rows(partition_of_reaps(tenant)).items:
            yield from Reaper(table, tenant, key_named(text(row, "sk")), now, width).work()
