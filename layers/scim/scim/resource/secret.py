"""Values that no response may contain. Of these, secrets are removed from the body before it is stored."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from scim.immutable import REMEMBERED
from scim.resource.body import attributes_of, value_at, with_value
from scim.schema.resource_type import ResourceType
from scim.schema.schema import Attribute, Returned


def without_secrets(resource_type: ResourceType, body: Mapping[str, object]) -> dict[str, object]:
    """Return the body to store: without its secret attributes and parts."""
    return _without(_secrets(resource_type), body)


def without_hidden(resource_type: ResourceType, body: Mapping[str, object]) -> dict[str, object]:
    """Return the body, or a part of it, without the attributes and parts that are never returned."""
    return _without(_hidden(resource_type), body)


def is_hidden(attribute: Attribute) -> bool:
    """Return whether no response contains the attribute."""
    return attribute.returned is Returned.NEVER or attribute.is_secret


class _Place(NamedTuple):
    """An attribute to leave out, or the parts of it to leave out."""

    container: str | None
    name: str
    is_whole: bool
    parts: tuple[str, ...]


@lru_cache(maxsize=REMEMBERED)
def _secrets(resource_type: ResourceType) -> Sequence[_Place]:
    return _places(resource_type, lambda attribute: attribute.is_secret)


@lru_cache(maxsize=REMEMBERED)
def _hidden(resource_type: ResourceType) -> Sequence[_Place]:
    return _places(resource_type, is_hidden)


def _places(resource_type: ResourceType, is_meant: Callable[[Attribute], bool]) -> Sequence[_Place]:
    places = [
        _Place(
            container,
            each.name,
            is_meant(each),
            tuple(sub.name for sub in each.sub_attributes if is_meant(sub)),
        )
        for container, each in attributes_of(resource_type)
    ]
    return [place for place in places if place.is_whole or place.parts]


def _without(places: Sequence[_Place], body: Mapping[str, object]) -> dict[str, object]:
    kept = dict(body)
    for place in places:
        value = value_at(kept, place.container, place.name)
        if value is not None:
            left = None if place.is_whole else without_parts(value, place.parts)
            kept = with_value(kept, place.container, place.name, left)
    return kept


def without_parts(value: object, names: Sequence[str]) -> object:
    """Return the value or values of an attribute without these parts, None if nothing is left."""
    if isinstance(value, list):
        return [left for each in value if (left := without_parts(each, names)) is not None] or None
    if not isinstance(value, Mapping):
        return value
    return {name: part for name, part in value.items() if name not in names} or None
