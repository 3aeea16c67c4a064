"""One write of a transaction, the bounds of a transaction, and the reasons for a refusal."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from os import urandom
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple

from scim.errors import PayloadTooLarge
from scim.immutable import immutable
from scim.resource.record import Stale
from scim.store.dynamodb.capacity import Cost, Meter, size_of, size_of_item, write_units
from scim.store.dynamodb.expressions import expressions, too_much
from scim.store.dynamodb.values import (
    Item,
    Value,
    decoded_item,
    encoded,
    encoded_item,
    encoded_key,
)
from scim.store.keys.directory import ItemKey

Request = dict[str, dict[str, object]]
Action = Literal["Put", "Update", "Delete", "ConditionCheck"]


@immutable
class Condition:
    """One condition; `{n}` in the clause stands for the attribute's name, `{v}` for the value."""

    clause: str
    attribute: str
    value: Value | None = None


LARGEST, KEY = 4, 500
"""The most bytes that a character takes, and that a partition key takes with the names of both key attributes."""


@lru_cache(maxsize=256)
def exists(attribute: str = "pk") -> Condition:
    """Return the condition that an attribute exists, by default the whole item."""
    return Condition("attribute_exists({n})", attribute)


@lru_cache(maxsize=256)
def absent(attribute: str = "pk") -> Condition:
    """Return the condition that an attribute does not exist, by default the whole item."""
    return Condition("attribute_not_exists({n})", attribute)


def equals(attribute: str, value: Value) -> Condition:
    """Return the condition that an attribute has a value."""
    return Condition("{n} = {v}", attribute, value)


def counts(attribute: str, value: int) -> Condition:
    """Return the condition that a counter has a value; a counter is absent while it is 0."""
    clause = "{n} = {v}" if value else "(attribute_not_exists({n}) OR {n} = {v})"
    return Condition(clause, attribute, value)


NONCE: Final = "nonce"
"""The attribute that names the write which changed an item last. A write whose response got lost meets its own."""


def new_nonce() -> str:
    """Return 128 random bits, which no other write has."""
    return urandom(16).hex()


_NOTHING: Final[Item] = MappingProxyType({})


