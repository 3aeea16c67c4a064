"""What the audit shows beside changes: administrators' acts on a tenant, and refusals of its clients' requests."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime, timedelta

from scim.resource.access_path import Direction
from scim.resource.history.act import Act, Ending
from scim.resource.history.refusal import Refusal
from scim.store.dynamodb.rows import Row
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.values import SCHEMA, Item, number, packed, packed_members, text
from scim.store.dynamodb.write import Write
from scim.store.keys.access import act_key, acts_partition
from scim.store.keys.directory import refusal_key, refusals_partition

_ALIKE = ("operation", "status", "token", "owner", "why")
"""The fields that are equal in refusals counted together."""
_FIRST = "0"
_OF_ACTS = tuple(field.name for field in fields(Act))
_OF_REFUSALS = tuple(field.name for field in fields(Refusal))


class StoredActs:
    """Keeps acts for `days` days: one item each, which the functions that serve directories cannot reach."""

    def __init__(self, table: Table, days: int) -> None:
        self._table = table
        self._days = days

    def note(self, act: Act) -> None:
        """Store an act, or its outcome. Costs 1 write unit up to 1 KB."""
        item: Item = {
            "k": "act",
            "s": SCHEMA,
            "z": packed(asdict(act)),
            "ttl": _end_of(act.at, self._days),
        }
        self._table.put(act_key(act.tenant, act.at, act.id), item)

    def older(self, tenant: str, before: str, limit: int) -> Sequence[tuple[str, Act]]:
        """Return up to `limit` of a tenant's acts before a place, each with its place, newest first."""
        rows = _older(self._table, acts_partition(tenant), before, limit)
        return [(text(row, "sk"), _act_of(row)) for row in rows]


class StoredRefusals:
    """Keeps refusals for `days` days: one item for each hour, credential, operation and rule."""

    def __init__(self, table: Table, days: int) -> None:
        self._table = table
        self._days = days

    def note(self, tenant: str, refusal: Refusal) -> None:
        """Count refusals. Costs 1 write unit for any number of them."""
        members = asdict(refusal)
        identity = json.dumps([members[name] for name in _ALIKE], sort_keys=True)
        hashed = hashlib.sha256(identity.encode()).hexdigest()[:16]
        sets: Item = {
            "k": "refused",
            "s": SCHEMA,
            "m": refusal.at,
            "z": packed(members),
            "ttl": _end_of(refusal.since, self._days),
        }
        item_key = refusal_key(tenant, refusal.since, hashed)
        self._table.change(Write("Update", item_key, adds={"n": refusal.count}, sets=sets))

    def older(self, tenant: str, before: str, limit: int) -> Sequence[tuple[str, Refusal]]:
        """Return up to `limit` of a tenant's refusals before a place, each with its place, newest first."""
        rows = _older(self._table, refusals_partition(tenant), before, limit)
        return [(text(row, "sk"), _refusal_of(row)) for row in rows]


def _end_of(begin: str, days: int) -> int:
    return int((datetime.fromisoformat(begin) + timedelta(days=days)).timestamp())


def _older(table: Table, pk: str, before: str, limit: int) -> Sequence[Row]:
    rows = table.some_between(pk, (_FIRST, before), Direction.DOWN, limit + 1).items
    return [row for row in rows if text(row, "sk") < before][:limit]


def _act_of(row: Row) -> Act:
    stored = packed_members(row, "z", _OF_ACTS)
    return Act(**{**stored, "outcome": Ending(stored["outcome"])})


def _refusal_of(row: Row) -> Refusal:
    stored = packed_members(row, "z", _OF_REFUSALS)
    return Refusal(**{**stored, "count": number(row, "n"), "at": text(row, "m")})
