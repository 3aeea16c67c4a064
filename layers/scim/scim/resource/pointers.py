"""Pointers: the references a canonical body holds."""

from collections.abc import Iterable, Mapping

from scim.resource.place import value_at
from scim.resource.record import Key, Pointer
from scim.schema.name import split_name
from scim.schema.reference import Reference


def pointers_in(references: Iterable[Reference], body: Mapping[str, object]) -> frozenset[Pointer]:
    """Return what the body refers to."""
    found = ((each, pointed(each, body)) for each in references)
    return frozenset(Pointer(each.attribute, key) for each, key in found if key is not None)


def pointed(reference: Reference, body: Mapping[str, object]) -> Key | None:
    """Return the resource that a reference of the body names, None when it names none."""
    value = referring_value(reference, body)
    id_ = None if value is None else value.get("value")
    if value is None or not isinstance(id_, str):
        return None
    type_ = value.get("type")
    return Key(str(type_) if type_ in reference.targets else reference.targets[0], id_)


def referring_value(
    reference: Reference, body: Mapping[str, object]
) -> Mapping[str, object] | None:
    """Return the whole value of a reference, None when it has none."""
    container, name, _ = split_name(reference.attribute)
    value = value_at(body, container, name)
    return value if isinstance(value, Mapping) else None
