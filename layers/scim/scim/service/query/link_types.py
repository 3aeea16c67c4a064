"""Filters on the type of a relation's values: `members.type eq "Group"`.

The type is stored on the edges, which are many. The resources that have a value of a type are found
by reading the fewer records: either the back links of the resources of that type, or the number
of values of each resource, minus its values of all other types.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

from scim.errors import TooMany
from scim.filter.binding.bound_tree import IdIn, RelationPresent, Tree, with_leaves
from scim.resource.access_path import Direction
from scim.resource.record import Link, Record
from scim.service.edges import PAGE_SIZE
from scim.service.endpoint import Endpoint
from scim.service.query.read_budget import require_room_for
from scim.service.visibility.directory import FilteredDirectory

BY_ID = "ask by id as well."


def with_typed_values(endpoint: Endpoint, tree: Tree) -> Tree:
    """Return the filter with each question about the type of values replaced by the resources' ids.

    Raises TooMany when that would read more than one query may.
    """

    def answered(leaf: Tree) -> Tree:
        match leaf:
            case RelationPresent(attribute, _, types) if types:
                return IdIn(_holders_of(endpoint, attribute, types))
            case _:
                return leaf

    return with_leaves(tree, answered)


def _holders_of(endpoint: Endpoint, attribute: str, types: tuple[str, ...]) -> frozenset[str]:
    resource_type = endpoint.resource_type
    relation = resource_type.relation(attribute)
    targets = relation.targets if relation else ()
    other_types = [target for target in targets if target not in types]
    link = Link(resource_type.name, attribute)
    # The number of values is not stored for a caller that does not see all of them.
    is_partial = isinstance(endpoint.directory, FilteredDirectory)
    if is_partial or _number(endpoint, types) <= _number(
        endpoint, {*other_types, resource_type.name}
    ):
        return frozenset(_sources(endpoint, types, link))
    values_of_others = Counter(_sources(endpoint, other_types, link))
    return frozenset(
        record.key.id
        for record in _records(endpoint, [resource_type.name])
        if record.counts.get(attribute, 0) > values_of_others[record.key.id]
    )


def _number(endpoint: Endpoint, types: Iterable[str]) -> int:
    return sum(endpoint.directory.count(endpoint.tenant, type_name) for type_name in types)


def _sources(endpoint: Endpoint, types: Iterable[str], link: Link) -> Iterator[str]:
    """Yield the id of each resource with values of these types, once for each value."""
    for record in _records(endpoint, types):
        yield from record.links.get(link, ())


def _records(endpoint: Endpoint, types: Iterable[str]) -> Iterator[Record]:
    read_count, limit = 0, endpoint.bounds.scanned
    for type_name in types:
        beyond, has_more = None, True
        while has_more:
            page = endpoint.directory.records(
                endpoint.tenant, type_name, Direction.UP, beyond, PAGE_SIZE
            )
            read_count += len(page.records)
            if read_count > limit:
                raise TooMany(f"More than {limit} resources would have to be read; {BY_ID}")
            require_room_for(endpoint.budget, page.records, type_name, BY_ID)
            yield from page.records
            has_more = page.has_more
            beyond = page.records[-1].key.id if page.records else beyond
