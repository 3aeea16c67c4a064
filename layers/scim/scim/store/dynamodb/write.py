"""One write of a transaction, what a transaction may hold, and why one was refused."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
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
    """One clause; `{n}` stands for the attribute's name, `{v}` for the value."""

    clause: str
    attribute: str
    value: Value | None = None


LARGEST, KEY = 4, 500
"""Bytes that a character takes at most, and a partition key with the names of a key."""


@lru_cache(maxsize=256)
def exists(attribute: str = "pk") -> Condition:
    """Return the condition that an attribute, by default the whole item, is there."""
    return Condition("attribute_exists({n})", attribute)


@lru_cache(maxsize=256)
def absent(attribute: str = "pk") -> Condition:
    """Return the condition that an attribute, by default the whole item, is not there."""
    return Condition("attribute_not_exists({n})", attribute)


def equals(attribute: str, value: Value) -> Condition:
    """Return the condition that an attribute has a value."""
    return Condition("{n} = {v}", attribute, value)


def counts(attribute: str, value: int) -> Condition:
    """Return the condition that a counter, absent while nothing was counted, has a value."""
    clause = "{n} = {v}" if value else "(attribute_not_exists({n}) OR {n} = {v})"
    return Condition(clause, attribute, value)


_NOTHING: Final[Item] = MappingProxyType({})


class Write(NamedTuple):
    """One write. `sets`, `adds`, `drops` and `removes` are the clauses of an update.

    `size` is what the item is expected to weigh when the step itself does not show it, and
    `index_writes` what it causes in byLastModified: the meter counts with them.
    `refusal` is what the caller is told when the condition fails, Stale where there is none; `shows_met` whether with the item it met.
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
        """Return one step that does what both do to the same item, on the conditions of both."""
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
        """Return the bytes the item is known or expected to take."""
        key = self.item_key
        of_key = 4 + size_of(key.pk) + size_of(key.sk)
        return max(self.size, of_key + sum(map(size_of_item, (self.item, self.sets, self.adds))))

    def at_most(self) -> int:
        """Return more bytes than the item is known or expected to take: what is told at a glance."""
        # A value is never shorter written down than it is stored.
        told = len(repr((self.item, self.sets, self.adds))) + len(self.item_key.sk)
        return self.size + LARGEST * (told + KEY)

    def link_bytes(self) -> int:
        """Return the bytes added to sets of the item, and taken from them: what was there counts, too."""
        changed = (*self.adds.values(), *self.drops.values())
        return sum(size_of(value) for value in changed if isinstance(value, frozenset))

    def units(self) -> int:
        """Return the write capacity the step takes."""
        return self.units_of(self.weight())

    def units_of(self, weight: int) -> int:
        """Return the write capacity the step takes where its item weighs so many bytes."""
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
        said = expressions(
            tuple(self.sets),
            tuple(self.adds),
            tuple(self.drops),
            self.removes,
            tuple([(each.clause, each.attribute, each.value is not None) for each in conditions]),
        )
        if said.update:
            body["UpdateExpression"] = said.update
        if said.condition:
            body["ConditionExpression"] = said.condition
            if self.shows_met:
                body["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
        if said.names:
            body["ExpressionAttributeNames"] = said.names
        if said.placeholders:
            values = [*self.sets.values(), *self.adds.values(), *self.drops.values()]
            values += [each.value for each in conditions if each.value is not None]
            told = zip(said.placeholders, map(encoded, values), strict=True)
            body["ExpressionAttributeValues"] = dict(told)
        return {self.action: body}


def joined(writes: Iterable[Write]) -> list[Write]:
    """Return the steps with those on one item made one: a transaction takes no two."""
    found: dict[ItemKey, Write] = {}
    for write in writes:
        had = found.get(write.item_key)
        found[write.item_key] = write if had is None else had.merged(write)
    return list(found.values())


def _summed(one: Item, other: Item) -> Mapping[str, Value]:
    both = dict(one)
    for name, value in other.items():
        had = both.get(name)
        match had, value:
            case int(), int():
                both[name] = had + value
            case frozenset(), frozenset():
                both[name] = had | value
            case _:
                both[name] = value
    return both


MAX_STEPS = 100
MAX_BYTES = 4_000_000
MAX_ITEM_BYTES = 350_000
CONDITION = "ConditionalCheckFailed"


@immutable
class Failure:
    """A step whose condition failed, and the item it met, empty when there was none or it is not shown."""

    write: Write
    item: Mapping[str, Value]


def failures_of(writes: Sequence[Write], reasons: Sequence[Mapping[str, Any]]) -> list[Failure]:
    """Return the steps whose own condition failed, with the items they met."""
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
        """Return what the first failed step means, unless the whole was made before."""
        refusals = [failure.write.refusal or Stale() for failure in self.failures]
        from scim.resource.change import AlreadyMade  # noqa: PLC0415 - not for the authorizer

        return next((each for each in refusals if isinstance(each, AlreadyMade)), refusals[0])

    def of(self, write: Write) -> Failure | None:
        """Return the failure of that step, or None when its condition held."""
        return next((f for f in self.failures if f.write is write), None)


def cost_of(meter: Meter, writes: Sequence[Write], weights: Sequence[int]) -> Cost:
    """Return what a transaction costs: `weights` are the bytes that the steps show."""
    units = 0
    for write, weight in zip(writes, weights, strict=True):
        links = write.link_bytes()
        known = meter.weight_read(*write.item_key) if links else 0
        units += write.units_of(max(weight, known + links))
    return Cost(1, 0, units)


def check_bounds(weights: Sequence[int]) -> None:
    """Raise PayloadTooLarge where DynamoDB would refuse; no emulator knows all of its bounds.

    `weights` are the bytes of the items that are written.
    """
    if max(weights) > MAX_ITEM_BYTES:
        raise PayloadTooLarge(f"A resource may take up to {MAX_ITEM_BYTES} bytes when stored.")
    if len(weights) > MAX_STEPS or sum(weights) > MAX_BYTES:
        raise too_much()
