"""Names in filters and sortBy: resolves a client's attribute path in a resource type."""

from __future__ import annotations

from dataclasses import replace

from scim.filter.parsing.parse import parse_attribute
from scim.filter.parsing.tree import (
    AttributePath,
    Comparison,
    Filter,
    Not,
    Operator,
    Or,
    ValuePath,
    conjunction_of,
    with_terms,
)
from scim.immutable import immutable
from scim.profile import Profile, Tolerance
from scim.profile.parts import Domains
from scim.schema.dialect_names import spelt_otherwise
from scim.schema.resource_type import AttributeRef, ResourceType
from scim.schema.schema import ID, NUMBERED_ID, Attribute, AttributeMutability, Returned

NO_TOLERANCE: frozenset[Tolerance] = frozenset()


@immutable
class NamedAttribute:
    """The attribute that a path means, and the tolerance that finding it needed."""

    ref: AttributeRef
    tolerated: frozenset[Tolerance] = NO_TOLERANCE


def named(
    resource_type: ResourceType, path: AttributePath, profile: Profile
) -> NamedAttribute | None:
    """Return the attribute that the path means in the resource type, None if there is none.

    If the profile tolerates it, the path may be in a form that RFC 7644 does not define, such as `manager`.
    """
    ref = resource_type.ref_of(path.uri, path.name, path.sub)
    if ref is not None:
        return NamedAttribute(ref)
    ref, tolerances = spelt_otherwise(resource_type, str(path), profile.tolerances)
    return None if ref is None else NamedAttribute(ref, tolerances)


def is_readable(ref: AttributeRef) -> bool:
    """Return whether a filter may use the attribute; a filter on a password would reveal it step by step."""
    return all(_is_ever_returned(attribute) for attribute in (ref.attribute, ref.leaf))


def compared_ref(ref: AttributeRef) -> AttributeRef | None:
    """Return the attribute to compare: for a complex attribute its `value`, None if it has no `value`.

    RFC 7644 section 3.4.2.2 compares `emails` in this way in its examples.
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


def within(
    resource_type: ResourceType, filter_: Filter | None, domains: Domains, domain: str | None
) -> Filter | None:
    """Return the filter restricted to a domain, or for all domains if `domain` is None.

    Returns None if every resource matches.
    """
    names = domains.names.get(resource_type.name, ())
    if not names:
        return filter_
    terms = _DomainTerms(resource_type, frozenset(names), domains, domain)
    conditions = [] if filter_ is None else [terms.plain(filter_)]
    if domain is not None:
        name_path = parse_attribute(names[0])
        conditions.append(terms.of_domain(Comparison(name_path, Operator.SW, ""), domain))
    return conjunction_of(conditions) if conditions else None


def within_values(
    resource_type: ResourceType, attribute: str, filter_: Filter, domains: Domains
) -> Filter:
    """Return the filter on the values of one attribute, in the brackets of a PATCH path, with domains resolved."""
    names = frozenset(domains.names.get(resource_type.name, ()))
    return _DomainTerms(resource_type, names, domains, None, attribute).plain(filter_)


@immutable
class _DomainTerms:
    """Rewrites terms on names that contain a domain: on attributes, or on the parts of `attribute`."""

    resource_type: ResourceType
    names: frozenset[str]
    domains: Domains
    domain: str | None
    attribute: str | None = None

    def plain(self, filter_: Filter) -> Filter:
        return with_terms(filter_, self._leaf)

    def _leaf(self, term: Filter) -> Filter:
        match term:
            case Comparison(value=str()):
                return self._about_name(term) if self._is_name(term.path) else term
            case _:
                return term

    def _is_name(self, path: AttributePath) -> bool:
        if self.attribute is not None:
            return str(self.resource_type.ref_of(None, self.attribute, path.name)) in self.names
        return str(self.resource_type.ref_of(path.uri, path.name, path.sub)) in self.names

    def _about_name(self, term: Comparison) -> Filter:
        named_domain, name = self.domains.split(str(term.value))
        domain = self.domain if named_domain is None else named_domain
        term_on_name = replace(term, value=name)
        if term.operator is Operator.NE:
            return Not(self._about_name(replace(term, operator=Operator.EQ)))
        if domain is None:
            return self._of_any_domain(term_on_name)
        return self.of_domain(term_on_name, domain)

    def _of_any_domain(self, term: Comparison) -> Filter:
        suffix = f"{self.domains.separator}{term.value}"
        match term.operator:
            case Operator.EQ if not self.domains.eq_is_exact:
                return Or((term, replace(term, operator=Operator.EW, value=suffix)))
            case Operator.SW:
                return Or((term, replace(term, operator=Operator.CO, value=suffix)))
            case _:
                return term

    def of_domain(self, term: Comparison, domain: str) -> Filter:
        """Return the term restricted to the names of one domain; its value is a name without the domain."""
        is_part = term.operator in (Operator.SW, Operator.CO, Operator.EW)
        prefix = f"{domain}{self.domains.separator}"
        if self.domains.is_primary(domain):
            with_domain = Comparison(term.path, Operator.CO, self.domains.separator)
            return _both(term, Not(with_domain)) if is_part else term
        if term.operator in (Operator.CO, Operator.EW):
            return _both(term, Comparison(term.path, Operator.SW, prefix))
        return replace(term, value=f"{prefix}{term.value}")


def _both(term: Comparison, other: Filter) -> Filter:
    """Return both terms joined by `and`; a term with an empty value is always true and is omitted."""
    return conjunction_of([term, other]) if term.value else other


_NAMES = frozenset({"id", "value"})
_UUID = "uuid"
_NUMBERED = AttributeRef(None, NUMBERED_ID)


def ordered_ref(resource_type: ResourceType, ref: AttributeRef, profile: Profile) -> AttributeRef:
    """Return the attribute by whose values the values of `ref` are ordered: ids of digits as numbers."""
    kind = profile.wire.ids.get(resource_type.endpoint, _UUID)
    return ref if kind == _UUID or str(ref) != ID.name else _NUMBERED


def with_ids_as_text(filter_: Filter, profile: Profile) -> Filter:
    """Return the filter with numbers compared to ids as text, if the profile has numeric ids."""
    return _with_texts(filter_) if profile.wire.ids else filter_


def _with_texts(filter_: Filter) -> Filter:
    return with_terms(filter_, _with_text)


def _with_text(term: Filter) -> Filter:
    match term:
        case Comparison(path, _, int(number)) if not isinstance(number, bool):
            name = path.sub or path.name
            return replace(term, value=str(number)) if name.lower() in _NAMES else term
        case ValuePath(_, inner):
            return replace(term, filter=_with_texts(inner))
        case _:
            return term
