"""What a token may see: of each resource type everything, what matches a filter, or nothing.

A token without filters has no TokenFilters. A token with filters sees nothing of the types they do not
name (docs/decisions/0017-filters-on-tokens.md).
"""

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Final

from scim.errors import InvalidFilter
from scim.filter.binding.bind import bound
from scim.filter.binding.bound_tree import (
    ALWAYS,
    NEVER,
    AnyValue,
    Assigned,
    BackLinkHolds,
    BackLinkOnly,
    Compared,
    RelationHolds,
    RelationPresent,
    Tree,
    leaves,
)
from scim.filter.binding.predicate import predicate
from scim.filter.parsing.limits import FilterLimits
from scim.filter.parsing.parse import parse_filter
from scim.profile import Profile
from scim.resource.body import schemas_of
from scim.resource.record import Record
from scim.schema.catalogue import Catalogue
from scim.schema.resource_type import AttributeRef, ResourceType

LONGEST: Final = 1024
"""The most characters of all filters of a token: they travel with every request."""

EVERYTHING: Final = "*"
"""Stands in place of a filter when every resource of a type is visible."""

_LIMITS: Final = FilterLimits(length=LONGEST, terms=50, depth=10)
_STRICT: Final = Profile(name="token filters", tolerances=frozenset())


@dataclass(frozen=True, slots=True)
class TokenFilters:
    """The filters of a token, as `text` and bound; a type without a filter is invisible."""

    text: str
    trees: Mapping[str, Tree]
    tests: Mapping[str, Callable[[Record], bool]]

    def tree(self, type_name: str) -> Tree:
        """Return the filter of a type, which is added to every query."""
        return self.trees.get(type_name, NEVER)

    def sees_all(self, type_name: str) -> bool:
        """Tell whether every resource of the type is visible."""
        return self.tree(type_name) == ALWAYS

    def sees_none(self, type_name: str) -> bool:
        """Tell whether no resource of the type is visible."""
        return self.tree(type_name) == NEVER

    def holds(self, record: Record) -> bool:
        """Tell whether the resource is visible; reads nothing."""
        test = self.tests.get(record.key.type)
        return test is not None and test(record)


def token_filters_of(text: str, catalogue: Catalogue) -> TokenFilters:
    """Return a token's filters from JSON such as `{"User": "active eq true"}`.

    Raises InvalidFilter when a filter does not fit its resource type or cannot be decided from
    the resource alone.
    """
    trees = {
        name: _tree(catalogue, name, filter_text) for name, filter_text in _filters(text).items()
    }
    types = {type_.name: type_ for type_ in catalogue.stored_types}
    return TokenFilters(
        text, trees, {name: _test(types[name], tree) for name, tree in trees.items()}
    )


def _filters(text: str) -> Mapping[str, str]:
    try:
        filters = json.loads(text) if len(text) <= LONGEST else None
    except ValueError:
        filters = None
    if not isinstance(filters, dict) or not all(isinstance(f, str) for f in filters.values()):
        raise InvalidFilter(f"expected an object of filters by resource type, up to {LONGEST} long")
    return filters


def _tree(catalogue: Catalogue, name: str, text: str) -> Tree:
    resource_type = next((type_ for type_ in catalogue.stored_types if type_.name == name), None)
    if resource_type is None:
        raise InvalidFilter(f"there is no resource type '{name}' that could have a filter")
    if text == EVERYTHING:
        return ALWAYS
    parsed = parse_filter(text, _LIMITS)
    if parsed.tolerances:
        raise InvalidFilter("the filter is not of RFC 7644's grammar")
    back_links = [back_link.attribute for back_link in catalogue.back_links_of(name)]
    tree = bound(resource_type, parsed.filter, _STRICT, back_links).tree
    if not _is_decided_alone(tree, back_links):
        raise InvalidFilter(
            "the filter of a token is about the resource's own attributes:"
            " not about its relations, the groups it is in, nor meta"
        )
    return tree


def _is_decided_alone(tree: Tree, back_links: Collection[str]) -> bool:
    """Tell whether the filter tests only the stored body and the id."""
    return all(_is_own(leaf, back_links) for leaf in leaves(tree))


def _is_own(leaf: Tree, back_links: Collection[str]) -> bool:
    match leaf:
        case RelationHolds() | RelationPresent() | BackLinkHolds() | BackLinkOnly():
            return False
        case Compared(ref) | Assigned(ref) | AnyValue(ref):
            return str(AttributeRef(ref.container, ref.attribute)) not in {"meta", *back_links}
        case _:
            return True


def _test(resource_type: ResourceType, tree: Tree) -> Callable[[Record], bool]:
    matches = predicate(tree)

    def test(record: Record) -> bool:
        schemas = schemas_of(resource_type, record.body)
        return matches({"schemas": schemas, "id": record.key.id, **record.body})

    return test
