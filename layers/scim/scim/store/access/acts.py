"""What administrators did to tenants: an item each, apart from what directories' functions reach."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, cast

from scim.resource.access_path import Direction
from scim.resource.history.act import Act, Ending
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.values import SCHEMA, Item, binary, number, packed, unpacked
from scim.store.keys.access import act_key, acts_partition


class StoredActs:
    """Keeps acts for so many days; `now` returns the time in seconds since 1970."""

    def __init__(self, table: Table, days: int, now: Callable[[], float]) -> None:
        self._table = table
        self._days = days
        self._now = now

    def note(self, act: Act) -> None:
        """Store an act, or how it ended. Costs 1 write unit up to 1 KB."""
        held = asdict(act)
        end = datetime.fromisoformat(act.at) + timedelta(days=self._days)
        item: Item = {"k": "act", "s": SCHEMA, "z": packed(held), "ttl": int(end.timestamp())}
        self._table.put(act_key(act.tenant, act.at, act.id), item)

    def between(self, tenant: str, since: str, until: str, limit: int) -> Sequence[Act]:
        """Return up to `limit` of a tenant's acts from `since` to before `until`, youngest first."""
        ends = since, until
        rows = self._table.some_between(acts_partition(tenant), ends, Direction.DOWN, limit).items
        return [_act_of(row) for row in rows if number(row, "ttl") > self._now()]


def _act_of(row: Item) -> Act:
    held = dict(cast(Mapping[str, Any], unpacked(binary(row, "z"))))
    return Act(**{**held, "outcome": Ending(held["outcome"])})
