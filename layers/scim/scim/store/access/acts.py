"""Administrators' acts on tenants: one item each, which the functions that serve directories cannot reach."""

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime, timedelta

from scim.resource.access_path import Direction
from scim.resource.history.act import Act, Ending
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.values import SCHEMA, Item, packed, packed_members, text
from scim.store.keys.access import act_key, acts_partition

_FIRST = "0"
_NAMES = tuple(field.name for field in fields(Act))


class StoredActs:
    """Keeps acts for `days` days."""

    def __init__(self, table: Table, days: int) -> None:
        self._table = table
        self._days = days

    def note(self, act: Act) -> None:
        """Store an act, or its outcome. Costs 1 write unit up to 1 KB."""
        members = asdict(act)
        end = datetime.fromisoformat(act.at) + timedelta(days=self._days)
        item: Item = {"k": "act", "s": SCHEMA, "z": packed(members), "ttl": int(end.timestamp())}
        self._table.put(act_key(act.tenant, act.at, act.id), item)

    def older(self, tenant: str, before: str, limit: int) -> Sequence[tuple[str, Act]]:
        """Return up to `limit` of a tenant's acts before a place, each with its place, newest first."""
        ends = _FIRST, before
        pk = acts_partition(tenant)
        rows = self._table.some_between(pk, ends, Direction.DOWN, limit + 1).items
        acts = [(text(row, "sk"), _act_of(row)) for row in rows if text(row, "sk") < before]
        return acts[:limit]


def _act_of(row: Item) -> Act:
    stored = packed_members(row, "z", _NAMES)
    return Act(**{**stored, "outcome": Ending(stored["outcome"])})
