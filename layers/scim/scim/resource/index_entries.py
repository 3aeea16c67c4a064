"""The index entries and references of a body, which the store keeps in key order."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from scim.errors import InvalidValue
from scim.immutable import REMEMBERED
from scim.resource.body import value_at, values_at
from scim.resource.fold import folded, key_of
from scim.resource.record import Entry, Key, Pointer
from scim.schema.outline import Outline, outline_of
from scim.schema.resource_type import AttributeRef, Index, Reference, ResourceType
from scim.schema.schema import split_name


def pointers_in(references: Iterable[Reference], body: Mapping[str, object]) -> frozenset[Pointer]:
    """Return the references in the body that name a resource."""
    keys = ((reference, pointed(reference, body)) for reference in references)
    return frozenset(
        Pointer(reference.attribute, key) for reference, key in keys if key is not None
    )


def pointed(reference: Reference, body: Mapping[str, object]) -> Key | None:
    """Return the resource that a reference in the body names, None if it names none."""
    value = referring_value(reference, body)
    id_ = None if value is None else value.get("value")
    if value is None or not isinstance(id_, str):
        return None
    type_ = value.get("type")
    return Key(str(type_) if type_ in reference.targets else reference.targets[0], id_)


def referring_value(
    reference: Reference, body: Mapping[str, object]
) -> Mapping[str, object] | None:
    """Return the whole value of a reference, None if it has no value."""
    container, name, _ = split_name(reference.attribute)
    value = value_at(body, container, name)
    return value if isinstance(value, Mapping) else None


_UNSTABLE = frozenset({"Cn", "Cs"})
"""Unassigned code points and surrogates: their fold can change with a new version of Unicode."""


def entries_of(resource_type: ResourceType, body: Mapping[str, object]) -> frozenset[Entry]:
    """Return the body's entries in all declared indexes.

    Raises InvalidValue when a unique value cannot be compared reliably.
    """
    return entries_by(outline_of(resource_type), body)


def keeps_entries(
    resource_type: ResourceType, before: Mapping[str, object], after: Mapping[str, object]
) -> bool:
    """Return whether a change leaves all values of index entries and references as they were."""
    return all(before.get(name) == after.get(name) for name in _indexed(resource_type))


@lru_cache(maxsize=REMEMBERED)
def _indexed(resource_type: ResourceType) -> frozenset[str]:
    """Return the top-level names of a body that contain indexed values or references."""
    outline = outline_of(resource_type)
    reference_names = [split_name(reference.attribute) for reference in outline.references]
    return frozenset(
        [ref.container or ref.attribute.name for _, ref in outline.indexes]
        + [name.uri or name.attribute for name in reference_names]
    )


def entries_by(outline: Outline, body: Mapping[str, object]) -> frozenset[Entry]:
    """Return the body's index entries, for a type of which only the outline is known."""
    targets = {
        reference.index: key.type
        for reference in outline.references
        if (key := pointed(reference, body)) is not None
    }
    entries: list[Entry] = []
    for index, ref in outline.indexes:
        if (ref.container or ref.attribute.name) in body:
            entries += _entries(index, ref, body, targets.get(index.attribute, ""))
    return frozenset(entries)


def _entries(
    index: Index, ref: AttributeRef, body: Mapping[str, object], target: str
) -> Iterator[Entry]:
    for value in values_at(body, ref):
        text = folded(ref.leaf, value)
        if index.is_unique:
            _require_comparable(index.attribute, value, text)
        yield Entry(index.attribute, key_of(text), index.is_unique, target)


def _require_comparable(name: str, value: object, text: str) -> None:
    if not text:
        raise InvalidValue(f"{name}: expected at least one visible character")
    value_text = str(value)
    if value_text.isascii():  # Unicode defines all of it
        return
    if any(unicodedata.category(char) in _UNSTABLE for char in value_text):
        raise InvalidValue(f"{name}: contains a character Unicode does not define")
