"""The changed resource itself, as a step of the transaction that changes it."""

from collections.abc import Mapping
from dataclasses import replace

from scim.resource.change import Creation, Update
from scim.store.directory.record import index_keys, item_of, weight_of
from scim.store.dynamodb.codec import packed
from scim.store.dynamodb.values import Value
from scim.store.dynamodb.write import Condition, Step, absent, equals, exists
from scim.store.keys.directory import place_of

ALIVE = (exists("v"), absent("d"))
FREE = (*ALIVE, absent("j"))
INDEX_MOVE = 2
"""A changed key in byLastModified: one entry goes, one comes."""


def created(tenant: str, creation: Creation) -> Step:
    """Return the step on a new resource."""
    place = place_of(tenant, creation.key)
    return Step("Put", place, (absent(),), item=item_of(tenant, creation), index_writes=1)


def updated(tenant: str, update: Update) -> Step:
    """Return the step on the resource: new content, or just that its edges changed.

    New content depends on the version it was made from; edges alone do not.
    """
    before, now = update.before, update.now
    conditions: tuple[Condition, ...] = FREE
    if update.body is not None or update.must_match:
        conditions += (equals("v", before.version),)
    body: dict[str, Value] = {} if update.body is None else {"z": packed(update.body)}
    return Step(
        "Update",
        place_of(tenant, before.key),
        conditions,
        sets={"m": now, **index_keys(tenant, before.key, now), **body},
        adds={"v": 1},
        size=weight_of(before),
        index_writes=index_writes(before.last_modified, now),
    )


def with_counts(head: Step, counts: Mapping[str, int]) -> Step:
    """Return the step with the number of edges of each relation changed."""
    if head.action == "Put":
        return replace(head, item={**head.item, **counts})
    return replace(head, adds={**head.adds, **counts})


def index_writes(before: str, now: str) -> int:
    """Return the index writes of a lastModified that moves on: none within the hour."""
    return 0 if before[:13] == now[:13] else INDEX_MOVE
