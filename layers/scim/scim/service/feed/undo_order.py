"""The order of the operations of an undo: a name is freed before a resource takes it back."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from scim.resource.record import Key
from scim.schema.resource_type import ResourceType
from scim.service.bulk.waves import Mark
from scim.service.feed.trace import Trace

_K = TypeVar("_K")
Operation = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Claim:
    """An operation with the unique values that it takes, and those that it frees.

    `placeholder` frees all of these by other values in their place; `after_placeholder` then follows instead of
    the operation.
    """

    operation: Operation
    takes: frozenset[Mark] = frozenset()
    frees: frozenset[Mark] = frozenset()
    placeholder: Operation | None = None
    after_placeholder: Operation | None = None


def names_freed_first(claims: Sequence[Claim]) -> list[Operation]:
    """Return the operations in their order, but each after those that free what it takes.

    Where resources take each other's values, there is no such order: one of them first gets another value.
    """
    freeing: dict[Mark, list[int]] = {}
    for number, claim in enumerate(claims):
        for value in claim.frees:
            freeing.setdefault(value, []).append(number)

    def freeing_for(number: int) -> list[int]:
        return sorted(other for value in claims[number].takes for other in freeing.get(value, ()))

    operations: list[Operation] = []
    waiting = dict(enumerate(claims))
    for number in _ordered(range(len(claims)), freeing_for):
        claim = waiting.pop(number)
        for other in freeing_for(number):
            late = waiting.get(other)
            if (
                late is not None
                and late.placeholder is not None
                and late.after_placeholder is not None
            ):
                operations.append(late.placeholder)
                waiting[other] = Claim(late.after_placeholder)
        operations.append(claim.operation)
    return operations


def referrers_first(
    created: Sequence[tuple[Trace, ResourceType]],
) -> Iterator[tuple[Trace, ResourceType]]:
    """Yield resources before those they refer to: deleting a target first would change its referrers."""
    by_key = {trace.key: (trace, type_) for trace, type_ in created}
    keys_by_id: dict[str, list[Key]] = {}
    for key in by_key:
        keys_by_id.setdefault(key.id, []).append(key)
    referrers: dict[Key, list[Key]] = {}
    for trace, _ in created:
        targets = {Key(type_, id_) for _, type_, id_ in trace.edges}
        targets |= {key for id_ in values_in(trace.holds) for key in keys_by_id.get(id_, ())}
        for target in targets:
            if target in by_key and target != trace.key:
                referrers.setdefault(target, []).append(trace.key)
    return (by_key[key] for key in _ordered(by_key, lambda key: referrers.get(key, ())))


def _ordered(keys: Iterable[_K], earlier: Callable[[_K], Sequence[_K]]) -> Iterator[_K]:
    """Yield the keys in their order, but each after its earlier ones; of those in a circle, one comes too soon."""
    visited = set[_K]()
    for root in keys:
        waiting = [(root, False)]
        while waiting:
            key, is_ready = waiting.pop()
            if is_ready:
                yield key
            elif key not in visited:
                visited.add(key)
                waiting.append((key, True))
                waiting += [
                    (other, False) for other in reversed(earlier(key)) if other not in visited
                ]


def referred_ids(traces: Iterable[tuple[Trace, ResourceType]]) -> frozenset[str]:
    """Return the ids to which resources of types with references refer now, or seem to."""
    return frozenset(
        id_ for trace, type_ in traces if type_.references for id_ in values_in(trace.holds)
    )


def values_in(value: object) -> Iterator[str]:
    """Yield every `value` in an attribute, at any depth."""
    match value:
        case {"value": str(text)}:
            yield text
        case Mapping():
            for member in value.values():
                yield from values_in(member)
        case list():
            for member in value:
                yield from values_in(member)
