"""Receipts: the result of each step of a job, stored in the same transaction as its effect.

`z` the result of the step, `v` the version it gave the resource, `ttl` its end.
"""

from collections.abc import Iterable, Mapping, Sequence

from scim.resource.change import AlreadyMade, Receipt
from scim.resource.overlay import OverlayChange, OverlayEntry
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.values import SCHEMA, Item, number, packed, packed_object, text
from scim.store.dynamodb.write import (
    MAX_STEPS,
    ConditionFailed,
    Write,
    absent,
    merged_by_item,
)
from scim.store.jobs.overlay import overlay_changed, overlay_entry_in
from scim.store.keys.directory import ItemKey
from scim.store.keys.jobs import (
    PER_PARTITION,
    claim_key,
    result_key,
    results_partition,
    sort_key_of_step,
)

Result = Mapping[str, object]
VERSION = "version"


def receipt_put(tenant: str, receipt: Receipt, version: int | None) -> Write:
    """Return the write that stores a receipt, refused if the job's step has one."""
    item_key = result_key(tenant, receipt.job, receipt.step)
    item: Item = {
        "k": "result",
        "s": SCHEMA,
        "z": packed(receipt.content),
        "ttl": receipt.until,
        **({} if version is None else {"v": version}),
    }
    return Write("Put", item_key, (absent(),), item=item, refusal=AlreadyMade(), shows_met=False)


class DynamoResults:
    """Implements the port `Results`; see there for the rules."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def of(self, tenant: str, job: str, steps: Iterable[int]) -> Mapping[int, Result]:
        """Return the results of those steps that have one, strongly consistent."""
        item_keys = [result_key(tenant, job, step) for step in dict.fromkeys(steps)]
        rows = self._table.items(item_keys) if item_keys else []
        return {int(text(row, "sk")): _result_of(row) for row in rows}

    def between(self, tenant: str, job: str, first: int, end: int) -> Mapping[int, Result]:
        """Return the results of the steps from `first` up to, but not including, `end`."""
        results: dict[int, Result] = {}
        for start in range(first - first % PER_PARTITION, end, PER_PARTITION):
            ends = max(first, start), min(end, start + PER_PARTITION) - 1
            key_range = sort_key_of_step(ends[0]), sort_key_of_step(ends[1])
            rows = self._table.rows(results_partition(tenant, job, start), key_range=key_range)
            results |= {int(text(row, "sk")): _result_of(row) for row in rows.items}
        return results

    def overlay_entries(
        self, tenant: str, job: str, names: Iterable[str]
    ) -> Mapping[str, OverlayEntry]:
        """Return the entries that a dry run's overlay has under some of the names, as of now."""
        names_by_key = {claim_key(tenant, job, name): name for name in names}
        rows = self._table.items([*names_by_key]) if names_by_key else []
        item_keys = [ItemKey(text(row, "pk"), text(row, "sk")) for row in rows]
        return {
            names_by_key[item_key]: overlay_entry_in(row)
            for item_key, row in zip(item_keys, rows, strict=True)
        }

    def change_overlay(
        self, tenant: str, receipt: Receipt, overlay_changes: Sequence[OverlayChange]
    ) -> None:
        """Store what a step of a dry run would leave, together with its result.

        Raises AlreadyMade if the step has a result, Stale if content is based on an earlier revision.
        """
        changes = [
            overlay_changed(tenant, receipt, overlay_change) for overlay_change in overlay_changes
        ]
        writes = merged_by_item([receipt_put(tenant, receipt, None), *changes])
        try:
            self._table.write(writes[:MAX_STEPS])
            # Only links and references of other resources are left: that depends on nothing, and comes in any order.
            for start in range(MAX_STEPS, len(writes), MAX_STEPS):
                self._table.write(writes[start : start + MAX_STEPS])
        except ConditionFailed as failed_condition:
            raise failed_condition.cause() from failed_condition

    def note(self, tenant: str, receipt: Receipt) -> None:
        """Store the result of a step that changed nothing. Raises AlreadyMade if the step has one."""
        try:
            self._table.write([receipt_put(tenant, receipt, None)])
        except ConditionFailed as failed_condition:
            raise AlreadyMade from failed_condition


def _result_of(row: Item) -> Result:
    content = packed_object(row, "z")
    # If the result contains a version of its own, that one wins.
    return {VERSION: number(row, "v"), **content} if "v" in row else content
