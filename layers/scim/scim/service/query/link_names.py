"""Filters on the names of linked resources, rewritten to their ids, which the store knows.

`groups.display eq "staff"` becomes `groups.value eq "…"` with the ids of the groups of that
name. If a profile's names contain a domain, `groups eq "TEST/staff"` and `members.display` are rewritten too.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial

from scim.errors import TooMany
from scim.filter.parsing.tree import (
    AttributePath,
    Comparison,
    Filter,
    Not,
    Operator,
    Or,
    ValuePath,
    with_terms,
)
from scim.resource.access_path import IndexValue
from scim.resource.fold import folded, key_of
from scim.schema.resource_type import ResourceType
from scim.service.endpoint import Endpoint
from scim.service.visibility.restrict import ids_with

_VALUE, _DISPLAY, _DISPLAY_NAME = "value", "display", "displayName"
_NAMESAKES = 100
"""The most resources of one name that are looked up."""


def linked_by_id(endpoint: Endpoint, filter_: Filter, domain: str | None) -> Filter:
    """Return the filter with the names of linked resources replaced by their ids.

    A value that is no name is left as it is: it may be an id. A name without a domain is in `domain`.
    """
    if not endpoint.profile.domains.names:
        return with_terms(filter_, _Displayed(endpoint).by_id)
    return _NamesWithDomain(endpoint, domain).by_id(filter_)


@dataclass(frozen=True, slots=True)
class _Displayed:
    """Terms on the `display` of back links: the displayName of the resources that link here."""

    endpoint: Endpoint

    def by_id(self, term: Filter) -> Filter:
        match term:
            case ValuePath(path, inner) if path.sub is None and self._sources(path):
                return replace(term, filter=with_terms(inner, partial(self._in_value, path)))
            case Comparison(path, operator, str(name)) if _is_display(path.sub):
                return self._with_ids(term, operator, name)
            case _:
                return term

    def _in_value(self, path: AttributePath, term: Filter) -> Filter:
        match term:
            case Comparison(inner, Operator.EQ, str(name)) if inner.sub is None:
                ids = self._ids(path, name) if _is_display(inner.name) else None
                return term if ids is None else _any_of(ids, replace(inner, name=_VALUE))
            case _:
                return term

    def _with_ids(self, term: Comparison, operator: Operator, name: str) -> Filter:
        ids = self._ids(term.path, name)
        value = replace(term.path, sub=_VALUE)
        if ids is not None and operator is Operator.EQ:
            return _any_of(ids, value)
        # If only one resource has the name, having another name means having another id.
        if ids is not None and operator is Operator.NE and len(ids) <= 1:
            exclusions = [Comparison(value, Operator.NE, id_) for id_ in ids]
            return exclusions[0] if exclusions else Not(_any_of((), value))
        return term

    def _sources(self, path: AttributePath) -> list[ResourceType]:
        """Return the types that link here through an attribute and are indexed by displayName."""
        catalogue = self.endpoint.catalogue
        linking_types = [
            catalogue.resource_type(link.source)
            for link in catalogue.back_links_of(self.endpoint.resource_type.name)
            if link.attribute.lower() == path.name.lower() and path.uri is None
        ]
        types = [type_ for type_ in linking_types if type_ is not None]
        return types if all(map(_is_indexed, types)) else []

    def _ids(self, path: AttributePath, name: str) -> list[str] | None:
        """Return the ids of the resources of that name; None if no index can find them."""
        types = self._sources(path)
        if not types:
            return None
        ids: list[str] = []
        for type_ in types:
            ref = type_.named(_DISPLAY_NAME)
            key = None if ref is None else key_of(folded(ref.leaf, name))
            if key is not None:
                access_path = IndexValue(type_.name, _DISPLAY_NAME, key)
                ids += ids_with(self.endpoint, access_path, _NAMESAKES + 1)
        if len(ids) > _NAMESAKES:
            raise TooMany(f"More than {_NAMESAKES} resources have this display; ask by their ids.")
        return ids


def _is_indexed(type_: ResourceType) -> bool:
    return any(index.attribute == _DISPLAY_NAME and not index.is_late for index in type_.indexes)


def _is_display(name: str | None) -> bool:
    return name is not None and name.lower() == _DISPLAY


def _any_of(ids: Iterable[str], value: AttributePath) -> Filter:
    """Return the filter for any of the ids; without ids nothing matches it."""
    terms = tuple(Comparison(value, Operator.EQ, id_) for id_ in ids)
    return terms[0] if len(terms) == 1 else Or(terms)


@dataclass(frozen=True, slots=True)
class _NamesWithDomain:
    """Terms on links whose names contain a domain: on the link itself or on its `display`."""

    endpoint: Endpoint
    domain: str | None

    def by_id(self, filter_: Filter) -> Filter:
        return with_terms(filter_, self._leaf)

    def _leaf(self, term: Filter) -> Filter:
        match term:
            case ValuePath(path, Comparison(inner) as comparison) if path.sub is None:
                flattened = replace(comparison, path=replace(path, sub=inner.name))
                linked = self._linked(flattened)
                return term if linked is flattened else linked
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
        """Return the types that an attribute links to; empty if it is no link."""
        resource_type = self.endpoint.resource_type
        relation = resource_type.relation(path.name)
        if relation is not None:
            return relation.targets
        back_links = self.endpoint.catalogue.back_links_of(resource_type.name)
        return tuple(
            back_link.source
            for back_link in back_links
            if back_link.attribute.lower() == path.name.lower()
        )

    def _id(self, types: tuple[str, ...], name: str) -> str | None:
        domains = self.endpoint.profile.domains
        named_domain, _ = domains.split(name)
        if named_domain is None and self.domain is not None:
            name = f"{self.domain}{domains.separator}{name}"
        for type_name in types:
            resource_type = self.endpoint.catalogue.resource_type(type_name)
            name_attributes = domains.names.get(type_name, ())[:1]
            ref = (
                resource_type.named(name_attributes[0])
                if resource_type and name_attributes
                else None
            )
            key = None if ref is None else key_of(folded(ref.leaf, domains.plain(name)))
            if key is not None:
                ids = ids_with(self.endpoint, IndexValue(type_name, name_attributes[0], key), 1)
                if ids:
                    return ids[0]
        return None
