"""Filters on links by what the other resource is called, where a profile's names say a domain.

The store knows a link by the other's id: `groups eq "TEST/staff"` becomes `groups.value eq "…"`.
"""

from dataclasses import dataclass, replace

from scim.filter.parsing.tree import (
    AttributePath,
    Comparison,
    Filter,
    Operator,
    ValuePath,
    with_terms,
)
from scim.resource.access_path import IndexValue
from scim.resource.fold import folded, key_of
from scim.service.endpoint import Endpoint
from scim.service.visibility.restrict import ids_with

_VALUE, _DISPLAY = "value", "display"


def linked_by_id(endpoint: Endpoint, wanted: Filter, domain: str | None) -> Filter:
    """Return the filter with the names of linked resources as their ids.

    What is no name is left as it is: it may be an id. A name without a domain is of the one given.
    """
    if not endpoint.profile.domains.names:
        return wanted
    return _Terms(endpoint, domain).by_id(wanted)


@dataclass(frozen=True, slots=True)
class _Terms:
    endpoint: Endpoint
    domain: str | None

    def by_id(self, wanted: Filter) -> Filter:
        return with_terms(wanted, self._leaf)

    def _leaf(self, term: Filter) -> Filter:
        match term:
            case ValuePath(path, Comparison(inner) as only) if path.sub is None:
                asked = replace(only, path=replace(path, sub=inner.name))
                found = self._linked(asked)
                return term if found is asked else found
            case Comparison():
                return self._linked(term)
            case _:
                return term

    def _linked(self, term: Comparison) -> Comparison:
        sub = (term.path.sub or "").lower()
        is_equality = term.operator in (Operator.EQ, Operator.NE)
        if not is_equality or not isinstance(term.value, str) or sub not in ("", _DISPLAY):
            return term
        types = self._types(term.path)
        if not types:
            return term
        id_ = self._id(types, term.value)
        if id_ is None and not sub:
            return term
        return replace(term, path=replace(term.path, sub=_VALUE), value=id_ or term.value)

    def _types(self, path: AttributePath) -> tuple[str, ...]:
        """Return what an attribute links to, nothing where it is no link."""
        resource_type = self.endpoint.resource_type
        relation = resource_type.relation(path.name)
        if relation is not None:
            return relation.targets
        mirrored = self.endpoint.catalogue.back_links_of(resource_type.name)
        return tuple(
            each.source for each in mirrored if each.attribute.lower() == path.name.lower()
        )

    def _id(self, types: tuple[str, ...], name: str) -> str | None:
        domains = self.endpoint.profile.domains
        said, _ = domains.parted(name)
        if said is None and self.domain is not None:
            name = f"{self.domain}{domains.separator}{name}"
        for type_name in types:
            resource_type = self.endpoint.catalogue.resource_type(type_name)
            called = domains.names.get(type_name, ())[:1]
            ref = resource_type.named(called[0]) if resource_type and called else None
            key = None if ref is None else key_of(folded(ref.leaf, domains.plain(name)))
            if key is not None:
                found = ids_with(self.endpoint, IndexValue(type_name, called[0], key), 1)
                if found:
                    return found[0]
        return None
