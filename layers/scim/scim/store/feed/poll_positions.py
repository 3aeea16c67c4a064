"""The positions in the log that each receiver of events has acknowledged."""

from collections.abc import Sequence

from scim.access.token import hash_of
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.values import SCHEMA, Item, packed, packed_list
from scim.store.keys.feed import poll_key


class DynamoPollPositions:
    """Implements the port `PollPositions`; see there for the rules."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def of(self, tenant: str, receiver: str) -> tuple[int, ...] | None:
        """Return the receiver's position in each lane, None if it never polled."""
        row = self._table.item(poll_key(tenant, hash_of(receiver)))
        return None if row is None else tuple(packed_list(row, "z"))

    def save(self, tenant: str, receiver: str, positions: Sequence[int]) -> None:
        """Store the position in each lane."""
        item: Item = {"k": "poll", "s": SCHEMA, "z": packed(list(positions))}
        self._table.put(poll_key(tenant, hash_of(receiver)), item)
