"""Names in filters and sortBy: what a client's attribute path means in a resource type."""

from __future__ import annotations

from dataclasses import dataclass

from scim.filter.parsing.tree import AttributePath
from scim.profile import Profile, Tolerance
from scim.schema.resource_type import Place, ResourceType
from scim.schema.schema import Attribute, Mutability, Returned

NO_TOLERANCE: frozenset[Tolerance] = frozenset()


@dataclass(frozen=True, slots=True)
class Named:
    """The place a path means, and the tolerance that was needed to find it."""

    place: Place
    fired: frozenset[Tolerance] = NO_TOLERANCE


def named(resource_type: ResourceType, path: AttributePath, profile: Profile) -> Named | None:
    """Return what the path means in the resource type, None when it means nothing there.

    A name without URN that only one extension defines means that one, where the profile
    says so: Entra filters on `manager`.
    """
    place = resource_type.place_of(path.uri, path.name, path.sub)
    if place is not None:
        return Named(place)
    if path.uri is not None or not profile.tolerates(Tolerance.SHORT_EXTENSION_NAME):
        return None
    if resource_type.attribute(path.name) is not None:
        return None
    found = [
        place
        for extension in resource_type.extensions
        if (place := resource_type.place_of(extension.schema.id, path.name, path.sub))
    ]
    return Named(found[0], frozenset({Tolerance.SHORT_EXTENSION_NAME})) if len(found) == 1 else None


def is_readable(place: Place) -> bool:
    """Whether answers may depend on the value: a filter on a password would be an oracle."""
    return all(_is_ever_returned(attribute) for attribute in (place.attribute, place.leaf))


def compared_place(place: Place) -> Place | None:
    """Return the place whose value stands for the named one: of a complex attribute, `value`.

    RFC 7644 section 3.4.2.2 compares `emails` so in its examples. None when there is no `value`.
    """
    if not place.leaf.is_complex:
        return place
    value = place.attribute.sub("value") if place.sub is None else None
    return None if value is None else Place(place.container, place.attribute, value)


def _is_ever_returned(attribute: Attribute) -> bool:
    return (
        attribute.returned is not Returned.NEVER
        and attribute.mutability is not Mutability.WRITE_ONLY
    )
