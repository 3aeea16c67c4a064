"""Names in filters and sortBy: what a client's attribute path means in a resource type."""

from __future__ import annotations

from dataclasses import dataclass

from scim.filter.parsing.tree import AttributePath
from scim.profile import Profile, Tolerance
from scim.schema.resource_type import AttributeRef, ResourceType
from scim.schema.schema import Attribute, AttributeMutability, Returned

NO_TOLERANCE: frozenset[Tolerance] = frozenset()


@dataclass(frozen=True, slots=True)
class Named:
    """The place a path means, and the tolerance that was needed to find it."""

    ref: AttributeRef
    tolerated: frozenset[Tolerance] = NO_TOLERANCE


def named(resource_type: ResourceType, path: AttributePath, profile: Profile) -> Named | None:
    """Return what the path means in the resource type, None when it means nothing there.

    A name without URN that only one extension defines means that one, where the profile
    says so: Entra filters on `manager`. Likewise `urn:…:User.department` has a dot for a colon.
    """
    ref = resource_type.ref_of(path.uri, path.name, path.sub)
    if ref is not None:
        return Named(ref)
    if path.uri is not None and profile.tolerates(Tolerance.DOTTED_URN):
        dotted = resource_type.dotted(str(path))
        return None if dotted is None else Named(dotted, frozenset({Tolerance.DOTTED_URN}))
    if path.uri is not None or not profile.tolerates(Tolerance.SHORT_EXTENSION_NAME):
        return None
    if resource_type.attribute(path.name) is not None:
        return None
    found = [
        ref
        for extension in resource_type.extensions
        if (ref := resource_type.ref_of(extension.schema.id, path.name, path.sub))
    ]
    return Named(found[0], frozenset({Tolerance.SHORT_EXTENSION_NAME})) if len(found) == 1 else None


def is_readable(ref: AttributeRef) -> bool:
    """Whether answers may depend on the value: a filter on a password would be an oracle."""
    return all(_is_ever_returned(attribute) for attribute in (ref.attribute, ref.leaf))


def compared_ref(ref: AttributeRef) -> AttributeRef | None:
    """Return the place whose value stands for the named one: of a complex attribute, `value`.

    RFC 7644 section 3.4.2.2 compares `emails` so in its examples. None when there is no `value`.
    """
    if not ref.leaf.is_complex:
        return ref
    value = ref.attribute.sub("value") if ref.sub is None else None
    return None if value is None else AttributeRef(ref.container, ref.attribute, value)


def _is_ever_returned(attribute: Attribute) -> bool:
    return (
        attribute.returned is not Returned.NEVER
        and attribute.mutability is not AttributeMutability.WRITE_ONLY
    )
