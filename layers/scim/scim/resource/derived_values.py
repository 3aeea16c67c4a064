"""Completes bodies with values that the server derives (see schema.resource_type)."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from scim.errors import InvalidValue, Uniqueness
from scim.immutable import REMEMBERED
from scim.resource.body import attributes_of, value_at, values_at, with_value
from scim.resource.fold import folded, key_of
from scim.schema.resource_type import AttributeRef, Derived, Moment, ResourceType

MOST_TRIES = 100
"""The most numbers tried for a unique name; after that, the client must send a name."""

IsTaken = Callable[[str, str], bool]
"""Returns whether a resource has a value of an attribute; the value is given as the key of its index."""


def with_derived(
    resource_type: ResourceType,
    body: Mapping[str, object],
    read_only_values: Mapping[str, object],
    is_taken: IsTaken,
) -> dict[str, object]:
    """Return the body of a new resource with all derived values.

    `read_only_values` are the readOnly values that the client sent. Raises InvalidValue when the sources of a value
    are missing, Uniqueness when too many values were derived from the same source.
    """
    sources = {**body, **read_only_values}
    completed = dict(body)
    for derived, ref in _wanted(resource_type, completed, resource_type.derived):
        value = _value(resource_type, derived, ref, sources)
        if value is None:
            names = " or ".join(derived.sources)
            raise InvalidValue(f"{ref}: is made of {names}, so a value is required there")
        if derived.is_unique:
            value = _free(derived, ref, str(value), is_taken)
        completed = with_value(completed, ref.container, ref.attribute.name, value)
    return completed


def with_defaults(resource_type: ResourceType, body: Mapping[str, object]) -> dict[str, object]:
    """Return a written body with the derived values that it must always have."""
    writing = [
        derived_value
        for derived_value in resource_type.derived
        if derived_value.moment is Moment.WRITING
    ]
    completed = dict(body)
    for derived, ref in _wanted(resource_type, completed, writing):
        value = _value(resource_type, derived, ref, completed)
        completed = with_value(completed, ref.container, ref.attribute.name, value)
    return completed


def _wanted(
    resource_type: ResourceType, body: Mapping[str, object], declared: Iterable[Derived]
) -> Iterator[tuple[Derived, AttributeRef]]:
    for derived in declared:
        ref = resource_type.named(derived.attribute)
        if ref is not None and value_at(body, ref.container, ref.attribute.name) is None:
            yield derived, ref


def _value(
    resource_type: ResourceType, derived: Derived, ref: AttributeRef, sources: Mapping[str, object]
) -> object:
    for name in derived.sources:
        source = resource_type.named(name)
        values = () if source is None else _primary_first(sources, source)
        texts = [value for value in values if isinstance(value, str) and value.strip()]
        if texts:
            return texts[0]
    return derived.constant_for(ref.leaf)


def _primary_first(sources: Mapping[str, object], source: AttributeRef) -> tuple[object, ...]:
    elements = value_at(sources, source.container, source.attribute.name)
    if source.sub is None or not isinstance(elements, list):
        return values_at(sources, source)
    ordered = sorted(
        (element for element in elements if isinstance(element, Mapping)),
        key=lambda element: element.get("primary") is not True,
    )
    return tuple(element.get(source.sub.name) for element in ordered)


def _free(derived: Derived, ref: AttributeRef, value: str, is_taken: IsTaken) -> str:
    for number in range(1, MOST_TRIES + 1):
        candidate = value if number == 1 else f"{value}-{number}"
        if not is_taken(derived.attribute, key_of(folded(ref.leaf, candidate))):
            return candidate
    raise Uniqueness(f"Every {ref} that could be made is already taken.")


Naming = Callable[[], str]
"""Returns a name that no value has."""


def with_value_names(
    resource_type: ResourceType, body: Mapping[str, object], naming: Naming
) -> dict[str, object]:
    """Return the body with a name for each value without one, for attributes whose values have names."""
    completed = dict(body)
    for container, name, part in _with_names(resource_type):
        values = value_at(completed, container, name)
        if not isinstance(values, list):
            continue
        values_with_names = [_named(value, part, naming) for value in values]
        if values_with_names != values:
            completed = with_value(completed, container, name, values_with_names)
    return completed


@lru_cache(maxsize=REMEMBERED)
def _with_names(resource_type: ResourceType) -> Sequence[tuple[str | None, str, str]]:
    """Return the attributes whose values have names, with the sub-attribute that is the name."""
    return [
        (container, attribute.name, attribute.known_by)
        for container, attribute in attributes_of(resource_type)
        if attribute.known_by is not None
    ]


def _named(value: object, part: str, naming: Naming) -> object:
    if not isinstance(value, Mapping) or value.get(part):
        return value
    return {**value, part: naming()}
