"""Queries: filter, order, page and projection over one or several resource types.

RFC 7644 section 3.4.2; results of several types come type by type where nothing is sorted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from scim.errors import InvalidValue
from scim.filter.binding.names import is_readable
from scim.resource.projection import Projection
from scim.resource.record import Key
from scim.service.endpoint import Endpoint
from scim.service.messages import Listing, Query
from scim.service.ports import Spending
from scim.service.query.answer_size import SizeLimited
from scim.service.query.candidates import ReadBudget
from scim.service.query.matches import Match
from scim.service.query.paging import page_by_cursor, page_by_index, pages_of
from scim.service.query.strategy import Strategy, strategy_of
from scim.service.resources.json_text import spliced
from scim.service.resources.view import steady_views


def search(endpoints: Sequence[Endpoint], query: Query) -> Listing:
    """Return one page of what the query selects in the endpoints of one tenant.

    Raises InvalidFilter, InvalidValue, InvalidCursor, ExpiredCursor, InvalidCount, and TooMany
    when more would have to be read than the deployment allows.
    """
    spent = endpoints[0].directory.spent() if query.is_explained else None
    budget = ReadBudget(endpoints[0].bounds.scanned)
    projections = _projections(endpoints, query)
    endpoints = [_with_built_indexes(endpoint) for endpoint in endpoints]
    found = strategy_of(endpoints, query, budget)
    show = partial(_shown, projections, query)
    pages = pages_of(endpoints, query, SizeLimited(found.walk, show, endpoints[0].bounds))
    page = page_by_index(pages, query) if query.cursor is None else page_by_cursor(pages, query)
    return Listing(
        tuple(match.shown for match in page.matches),
        page.total,
        page.start_index,
        found.tolerated.union(query.tolerated, *(each.tolerated for each in projections.values())),
        page.next_cursor,
        page.previous_cursor,
        None if spent is None else _explanation(endpoints[0], found, budget, spent),
    )


def _with_built_indexes(endpoint: Endpoint) -> Endpoint:
    """Return the endpoint without the indexes that do not hold yet all they should."""
    type_ = endpoint.resource_type
    if not any(index.is_late for index in type_.indexes):
        return endpoint
    built = tuple(
        index
        for index in type_.indexes
        if not index.is_late
        or endpoint.directory.is_built(endpoint.tenant, type_.name, index.attribute)
    )
    return replace(endpoint, resource_type=replace(type_, indexes=built))


def _projections(endpoints: Sequence[Endpoint], query: Query) -> dict[str, Projection]:
    for name in query.attributes:
        refs = [each.resource_type.named(name) for each in endpoints]
        known = [ref for ref in refs if ref is not None]
        if known and not any(map(is_readable, known)):
            raise InvalidValue(f"attributes: '{name}' is never returned.")
    return {
        each.resource_type.name: each.projection(query.attributes, query.excluded_attributes)
        for each in endpoints
    }


def _explanation(
    endpoint: Endpoint, found: Strategy, budget: ReadBudget, before: Spending
) -> dict[str, object]:
    after = endpoint.directory.spent()
    return {
        "plans": list(found.plans),
        "itemsRead": budget.items,
        "roundTrips": after.round_trips - before.round_trips,
        "readUnits": after.rcu - before.rcu,
    }


def _shown(
    projections: Mapping[str, Projection], query: Query, matches: Sequence[Match]
) -> list[Mapping[str, object] | None]:
    is_projected = bool(query.attributes or query.excluded_attributes)
    shown: dict[Key, Mapping[str, object]] = {}
    for endpoint in {
        match.endpoint.resource_type.name: match.endpoint for match in matches
    }.values():
        name = endpoint.resource_type.name
        records = [match.record for match in matches if match.record.key.type == name]
        if not is_projected:
            shown.update(spliced(endpoint, records))
        left = [record for record in records if record.key not in shown]
        views = steady_views(endpoint, left, projections[name])
        shown.update({record.key: view for record, view in views})
    return [shown.get(match.record.key) for match in matches]