class Write(NamedTuple):
    """One write. `sets`, `adds`, `drops` and `removes` are the clauses of an update.

    `size` is the expected size of the item in bytes, if the step itself does not show it. `index_writes` is
    the number of units that the step costs in byLastModified. The meter uses both. `refusal` is the error to
    raise when the condition fails, by default Stale. `shows_met` asks for the existing item in that case.
    """

    action: Action
    item_key: ItemKey
    conditions: tuple[Condition, ...] = ()
    item: Item = _NOTHING
    sets: Item = _NOTHING
    adds: Item = _NOTHING
    drops: Item = _NOTHING
    removes: tuple[str, ...] = ()
    size: int = 0
    index_writes: int = 0
    refusal: Exception | None = None
    shows_met: bool = True

    def merged(self, other: "Write") -> "Write":
        """Return one step with the effects and the conditions of both steps on the same item."""
        return self._replace(
            conditions=tuple(dict.fromkeys((*self.conditions, *other.conditions))),
            adds=_summed(self.adds, other.adds),
            drops={**self.drops, **other.drops},
            sets={**self.sets, **other.sets},
            removes=tuple(dict.fromkeys((*self.removes, *other.removes))),
            size=max(self.size, other.size),
            index_writes=max(self.index_writes, other.index_writes),
            shows_met=self.shows_met or other.shows_met,
        )

    def weight(self) -> int:
        """Return the known or expected size of the item in bytes."""
        key = self.item_key
        of_key = 4 + size_of(key.pk) + size_of(key.sk)
        return max(self.size, of_key + sum(map(size_of_item, (self.item, self.sets, self.adds))))

    def content_bytes(self) -> int:
        """Return the bytes of the item that the step sends, without what it adds to sets and counters."""
        key = self.item_key
        return (
            4
            + size_of(key.pk)
            + size_of(key.sk)
            + size_of_item(self.item)
            + size_of_item(self.sets)
        )

    def at_most(self) -> int:
        """Return an upper bound of `weight`, in bytes, that is cheap to compute."""
        # The repr of a value is never shorter than its stored form.
        characters = len(repr((self.item, self.sets, self.adds))) + len(self.item_key.sk)
        return self.size + LARGEST * (characters + KEY)

    def link_bytes(self) -> int:
        """Return the bytes that are added to and deleted from the item's sets; the item's other bytes count on top."""
        changed = (*self.adds.values(), *self.drops.values())
        return sum(size_of(value) for value in changed if isinstance(value, frozenset))

    def units(self) -> int:
        """Return the write capacity units of the step."""
        return self.units_of(self.weight())

    def units_of(self, weight: int) -> int:
        """Return the write capacity units of the step if its item has `weight` bytes."""
        return write_units(weight) + self.index_writes

    def request(self, table: str) -> Request:
        """Return the step as an element of TransactItems."""
        body: dict[str, object] = {"TableName": table}
        if self.action == "Put":
            body["Item"] = encoded_key(*self.item_key) | encoded_item(self.item)
        else:
            body["Key"] = encoded_key(*self.item_key)
        conditions = self.conditions
        if not conditions and self.action != "Update":
            return {self.action: body}
        clauses = expressions(
            tuple(self.sets),
            tuple(self.adds),
            tuple(self.drops),
            self.removes,
            tuple([(c.clause, c.attribute, c.value is not None) for c in conditions]),
        )
        if clauses.update:
            body["UpdateExpression"] = clauses.update
        if clauses.condition:
            body["ConditionExpression"] = clauses.condition
            if self.shows_met:
                body["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
        if clauses.names:
            body["ExpressionAttributeNames"] = clauses.names
        if clauses.placeholders:
            values = [*self.sets.values(), *self.adds.values(), *self.drops.values()]
            values += [condition.value for condition in conditions if condition.value is not None]
            values_by_placeholder = zip(clauses.placeholders, map(encoded, values), strict=True)
            body["ExpressionAttributeValues"] = dict(values_by_placeholder)
        return {self.action: body}


def merged_by_item(writes: Iterable[Write]) -> list[Write]:
    """Return the steps, with those on the same item merged: a transaction takes one step for each item."""
    writes_by_item: dict[ItemKey, Write] = {}
    for write in writes:
        earlier = writes_by_item.get(write.item_key)
        writes_by_item[write.item_key] = write if earlier is None else earlier.merged(write)
    return list(writes_by_item.values())


def _summed(item: Item, other: Item) -> Mapping[str, Value]:
    total = dict(item)
    for name, value in other.items():
        earlier = total.get(name)
        match earlier, value:
            case int(), int():
                total[name] = earlier + value
            case frozenset(), frozenset():
                total[name] = earlier | value
            case _:
                total[name] = value
    return total


MAX_STEPS = 100
MAX_BYTES = 4_000_000
MAX_ITEM_BYTES = 350_000
"""The most bytes that a step may send of an item. The rest of DynamoDB's 409,600 is for links, which others add."""
CONDITION = "ConditionalCheckFailed"


@immutable
class Failure:
    """A step whose condition failed, and the existing item. That is empty if there is none or it was not asked for."""

    write: Write
    item: Mapping[str, Value]


def failures_of(writes: Sequence[Write], reasons: Sequence[Mapping[str, Any]]) -> list[Failure]:
    """Return the steps whose own condition failed, with the existing items."""
    return [
        Failure(write, decoded_item(reason.get("Item", {})))
        for write, reason in zip(writes, reasons, strict=False)
        if reason.get("Code") == CONDITION
    ]


class ConditionFailed(Exception):
    """Conditions failed and nothing was written; `failures` are in the order of the steps."""

    def __init__(self, failures: Sequence[Failure]) -> None:
        super().__init__("a condition failed")
        self.failures = tuple(failures)

    def cause(self) -> Exception:
        """Return the refusal of the first failed step, or AlreadyMade if any step shows that."""
        refusals = [failure.write.refusal or Stale() for failure in self.failures]
        from scim.resource.change import AlreadyMade  # noqa: PLC0415 - not for the authorizer

        return next(
            (refusal for refusal in refusals if isinstance(refusal, AlreadyMade)), refusals[0]
        )

    def of(self, write: Write) -> Failure | None:
        """Return the failure of that step, or None if its condition held."""
        return next((failure for failure in self.failures if failure.write is write), None)


class Outgrown(PayloadTooLarge):
    """Items would have become larger than DynamoDB allows, and nothing was written; `item_keys` are theirs."""

    def __init__(self, item_keys: Iterable[ItemKey]) -> None:
        super().__init__(
            "A resource would become larger than the store takes: it is linked to too often."
        )
        self.item_keys = frozenset(item_keys)


def outgrown(writes: Sequence[Write], reasons: Sequence[Mapping[str, Any]]) -> Outgrown | None:
    """Return the error for the steps that DynamoDB refused because of the size of their items, None if there are none."""
    item_keys = [
        write.item_key
        for write, reason in zip(writes, reasons, strict=False)
        if _is_too_large(reason)
    ]
    return Outgrown(item_keys) if item_keys else None


def _is_too_large(reason: Mapping[str, Any]) -> bool:
    # We check the size of what we send, but only DynamoDB knows the size of an item that an update
    # enlarges. Of all its validation errors, only the message identifies this one.
    return reason.get("Code") == "ValidationError" and "size" in str(reason.get("Message"))


def cost_of(meter: Meter, writes: Sequence[Write], weights: Sequence[int]) -> Cost:
    """Return the cost of a transaction; `weights` are the sizes in bytes that the steps show."""
    units = 0
    for write, weight in zip(writes, weights, strict=True):
        links = write.link_bytes()
        weight_read = meter.weight_read(*write.item_key) if links else 0
        units += write.units_of(max(weight, weight_read + links))
    return Cost(1, 0, units)


def check_bounds(writes: Sequence[Write], weights: Sequence[int]) -> None:
    """Raise PayloadTooLarge where DynamoDB would refuse; no emulator enforces all of its bounds.

    `weights` are the sizes in bytes of the items that are written. Only DynamoDB knows whether the links of an
    item still fit.
    """
    heavy = (
        write for write, weight in zip(writes, weights, strict=True) if weight > MAX_ITEM_BYTES
    )
    if any(write.content_bytes() > MAX_ITEM_BYTES for write in heavy):
        raise PayloadTooLarge(f"A resource may take up to {MAX_ITEM_BYTES} bytes when stored.")
    if len(weights) > MAX_STEPS or sum(weights) > MAX_BYTES:
        raise too_much()
