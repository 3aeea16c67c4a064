"""Refusals of requests of a tenant's clients: one item for each hour, credential, operation and rule."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime, timedelta

from scim.resource.access_path import Direction
from scim.resource.history.refusal import Refusal
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.values import SCHEMA, Item, number, packed, packed_members, text
from scim.store.dynamodb.write import Write
from scim.store.keys.directory import refusal_key, refusals_partition

_ALIKE = ("operation", "status", "token", "owner", "why")
"""The fields that are equal in refusals counted together."""
_FIRST = "0"
_NAMES = tuple(field.name for field in fields(Refusal))


class StoredRefusals:
    """Keeps refusals for `days` days."""

    def __init__(self, table: Table, days: int) -> None:
        self._table = table
        self._days = days

    def note(self, tenant: str, refusal: Refusal) -> None:
        """Count refusals. Costs 1 write unit for any number of them."""
        members = asdict(refusal)
        identity = json.dumps([members[name] for name in _ALIKE], sort_keys=True)
        hashed = hashlib.sha256(identity.encode()).hexdigest()[:16]
        end = datetime.fromisoformat(refusal.since) + timedelta(days=self._days)
        sets: Item = {
            "k": "refused",
            "s": SCHEMA,
            "m": refusal.at,
            "z": packed(members),
            "ttl": int(end.timestamp()),
        }
        item_key = refusal_key(tenant, refusal.since, hashed)
        self._table.change(Write("Update", item_key, adds={"n": refusal.count}, sets=sets))

    def older(self, tenant: str, before: str, limit: int) -> Sequence[tuple[str, Refusal]]:
        """Return up to `limit` of a tenant's refusals before a place, each with its place, newest first."""
        ends = _FIRST, before
        pk = refusals_partition(tenant)
        rows = self._table.some_between(pk, ends, Direction.DOWN, limit + 1).items
        refusals = [(text(row, "sk"), _refusal_of(row)) for row in rows if text(row, "sk") < before]
        return refusals[:limit]


def _refusal_of(row: Item) -> Refusal:
    stored = packed_members(row, "z", _NAMES)
    return Refusal(**{**stored, "count": number(row, "n"), "at": text(row, "m")})
