"""What was refused to a tenant's clients: an item for each hour, credential, operation and rule."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, cast

from scim.resource.access_path import Direction
from scim.resource.history.refusal import Refusal
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.values import SCHEMA, Item, binary, number, packed, text, unpacked
from scim.store.dynamodb.write import Write
from scim.store.keys.directory import refusal_key, refusals_partition

_ALIKE = ("operation", "status", "token", "owner", "why")
"""What refusals that are counted together have in common."""
_FIRST = "0"


class StoredRefusals:
    """Keeps refusals for so many days."""

    def __init__(self, table: Table, days: int) -> None:
        self._table = table
        self._days = days

    def note(self, tenant: str, refusal: Refusal) -> None:
        """Count refusals. Costs 1 write unit, however many they are."""
        held = asdict(refusal)
        alike = json.dumps([held[name] for name in _ALIKE], sort_keys=True)
        hashed = hashlib.sha256(alike.encode()).hexdigest()[:16]
        end = datetime.fromisoformat(refusal.since) + timedelta(days=self._days)
        sets: Item = {
            "k": "refused",
            "s": SCHEMA,
            "m": refusal.at,
            "z": packed(held),
            "ttl": int(end.timestamp()),
        }
        item_key = refusal_key(tenant, refusal.since, hashed)
        self._table.change(Write("Update", item_key, adds={"n": refusal.count}, sets=sets))

    def older(self, tenant: str, before: str, limit: int) -> Sequence[tuple[str, Refusal]]:
        """Return up to `limit` places of a tenant's and what is there, youngest first, before a place."""
        ends = _FIRST, before
        pk = refusals_partition(tenant)
        rows = self._table.some_between(pk, ends, Direction.DOWN, limit + 1).items
        found = [(text(row, "sk"), _refusal_of(row)) for row in rows if text(row, "sk") < before]
        return found[:limit]


def _refusal_of(row: Item) -> Refusal:
    held = cast(dict[str, Any], unpacked(binary(row, "z")))
    return Refusal(**{**held, "count": number(row, "n"), "at": text(row, "m")})
