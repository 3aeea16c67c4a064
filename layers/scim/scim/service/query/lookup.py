"""Lookups: what one resource at most has under a unique attribute, as `userName eq "anna"`.

Clients ask so all day, before they create and before they change somebody. It takes neither a plan nor a walk nor
a marker for a next page; whatever is not as simple is left to the search.
"""

from functools import lru_cache
from typing import NamedTuple

from scim.filter.binding.bound_tree import Compared
from scim.filter.binding.comparison import comparison
from scim.filter.binding.names import is_readable, named
from scim.filter.binding.predicate import predicate
from scim.filter.parsing.parse import parse_filter
from scim.filter.parsing.tree import AttributePath, Comparison, Operator
from scim.immutable import REMEMBERED, Same
from scim.profile import Profile
from scim.resource.access_path import Direction, IndexValue
from scim.resource.fold import key_of
from scim.resource.projection import Projection
from scim.resource.record import Key, Record
from scim.schema.resource_type import AttributeRef, Index, ResourceType
from scim.service.attempt import settled
from scim.service.endpoint import Endpoint
from scim.service.messages import Listing, Query
from scim.service.query.read_budget import ReadBudget
from scim.service.resources.json_text import spliced_alone
from scim.service.resources.view import steady_views
from scim.service.visibility.directory import FilteredDirectory


class _Unique(NamedTuple):
    """A unique attribute with an index of its own, as a filter's path names it."""

    ref: AttributeRef
    declared: Index


def looked_up(
    endpoint: Endpoint, query: Query, projection: Projection, budget: ReadBudget
) -> Listing | None:
    """Return the page of a query that is a lookup, None for one that is not, or turns out to be more.

    Raises InvalidFilter, as every query does, and TooMany.
    """
    text = query.filter
    if text is None or text.count('"') != 2 or not _is_plain(endpoint, query):
        return None
    parsed = parse_filter(text, endpoint.bounds.filter)
    term = parsed.filter
    if parsed.tolerances or not isinstance(term, Comparison) or term.operator is not Operator.EQ:
        return None
    unique = _unique(Same(endpoint.resource_type), term.path, Same(endpoint.profile))
    if unique is None or not isinstance(term.value, str):
        return None
    bound = comparison(unique.ref, term, endpoint.profile)
    if bound.tolerated or not isinstance(bound.tree, Compared):
        return None
    record = _holder(endpoint, unique, bound.tree, budget)
    start = max(query.start_index or 1, 1)
    tolerated = projection.tolerated | query.tolerated
    if record is None:
        return Listing((), 0, start, tolerated)
    whole = spliced_alone(endpoint, record, projection)
    if whole is not None:
        return Listing((whole,), 1, start, tolerated)
    views = steady_views(endpoint, [record], projection)
    return Listing(tuple([view for _, view in views]), len(views), start, tolerated)


def _is_plain(endpoint: Endpoint, query: Query) -> bool:
    """Tell whether a query asks for the first page, in no order, of one who sees everything."""
    return (
        query.sort_by is None
        and query.cursor is None
        and query.domain is None
        and not query.is_explained
        and (query.start_index is None or query.start_index <= 1)
        and (query.count is None or 0 < query.count <= endpoint.bounds.max_page_size)
        and not endpoint.profile.domains.names
        and not isinstance(endpoint.directory, FilteredDirectory)
    )


@lru_cache(maxsize=REMEMBERED)
def _unique(
    type_: Same[ResourceType], path: AttributePath, profile: Same[Profile]
) -> _Unique | None:
    """Return the unique attribute of the base schema that a path names as the RFC has it, None for any other."""
    resource_type = type_.value
    found = named(resource_type, path, profile.value)
    if found is None or found.tolerated or not is_readable(found.ref) or found.ref.leaf.is_complex:
        return None
    indexes = [each for each in resource_type.indexes if each.attribute == str(found.ref)]
    is_own = found.ref.attribute in resource_type.stored_attributes
    if not is_own or not indexes or not indexes[0].is_unique or indexes[0].is_late:
        return None
    return _Unique(found.ref, indexes[0])


def _holder(
    endpoint: Endpoint, unique: _Unique, wanted: Compared, budget: ReadBudget
) -> Record | None:
    """Return the resource that has the value, as of now where the index and a resource disagree."""
    type_, directory = endpoint.resource_type, endpoint.directory
    path = IndexValue(type_.name, unique.declared.attribute, key_of(wanted.operand))
    ids = directory.ids(endpoint.tenant, path, Direction.UP, None, 1).ids
    if not ids:
        return None
    budget.add(len(ids), type_)
    key, holds = Key(type_.name, ids[0]), predicate(wanted)
    record = directory.read(endpoint.tenant, key)
    if record is not None:
        budget.look_up([record], type_)
        budget.look_into(record, type_)
        if not holds(record.body):
            record = directory.read_latest(endpoint.tenant, [key]).get(key)
            if record is not None and not holds(record.body):
                return None
    if record is None:
        return None
    return settled(endpoint, record) if record.is_unsettled else record
