"""Binding: resolves a filter's names, operators and literals in a resource type, once per filter."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from scim.errors import InvalidFilter
from scim.filter.binding.bound_tree import (
    ALWAYS,
    NEVER,
    AnyValue,
    Assigned,
    Bound,
    Constant,
    any_of,
)
from scim.filter.binding.comparison import (
    Leaf,
    bound_of,
    comparison,
    ordered_by,
    refuse_secret,
)
from scim.filter.binding.links import link_at
from scim.filter.binding.names import is_readable, named, ordered_ref, with_ids_as_text, within
from scim.filter.binding.predicate import predicate
from scim.filter.binding.value_filter import bound_value_filter, refuse_read_elsewhere
from scim.filter.parsing.tree import AttributePath, Comparison, Filter, Operator, Present, ValuePath
from scim.immutable import immutable
from scim.profile import Profile
from scim.schema.dialect_names import attribute_hint, echo_of
from scim.schema.resource_type import AttributeRef, ResourceType
from scim.schema.schema import Name, Schema


@immutable
class Scope:
    """A resource type and its back links.

    `back_links` are its attributes that mirror relations of other types (User.groups).
    """

    resource_type: ResourceType
    back_links: Collection[str] = ()


def bound(
    resource_type: ResourceType,
    filter_: Filter,
    profile: Profile,
    back_links: Collection[str] = (),
) -> Bound:
    """Return the filter bound to the resource type. Raises InvalidFilter."""
    return bound_across((Scope(resource_type, back_links),), filter_, profile)[0]


def bound_across(
    scopes: Sequence[Scope], filter_: Filter | None, profile: Profile, domain: str | None = None
) -> tuple[Bound, ...]:
    """Return the filter bound to each of several resource types. Raises InvalidFilter.

    An attribute that only some of the types define has no value in the others (RFC 7644 section
    3.4.2.1). If `domain` is given, only resources of that domain match.
    """
    types = tuple(scope.resource_type for scope in scopes)
    filter_ = None if filter_ is None else with_ids_as_text(filter_, profile)

    def bound_to(scope: Scope) -> Bound:
        filter_of_type = within(scope.resource_type, filter_, profile.domains, domain)
        if filter_of_type is None:
            return Bound(ALWAYS)
        return bound_of(
            filter_of_type, _TermBinder(scope.resource_type, scope.back_links, profile, types).bound
        )

    return tuple(bound_to(scope) for scope in scopes)


@immutable
class _TermBinder:
    """Binds the terms of a filter to one resource type; `queried` are all types of the query."""

    resource_type: ResourceType
    back_links: Collection[str]
    profile: Profile
    queried: tuple[ResourceType, ...]

    def bound(self, term: Leaf) -> Bound:
        named_attribute = named(self.resource_type, term.path, self.profile)
        if named_attribute is None:
            return self._bound_without_ref(term)
        refuse_secret(named_attribute.ref, term.path)
        bound_term = self._at(named_attribute.ref, term)
        if not named_attribute.tolerated:
            return bound_term
        return Bound(bound_term.tree, bound_term.tolerated | named_attribute.tolerated)

    def _at(self, ref: AttributeRef, term: Leaf) -> Bound:
        link = link_at(self.resource_type, self.back_links, ref)
        if link is not None:
            return link.bound(term, None if ref.sub is None else ref.sub.name)
        refuse_read_elsewhere(self.resource_type, ref)
        match term:
            case Present():
                return Bound(Assigned(ref))
            case ValuePath():
                return self._value_path(ref, term)
            case Comparison():
                return self._comparison(ref, term)

    def _value_path(self, ref: AttributeRef, term: ValuePath) -> Bound:
        attribute = ref.attribute
        if ref.sub is not None or not (attribute.is_complex or attribute.multi_valued):
            raise InvalidFilter(f"'{term.path}' has no values with sub-attributes to select by")
        inner = bound_value_filter(ref, term.filter, self.profile, self.resource_type)
        return Bound(AnyValue(ref, inner.tree), inner.tolerated)

    def _comparison(self, ref: AttributeRef, term: Comparison) -> Bound:
        bound_term = comparison(ref, term, self.profile)
        order_ref = ordered_ref(self.resource_type, ref, self.profile)
        if order_ref is not ref:
            return ordered_by(order_ref, bound_term)
        if str(ref) != "meta.resourceType":
            return bound_term
        # Evaluated here, so that a query at the root skips the types that cannot match.
        meta = {"meta": {"resourceType": self.resource_type.name}}
        return Bound(Constant(predicate(bound_term.tree)(meta)), bound_term.tolerated)

    def _bound_without_ref(self, term: Leaf) -> Bound:
        path = term.path
        schema = _schema_named(self.resource_type, path)
        if schema is not None and isinstance(term, Present):
            return self._presence_of(schema)
        if any(self._is_known_to(other, path) for other in self.queried):
            return Bound(_without_value(term))
        type_names = " or ".join(resource_type.name for resource_type in self.queried)
        type_names += attribute_hint(self.queried, Name(path.uri, path.name, path.sub))
        raise InvalidFilter(f"'{echo_of(path)}' is not an attribute of {type_names}")

    def _is_known_to(self, other: ResourceType, path: AttributePath) -> bool:
        if other is self.resource_type:
            return False
        return named(other, path, self.profile) is not None or (
            _schema_named(other, path) is not None
        )

    def _presence_of(self, schema: Schema) -> Bound:
        if schema is self.resource_type.schema:
            return Bound(ALWAYS)
        refs = (AttributeRef(schema.id, attribute) for attribute in schema.attributes)
        return Bound(any_of(Assigned(ref) for ref in refs if is_readable(ref)))


def _schema_named(resource_type: ResourceType, path: AttributePath) -> Schema | None:
    urn = str(path)
    base = resource_type.schema
    return base if urn.lower() == base.id.lower() else resource_type.extension(urn)


def _without_value(term: Leaf) -> Constant:
    match term:
        case Comparison(operator=Operator.EQ, value=None):
            return ALWAYS
        case Comparison(operator=Operator.NE, value=value) if value is not None:
            return ALWAYS
        case _:
            return NEVER
