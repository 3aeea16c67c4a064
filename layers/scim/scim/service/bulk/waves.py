"""The steps that can run side by side with the same result as one after the other.

Adjacent creations in the plan are independent unless one refers to the other or both want the same
unique value; deletions of different resources always are. All other steps keep their place in
the order.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby

from scim.immutable import REMEMBERED
from scim.resource.fold import folded
from scim.schema.catalogue import Catalogue
from scim.schema.resource_type import ResourceType
from scim.schema.schema import Attribute
from scim.service.bulk.plan import Step, needs_of
from scim.service.bulk.request import Method

Wave = tuple[Step, ...]
Mark = tuple[str, ...]
_Marks = frozenset[Mark]
"""What a step claims for itself: two steps with a common mark keep their order."""


def one_by_one(steps: Sequence[Step]) -> tuple[Wave, ...]:
    """Return every step as a wave of its own."""
    return tuple((step,) for step in steps)


def waves_of(steps: Sequence[Step], catalogue: Catalogue) -> tuple[Wave, ...]:
    """Return the steps in waves; the steps of one wave can run in any order, also side by side."""
    return tuple(
        wave
        for kind, group in groupby(steps, lambda step: _kind(step, catalogue))
        for wave in (one_by_one(list(group)) if kind is None else _levels(list(group), catalogue))
    )


def _kind(step: Step, catalogue: Catalogue) -> Method | None:
    """Return the method that steps beside this one must have; None if it must run alone."""
    operation = step.operation
    resource_type = catalogue.by_endpoint(operation.segment)
    is_stored = resource_type is not None and resource_type.edges_of is None
    match operation.method:
        case Method.POST if is_stored and not step.is_link:
            return operation.method
        case Method.DELETE if is_stored and operation.version is None:
            return operation.method
        case _:
            return None


def _levels(steps: Sequence[Step], catalogue: Catalogue) -> Iterator[Wave]:
    claimed: dict[tuple[str, ...], int] = {}
    levels: dict[int, list[Step]] = {}
    for step in steps:
        needed_marks = {("bulkId", name) for name in needs_of(step.operation) - step.deferred}
        marks = _marks(step, catalogue)
        level = 1 + max((claimed.get(mark, 0) for mark in needed_marks | marks), default=0)
        claimed.update(dict.fromkeys(marks, level))
        levels.setdefault(level, []).append(step)
    return (tuple(levels[level]) for level in sorted(levels))


def _marks(step: Step, catalogue: Catalogue) -> _Marks:
    operation = step.operation
    resource_type = catalogue.by_endpoint(operation.segment)
    if operation.method is Method.DELETE or resource_type is None:
        return frozenset({("id", operation.segment, operation.id or "")})
    bulk_id_mark = frozenset({("bulkId", operation.bulk_id or "")})
    return bulk_id_mark | frozenset(unique_values(resource_type, operation.data))


def unique_values(resource_type: ResourceType, data: Mapping[str, object]) -> Iterator[Mark]:
    """Yield the values that a new resource may claim: rather too many than too few."""
    for attribute, leaf, name in _unique_leaves(resource_type):
        for value in _values_named(name, data):
            try:
                text = folded(leaf, value)
            except ValueError:
                continue  # refused when the operation runs
            yield "value", resource_type.name, attribute, text


@lru_cache(maxsize=REMEMBERED)
def _unique_leaves(resource_type: ResourceType) -> tuple[tuple[str, Attribute, str], ...]:
    """Return the unique indexed attributes, each with its leaf and the leaf's name in lower case."""
    refs = [
        (index.attribute, resource_type.named(index.attribute))
        for index in resource_type.indexes
        if index.is_unique
    ]
    return tuple((name, ref.leaf, ref.leaf.name.lower()) for name, ref in refs if ref is not None)


def _values_named(name: str, value: object) -> list[object]:
    values: list[object] = []
    if isinstance(value, dict | Mapping):
        for key, member in value.items():
            if str(key).lower().endswith(name):
                values += member if isinstance(member, list) else (member,)
            if not isinstance(member, str):
                values += _values_named(name, member)
    elif isinstance(value, list):
        for member in value:
            values += _values_named(name, member)
    return values
