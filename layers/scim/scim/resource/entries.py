"""The index entries a body has: what the store keeps in key order (see ResourceType.indexes)."""

import unicodedata
from collections.abc import Iterator, Mapping

from scim.errors import InvalidValue
from scim.resource.fold import folded, key_of
from scim.resource.place import values_at
from scim.resource.pointers import pointed
from scim.resource.record import Entry
from scim.schema.outline import Outline, outline_of
from scim.schema.resource_type import Index, Place, ResourceType

_UNSTABLE = frozenset({"Cn", "Cs"})
"""Unassigned code points and surrogates: how they fold may change with the next Unicode."""


def entries_of(resource_type: ResourceType, body: Mapping[str, object]) -> frozenset[Entry]:
    """Return the entries of all declared indexes for the body.

    Raises InvalidValue when a value that must be unique cannot be compared reliably.
    """
    return entries_by(outline_of(resource_type), body)


def entries_by(outline: Outline, body: Mapping[str, object]) -> frozenset[Entry]:
    """Return the entries of a body of a type that only the outline is known of."""
    targets = {
        each.index: key.type
        for each in outline.references
        if (key := pointed(each, body)) is not None
    }
    return frozenset(
        entry
        for index, place in outline.indexes
        for entry in _entries(index, place, body, targets.get(index.attribute, ""))
    )


def _entries(
    index: Index, place: Place, body: Mapping[str, object], target: str
) -> Iterator[Entry]:
    for value in values_at(body, place):
        text = folded(place.leaf, value)
        if index.is_unique:
            _require_comparable(index.attribute, value, text)
        yield Entry(index.attribute, key_of(text), index.is_unique, target)


def _require_comparable(name: str, value: object, text: str) -> None:
    if not text:
        raise InvalidValue(f"{name}: expected at least one visible character")
    if any(unicodedata.category(char) in _UNSTABLE for char in str(value)):
        raise InvalidValue(f"{name}: contains a character Unicode does not define")
