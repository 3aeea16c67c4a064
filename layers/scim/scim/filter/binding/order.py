"""Order: what sortBy and sortOrder mean for the resources of one type (RFC 7644 section 3.4.2.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scim.errors import InvalidValue
from scim.filter.binding.bind import Scope
from scim.filter.binding.links import link_at
from scim.filter.binding.names import NO_TOLERANCE, compared_ref, is_readable, named
from scim.filter.parsing.tree import AttributePath
from scim.profile import Profile, Tolerance
from scim.resource.body import value_at
from scim.resource.fold import folded
from scim.resource.multi_value import is_primary
from scim.schema.resource_type import AttributeRef

View = Mapping[str, object]

_IS_DESCENDING = {"ascending": False, "descending": True}


@dataclass(frozen=True, slots=True)
class Order:
    """An order of resources by the value at a place, and by id where that is the same.

    `place` is None for a type that does not define what is sorted by. Descending is the
    ascending order backwards: what has no value comes last in one, first in the other.
    """

    ref: AttributeRef | None
    tolerated: frozenset[Tolerance] = NO_TOLERANCE

    def key(self, resource: View) -> tuple[bool, str, str]:
        """Return what resources compare by in ascending order, also those of other types."""
        text = None if self.ref is None else _text(self.ref, resource)
        return text is None, text or "", str(resource.get("id", ""))


def is_descending(sort_order: str | None) -> bool:
    """Tell what a client's sortOrder means, in any case; ascending when there is none."""
    meant = _IS_DESCENDING.get((sort_order or "ascending").lower())
    if meant is None:
        raise InvalidValue("sortOrder: expected ascending or descending")
    return meant


def ordered_across(
    scopes: Sequence[Scope], sort_by: AttributePath, profile: Profile
) -> tuple[Order, ...]:
    """Return the order for each of several resource types, or raise InvalidValue.

    At least one of the types must define the attribute.
    """
    orders = tuple(_order(scope, sort_by, profile) for scope in scopes)
    if all(order.ref is None for order in orders):
        whose = " or ".join(scope.resource_type.name for scope in scopes)
        raise InvalidValue(f"sortBy: '{sort_by}' is not an attribute of {whose}")
    return orders


def _order(scope: Scope, sort_by: AttributePath, profile: Profile) -> Order:
    found = named(scope.resource_type, sort_by, profile)
    if found is None:
        return Order(None)
    ref = compared_ref(found.ref)
    if ref is None:
        raise InvalidValue(f"sortBy: '{sort_by}' is complex; name one of its sub-attributes")
    if not is_readable(ref):
        raise InvalidValue(f"sortBy: '{sort_by}' is never returned and cannot be sorted by")
    if link_at(scope.resource_type, scope.back_links, ref) is not None:
        raise InvalidValue(f"sortBy: '{sort_by}' links to other resources and has no order")
    return Order(ref, found.tolerated)


def _text(ref: AttributeRef, resource: View) -> str | None:
    value = _one_of(value_at(resource, ref.container, ref.attribute.name))
    if ref.sub is not None:
        value = _one_of(value.get(ref.sub.name)) if isinstance(value, Mapping) else None
    try:
        return None if value is None else folded(ref.leaf, value)
    except ValueError:  # stored when the schema gave the attribute another type
        return None


def _one_of(value: object) -> object:
    """Return the value that counts: of several the primary one, or else the first."""
    if not isinstance(value, list | tuple):
        return value
    return next((each for each in value if is_primary(each)), value[0] if value else None)
