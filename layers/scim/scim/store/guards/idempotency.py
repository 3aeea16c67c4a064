"""The results of requests with an Idempotency-Key (docs/guards.md).

`f` is the hash of the request, `at` the time since which a request has the key in seconds since 1970 (0: no
request has it), `nonce` the write that took the key, `i` the id of the resource that it created, written in the
same transaction, `z` the response.
"""

from collections.abc import Mapping
from contextlib import suppress

from scim.errors import Conflict
from scim.resource.history.once import LEASE, Earlier, Once
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.values import SCHEMA, Item, number, packed, packed_object, text
from scim.store.dynamodb.write import (
    NONCE,
    Condition,
    ConditionFailed,
    Write,
    absent,
    equals,
    new_nonce,
)
from scim.store.keys.directory import idempotency_key

MOST_BYTES = 300_000
"""A larger response is not kept; a repeated request gets the resource as it then is."""
ROUNDS = 4


class IdempotencyKeys:
    """Keeps each key for `seconds`, 0 for not at all."""

    def __init__(self, table: Table, seconds: int) -> None:
        self._table = table
        self._seconds = seconds

    @property
    def is_on(self) -> bool:
        return self._seconds > 0

    def end_of(self, tenant: str, once: Once) -> int:
        """Return when the key expires, in seconds since 1970: the same for all requests with it."""
        row = self._table.item(idempotency_key(tenant, once.name))
        return once.at + self._seconds if row is None else number(row, "ttl")

    def begin(self, tenant: str, once: Once, fingerprint: str) -> Earlier | None:
        """Take the key, or return the state of the request that has it. Costs one write."""
        item_key, now = idempotency_key(tenant, once.name), once.at
        item: Item = {
            "k": "once",
            "s": SCHEMA,
            "f": fingerprint,
            "at": now,
            "ttl": now + self._seconds,
            NONCE: new_nonce(),
        }
        # DynamoDB may take days to remove an expired item.
        is_free = Condition("(attribute_not_exists({n}) OR {n} <= {v})", "ttl", now)
        for _ in range(ROUNDS):
            if self._table.put_alone(Write("Put", item_key, (is_free,), item=item)):
                return None
            met = self._table.item(item_key)
            if met is None:
                continue
            is_held = "i" in met or "z" in met or number(met, "at") + LEASE > now
            if is_held or text(met, "f") != fingerprint:
                return _earlier(met)
            # The request that had it has released it, or has died without a response.
            conditions = equals("at", number(met, "at")), absent("i"), absent("z")
            with suppress(ConditionFailed):
                self._table.change_once(Write("Update", item_key, conditions, sets={"at": now}))
                return None
        return Earlier(fingerprint)

    def keep(self, tenant: str, once: Once, answer: Mapping[str, object]) -> None:
        """Keep the response to the request, as long as the key is kept."""
        content = packed(answer)
        if len(content) > MOST_BYTES:
            return
        item_key = idempotency_key(tenant, once.name)
        size = len(content) + 400
        is_mine = equals("at", once.at)
        with suppress(ConditionFailed):
            self._table.change(
                Write("Update", item_key, (is_mine,), sets={"z": content}, size=size)
            )

    def release(self, tenant: str, once: Once) -> None:
        """Allow a repeated request to take the key and continue."""
        item_key = idempotency_key(tenant, once.name)
        with suppress(ConditionFailed):
            self._table.change(Write("Update", item_key, (equals("at", once.at),), sets={"at": 0}))

    def forget(self, tenant: str, once: Once) -> None:
        """Remove a key under which nothing was created."""
        conditions = equals("at", once.at), absent("i")
        with suppress(ConditionFailed):
            self._table.write([Write("Delete", idempotency_key(tenant, once.name), conditions)])


def created_id_put(tenant: str, once: Once | None, id_: str) -> list[Write]:
    """Return the step that records the created id under the key, or none without a key."""
    if once is None:
        return []
    return [
        Write(
            "Update",
            idempotency_key(tenant, once.name),
            (equals("at", once.at), absent("i")),
            sets={"i": id_},
            refusal=Conflict(
                "A request with this Idempotency-Key is in progress; try again later."
            ),
        )
    ]


def created_id_removed(tenant: str, once: Once | None) -> list[Write]:
    """Return the step that removes the created id from the key, or none without a key."""
    if once is None:
        return []
    item_key = idempotency_key(tenant, once.name)
    return [Write("Update", item_key, (equals("at", once.at),), removes=("i",))]


def _earlier(met: Item) -> Earlier:
    answer = packed_object(met, "z") if "z" in met else None
    return Earlier(text(met, "f"), text(met, "i") if "i" in met else "", answer)
