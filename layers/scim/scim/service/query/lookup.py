"""Lookups: the resource, if any, with a value of a unique attribute, as in `userName eq "anna"`.

Clients ask this all day, before they create or change a user. It needs no plan, no walk and no
page marker; every query that is less simple is left to the search.
The process remembers which resource last had a value, so that one read finds it again.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from scim.filter.binding.names import is_readable, named
from scim.filter.parsing.parse import parse_filter
from scim.filter.parsing.tree import AttributePath, Comparison, Operator
from scim.immutable import REMEMBERED, Same
from scim.profile import Profile
from scim.resource.access_path import Direction, IndexValue
from scim.resource.fold import folded, key_of
from scim.resource.projection import Projection
from scim.resource.record import Key, Record
from scim.schema.resource_type import ResourceType
from scim.schema.schema import Attribute, AttributeType
from scim.service.attempt import settled
from scim.service.endpoint import Endpoint
from scim.service.messages import Listing, Query
from scim.service.query.read_budget import ReadBudget
from scim.service.recent import UniqueValue
from scim.service.resources.json_text import spliced_alone
from scim.service.resources.view import consistent_views
from scim.service.visibility.directory import FilteredDirectory

Test = Callable[[Record], bool]


class _Unique(NamedTuple):
    """A unique string attribute with an index of its own, named by a filter's path."""

    attribute: Attribute
    path: str

    def is_in(self, record: Record, folded_value: str) -> bool:
        """Tell whether the resource has that folded value."""
        value = record.body.get(self.attribute.name)
        return isinstance(value, str) and folded(self.attribute, value) == folded_value


def looked_up(
    endpoint: Endpoint, query: Query, projection: Projection, budget: ReadBudget
) -> Listing | None:
    """Return the page for a query that is a lookup; None for any other query.

    Raises InvalidFilter, as every query does, and TooMany.
    """
    text = query.filter
    if text is None or text.count('"') != 2 or not _is_plain(endpoint, query):
        return None
    parsed = parse_filter(text, endpoint.bounds.filter)
    term = parsed.filter
    if parsed.tolerances or not isinstance(term, Comparison) or term.operator is not Operator.EQ:
        return None
    unique = _unique(endpoint.resource_type, term.path, Same(endpoint.profile))
    if unique is None or not isinstance(term.value, str):
        return None
    record = _holder(endpoint, unique, folded(unique.attribute, term.value), budget)
    start = max(query.start_index or 1, 1)
    tolerated = projection.tolerated | query.tolerated
    if record is None:
        return Listing((), 0, start, tolerated)
    resource = spliced_alone(endpoint, record, projection)
    if resource is not None:
        return Listing((resource,), 1, start, tolerated)
    views = consistent_views(endpoint, [record], projection)
    return Listing(tuple([view for _, view in views]), len(views), start, tolerated)


def _is_plain(endpoint: Endpoint, query: Query) -> bool:
    """Tell whether a query asks for the first page, unsorted, for a caller that sees everything."""
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
    resource_type: ResourceType, path: AttributePath, profile: Same[Profile]
) -> _Unique | None:
    """Return the unique base-schema string that a path names in the RFC's spelling, None for anything else."""
    named_attribute = named(resource_type, path, profile.value)
    if named_attribute is None or named_attribute.tolerated or not is_readable(named_attribute.ref):
        return None
    attribute = named_attribute.ref.attribute
    is_text = attribute.type is AttributeType.STRING and not attribute.multi_valued
    if not is_text or attribute not in resource_type.stored_attributes:
        return None
    name = str(named_attribute.ref)
    unique_index = next((index for index in resource_type.indexes if index.attribute == name), None)
    if unique_index is None or not unique_index.is_unique or unique_index.is_late:
        return None
    return _Unique(attribute, name)


def _holder(
    endpoint: Endpoint, unique: _Unique, folded_value: str, budget: ReadBudget
) -> Record | None:
    """Return the resource with the value: where it was last seen, else where the index has it."""
    unique_value = UniqueValue(
        endpoint.tenant, endpoint.resource_type.name, unique.path, key_of(folded_value)
    )

    def holds(record: Record) -> bool:
        budget.look_into(record, endpoint.resource_type)
        return unique.is_in(record, folded_value)

    record = _seen_holder(endpoint, unique_value, holds, budget) or _indexed(
        endpoint, unique_value, holds, budget
    )
    if record is None:
        return None
    endpoint.value_holders.keep(unique_value, record.key.id)
    return settled(endpoint, record) if record.is_unsettled else record


def _seen_holder(
    endpoint: Endpoint, unique_value: UniqueValue, holds: Test, budget: ReadBudget
) -> Record | None:
    """Return the resource at which a value was last seen, if it still has it.

    It is read as of now: no other resource can have the unique value then, so the index would give
    the same result.
    """
    holder_id = endpoint.value_holders.get(unique_value)
    if holder_id is None:
        return None
    key = Key(unique_value.type, holder_id)
    record = endpoint.directory.read_latest(endpoint.tenant, [key]).get(key)
    if record is not None:
        budget.read([record], endpoint.resource_type)
        if holds(record):
            return record
    endpoint.value_holders.forget(unique_value)
    return None


def _indexed(
    endpoint: Endpoint, unique_value: UniqueValue, holds: Test, budget: ReadBudget
) -> Record | None:
    """Return the resource that the index has for a value; reads it as of now when the two disagree."""
    type_, directory = endpoint.resource_type, endpoint.directory
    path = IndexValue(unique_value.type, unique_value.attribute, unique_value.value)
    ids = directory.ids(endpoint.tenant, path, Direction.UP, None, 1).ids
    if not ids:
        return None
    budget.add(len(ids), type_)
    key = Key(unique_value.type, ids[0])
    record = directory.read(endpoint.tenant, key)
    if record is None:
        return None
    budget.look_up([record], type_)
    if holds(record):
        return record
    record = directory.read_latest(endpoint.tenant, [key]).get(key)
    return record if record is not None and holds(record) else None
