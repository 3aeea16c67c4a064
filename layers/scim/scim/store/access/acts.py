"""What administrators did to tenants: an item each, apart from what directories' functions reach."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, cast

from scim.resource.access_path import Direction
from scim.resource.history.act import Act, Ending
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.values import SCHEMA, Item, binary, packed, text, unpacked
from scim.store.keys.access import act_key, acts_partition

_FIRST = "0"


class StoredActs:
    """Keeps acts for so many days."""

    def __init__(self, table: Table, days: int) -> None:
        self._table = table
        self._days = days

    def note(self, act: Act) -> None:
        """Store an act, or how it ended. Costs 1 write unit up to 1 KB."""
        held = asdict(act)
        end = datetime.fromisoformat(act.at) + timedelta(days=self._days)
        item: Item = {"k": "act", "s": SCHEMA, "z": packed(held), "ttl": int(end.timestamp())}
        self._table.put(act_key(act.tenant, act.at, act.id), item)

    def older(self, tenant: str, before: str, limit: int) -> Sequence[tuple[str, Act]]:
        """Return up to `limit` places of a tenant's and the acts there, youngest first, before a place."""
        ends = _FIRST, before
        pk = acts_partition(tenant)
        rows = self._table.some_between(pk, ends, Direction.DOWN, limit + 1).items
        found = [(text(row, "sk"), _act_of(row)) for row in rows if text(row, "sk") < before]
        return found[:limit]


def _act_of(row: Item) -> Act:
    held = dict(cast(Mapping[str, Any], unpacked(binary(row, "z"))))
    return Act(**{**held, "outcome": Ending(held["outcome"])})
