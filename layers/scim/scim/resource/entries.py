"""The index entries a body has: what the store keeps in key order (see ResourceType.indexes)."""

import unicodedata
from collections.abc import Iterator, Mapping

from scim.errors import InvalidValue
from scim.resource.fold import folded, key_of
from scim.resource.place import values_at
from scim.resource.record import Entry
from scim.schema.resource_type import Index, ResourceType

_UNSTABLE = frozenset({"Cn", "Cs"})
"""Unassigned code points and surrogates: how they fold may change with the next Unicode."""


def entries_of(resource_type: ResourceType, body: Mapping[str, object]) -> frozenset[Entry]:
    """Return the entries of all declared indexes for the body.

    Raises InvalidValue when a value that must be unique cannot be compared reliably.
    """
    return frozenset(
        entry for index in resource_type.indexes for entry in _entries(resource_type, index, body)
    )


def _entries(
    resource_type: ResourceType, index: Index, body: Mapping[str, object]
) -> Iterator[Entry]:
    place = resource_type.named(index.attribute)
    if place is None:
        return
    for value in values_at(body, place):
        text = folded(place.leaf, value)
        if index.is_unique:
            _require_comparable(index.attribute, value, text)
        yield Entry(index.attribute, key_of(text), index.is_unique)


def _require_comparable(name: str, value: object, text: str) -> None:
    if not text:
        raise InvalidValue(f"{name}: expected at least one visible character")
    if any(unicodedata.category(char) in _UNSTABLE for char in str(value)):
        raise InvalidValue(f"{name}: contains a character Unicode does not define")
