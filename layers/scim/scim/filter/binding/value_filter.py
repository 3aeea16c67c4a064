"""Value filters: binds the filter in the brackets of `emails[…]` to one value of the attribute."""

from __future__ import annotations

from scim.errors import InvalidFilter
from scim.filter.binding.bound_tree import Assigned, Bound
from scim.filter.binding.comparison import Leaf, bound_of, comparison_in_value, refuse_secret
from scim.filter.binding.names import is_readable
from scim.filter.parsing.tree import (
    And,
    AttributePath,
    Comparison,
    Filter,
    Not,
    Or,
    Present,
    ValuePath,
)
from scim.profile import Profile
from scim.schema.dialect_names import echo_of
from scim.schema.resource_type import AttributeRef, ResourceType
from scim.schema.schema import Attribute


def refuse_read_elsewhere(resource_type: ResourceType, ref: AttributeRef) -> None:
    """Raise InvalidFilter for a sub-attribute that shows another resource."""
    if resource_type.is_read_elsewhere(ref):
        attribute_ref = AttributeRef(ref.container, ref.attribute)
        raise InvalidFilter(
            f"'{ref}' cannot be filtered, because it shows another resource;"
            f" possible is '{attribute_ref}.value eq \"id\"'"
        )


def bound_element(attribute: Attribute, filter_: Filter, profile: Profile) -> Bound:
    """Return the filter of a PATCH path bound to the values of the attribute. Raises InvalidFilter."""
    return bound_value_filter(AttributeRef(None, attribute), filter_, profile)


def bound_value_filter(
    ref: AttributeRef,
    filter_: Filter,
    profile: Profile,
    resource_type: ResourceType | None = None,
) -> Bound:
    """Return the filter bound to one value of the attribute. Raises InvalidFilter.

    Names are names of sub-attributes; for a simple attribute, `value` means the value itself
    (RFC 7643 section 2.4). `resource_type` is the type whose stored resources are searched.
    """

    def leaf(term: Leaf) -> Bound:
        if isinstance(term, ValuePath):
            raise InvalidFilter(f"'{term.path}[…]' stands inside the brackets of '{ref}'")
        ref_in_value = _ref_in_value(ref, term.path)
        refuse_secret(ref_in_value, term.path)
        if resource_type is not None:
            refuse_read_elsewhere(resource_type, ref_in_value)
        match term:
            case Present():
                return Bound(Assigned(ref_in_value))
            case Comparison():
                return comparison_in_value(ref_in_value, term, profile)

    return bound_of(filter_, leaf)


def unknown_part(attribute: Attribute, filter_: Filter) -> str:
    """Return why a filter cannot be about values of the attribute: it names a part they do not have; else empty."""
    match filter_:
        case And() | Or():
            reasons = (unknown_part(attribute, term) for term in filter_.terms)
            return next(filter(None, reasons), "")
        case Not():
            return unknown_part(attribute, filter_.term)
        case ValuePath():
            return ""
        case _:
            ref = AttributeRef(None, attribute)
            return "" if _part_named(ref, filter_.path) else _not_a_part(ref, filter_.path)


def _ref_in_value(ref: AttributeRef, path: AttributePath) -> AttributeRef:
    ref_in_value = _part_named(ref, path)
    if ref_in_value is None:
        raise InvalidFilter(_not_a_part(ref, path))
    return ref_in_value


def _part_named(ref: AttributeRef, path: AttributePath) -> AttributeRef | None:
    if path.uri is not None or path.sub is not None:
        return None
    if not ref.attribute.is_complex and path.name.lower() == "value":
        return ref
    sub = ref.attribute.sub(path.name)
    return None if sub is None else AttributeRef(ref.container, ref.attribute, sub)


def _not_a_part(ref: AttributeRef, path: AttributePath) -> str:
    names = ", ".join(_names_possible(ref))
    return f"'{echo_of(path)}' is not a sub-attribute of '{ref}'; possible are {names}"


def _names_possible(ref: AttributeRef) -> list[str]:
    subs = ref.attribute.sub_attributes
    return [
        sub.name for sub in subs if is_readable(AttributeRef(ref.container, ref.attribute, sub))
    ] or ["value"]
