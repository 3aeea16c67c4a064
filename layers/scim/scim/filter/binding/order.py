"""Order: the meaning of sortBy and sortOrder for the resources of one type (RFC 7644 section 3.4.2.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scim.errors import InvalidValue
from scim.filter.binding.bind import Scope
from scim.filter.binding.links import link_at
from scim.filter.binding.names import NO_TOLERANCE, compared_ref, is_readable, named, ordered_ref
from scim.filter.parsing.tree import AttributePath
from scim.profile import Profile, Tolerance
from scim.resource.body import value_at
from scim.resource.fold import folded
from scim.resource.multi_value import is_primary
from scim.schema.dialect_names import attribute_hint, echo_of
from scim.schema.resource_type import AttributeRef
from scim.schema.schema import AttributeType, Name

View = Mapping[str, object]

_IS_DESCENDING = {"ascending": False, "descending": True}


@dataclass(frozen=True, slots=True)
class Order:
    """An order of resources by the value of an attribute, then by id.

    `ref` is None for a type that does not define the attribute. The descending order is the reverse of
    the ascending one: resources without a value come last in ascending and first in descending order.
    """

    ref: AttributeRef | None
    tolerated: frozenset[Tolerance] = NO_TOLERANCE

    def key(self, resource: View) -> tuple[bool, str, str]:
        """Return the sort key of a resource in ascending order; keys of different types are comparable."""
        text = None if self.ref is None else _text(self.ref, resource)
        return text is None, text or "", str(resource.get("id", ""))

    def is_missing(self, resource: View) -> bool:
        """Return whether a resource has no value to sort by; text is not folded for it."""
        if self.ref is None:
            return True
        value = _value(self.ref, resource)
        is_text = isinstance(value, str) and self.ref.leaf.type is AttributeType.STRING
        return not is_text and _text(self.ref, resource) is None


def is_descending(sort_order: str | None) -> bool:
    """Return whether sortOrder, in any case, is descending; without one it is ascending. Raises InvalidValue."""
    is_down = _IS_DESCENDING.get((sort_order or "ascending").lower())
    if is_down is None:
        raise InvalidValue("sortOrder: expected ascending or descending")
    return is_down


def ordered_across(
    scopes: Sequence[Scope], sort_by: AttributePath, profile: Profile
) -> tuple[Order, ...]:
    """Return the order for each of several resource types.

    Raises InvalidValue when none of the types defines the attribute, or it cannot be sorted by.
    """
    orders = tuple(_order(scope, sort_by, profile) for scope in scopes)
    if all(order.ref is None for order in orders):
        types = [scope.resource_type for scope in scopes]
        type_names = " or ".join(type_.name for type_ in types)
        type_names += attribute_hint(types, Name(sort_by.uri, sort_by.name, sort_by.sub))
        raise InvalidValue(f"sortBy: '{echo_of(sort_by)}' is not an attribute of {type_names}")
    return orders


def _order(scope: Scope, sort_by: AttributePath, profile: Profile) -> Order:
    named_attribute = named(scope.resource_type, sort_by, profile)
    if named_attribute is None:
        return Order(None)
    ref = compared_ref(named_attribute.ref)
    if ref is None:
        raise InvalidValue(f"sortBy: '{sort_by}' is complex; name one of its sub-attributes")
    if not is_readable(ref):
        raise InvalidValue(f"sortBy: '{sort_by}' is never returned and cannot be sorted by")
    resource_type = scope.resource_type
    link = link_at(resource_type, scope.back_links, ref)
    if link is not None or resource_type.is_read_elsewhere(ref):
        raise InvalidValue(f"sortBy: '{sort_by}' links to other resources and has no order")
    return Order(ordered_ref(resource_type, ref, profile), named_attribute.tolerated)


def _value(ref: AttributeRef, resource: View) -> object:
    value = _one_of(value_at(resource, ref.container, ref.attribute.name))
    if ref.sub is not None:
        value = _one_of(value.get(ref.sub.name)) if isinstance(value, Mapping) else None
    return value


def _text(ref: AttributeRef, resource: View) -> str | None:
    value = _value(ref, resource)
    try:
        return None if value is None else folded(ref.leaf, value)
    except ValueError:  # stored when the schema gave the attribute another type
        return None


def _one_of(value: object) -> object:
    """Return the value to sort by: of several values the primary one, else the first."""
    if not isinstance(value, list | tuple):
        return value
    return next((element for element in value if is_primary(element)), value[0] if value else None)
