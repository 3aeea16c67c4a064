"""A token's filters in a query: planned together with its own filter, and impossible to bypass."""

from collections.abc import Iterable, Iterator

from scim.filter.binding.bound_tree import (
    AnyValue,
    Assigned,
    Compared,
    IdIn,
    RelationPresent,
    Tree,
    all_of,
    leaves,
    with_leaves,
)
from scim.resource.access_path import Direction
from scim.schema.resource_type import AttributeRef
from scim.service.edges import PAGE_SIZE
from scim.service.endpoint import Endpoint
from scim.service.visibility.directory import FilteredDirectory
from scim.service.visibility.references import naming_refs
from scim.service.visibility.restrict import visible_count


def with_token_filter(endpoint: Endpoint, tree: Tree) -> Tree:
    """Return the query's filter combined with the token's, so that they are planned as one."""
    if not isinstance(endpoint.directory, FilteredDirectory):
        return tree
    token_tree = endpoint.directory.filters.tree(endpoint.resource_type.name)
    return all_of([token_tree, _without_presence(endpoint, tree)])


def asks_for_unseen(endpoint: Endpoint, tree: Tree) -> bool:
    """Tell whether a query tests values of which the caller sees only some.

    Such a query is tested against what the caller sees; otherwise it would reveal the rest. Values that
    the token's own filter tests are not secret to its caller.
    """
    return _hides(endpoint, _attributes_tested(tree))


def orders_by_unseen(endpoint: Endpoint, ref: AttributeRef | None) -> bool:
    """Tell whether an order uses values of which the caller sees only some.

    Such an order uses what the caller sees, so neither an index nor the stored record has that order.
    """
    return ref is not None and _hides(endpoint, [str(AttributeRef(ref.container, ref.attribute))])


def _hides(endpoint: Endpoint, attributes: Iterable[str]) -> bool:
    refs = frozenset(map(str, naming_refs(endpoint)))
    directory = endpoint.directory
    if not refs or not isinstance(directory, FilteredDirectory):
        return False
    token_tree = directory.filters.tree(endpoint.resource_type.name)
    return not refs.isdisjoint(attributes) and refs.isdisjoint(_attributes_tested(token_tree))


def _attributes_tested(tree: Tree) -> Iterator[str]:
    """Yield the attributes that a filter tests, without their sub-attributes."""
    for leaf in leaves(tree):
        match leaf:
            case Compared(ref) | Assigned(ref) | AnyValue(ref):
                yield str(AttributeRef(ref.container, ref.attribute))


def _without_presence(endpoint: Endpoint, tree: Tree) -> Tree:
    """Return the filter with each `members pr` answered; invisible values do not count."""

    def answered(leaf: Tree) -> Tree:
        match leaf:
            case RelationPresent(attribute, beyond, ()):
                return IdIn(_with_values(endpoint, attribute, beyond))
            case _:
                return leaf

    return with_leaves(tree, answered)


def _with_values(endpoint: Endpoint, attribute: str, beyond: int) -> frozenset[str]:
    ids: set[str] = set()
    last_id: str | None = None
    while True:
        page = endpoint.directory.records(
            endpoint.tenant, endpoint.resource_type.name, Direction.UP, last_id, PAGE_SIZE
        )
        ids |= {
            record.key.id
            for record in page.records
            if visible_count(endpoint, record, attribute) > beyond
        }
        if not page.has_more:
            return frozenset(ids)
        last_id = page.records[-1].key.id
