"""Queries: filter, order, page and projection over one or several resource types.

RFC 7644 section 3.4.2; results of several types come type by type where nothing is sorted.
"""

from collections.abc import Mapping, Sequence

from scim.errors import InvalidFilter
from scim.filter.bind import bound_across
from scim.filter.bound import ALWAYS, Tree
from scim.filter.parse import parse_filter
from scim.profile import Profile, Tolerance
from scim.resource.projection import Projection
from scim.resource.record import Key, Record
from scim.service.answer import Listing
from scim.service.candidates import PAGE, matching
from scim.service.endpoint import Endpoint
from scim.service.hit import Hit
from scim.service.query import Query
from scim.service.ranking import ranked
from scim.service.scope import scope_of
from scim.service.view import full_views


def search(endpoints: Sequence[Endpoint], query: Query) -> Listing:
    """Return one page of what the query selects in the endpoints of one tenant.

    Raises InvalidFilter, InvalidValue, and TooMany when no index answers the filter and
    more resources would have to be read than the deployment allows.
    """
    bounds = endpoints[0].bounds
    projections = {
        each.resource_type.name: Projection.of(
            each.resource_type, query.attributes, query.excluded_attributes
        )
        for each in endpoints
    }
    start = max(query.start_index or 1, 1)
    size = bounds.page_size if query.count is None else max(query.count, 0)
    size = min(size, bounds.max_page_size)
    if query.filter is None and query.sort_by is None:
        hits, total = _unfiltered(endpoints, start, size)
        fired: frozenset[Tolerance] = frozenset()
    else:
        every, fired = _filtered(endpoints, query)
        hits, total = every[start - 1 : start - 1 + size], len(every)
    return Listing(tuple(_shown(hits, projections)), total, start, fired)


def _unfiltered(endpoints: Sequence[Endpoint], start: int, size: int) -> tuple[list[Hit], int]:
    """Return the page in id order, type by type; reads what lies before it only to skip it."""
    totals = [each.directory.count(each.tenant, each.resource_type.name) for each in endpoints]
    hits: list[Hit] = []
    skipped = start - 1
    for endpoint, total in zip(endpoints, totals, strict=True):
        if skipped < total and len(hits) < size:
            hits.extend(_slice(endpoint, skipped, size - len(hits)))
        skipped = max(skipped - total, 0)
    return hits, sum(totals)


def _slice(endpoint: Endpoint, skipped: int, size: int) -> list[Hit]:
    wanted = skipped + size
    records: list[Record] = []
    after: str | None = None
    while len(records) < wanted:
        left = min(wanted - len(records), PAGE)
        page = endpoint.directory.page(endpoint.tenant, endpoint.resource_type.name, after, left)
        records.extend(page.records)
        after = page.after
        if after is None:
            break
    return [Hit(endpoint, record) for record in records[skipped:wanted]]


def _filtered(
    endpoints: Sequence[Endpoint], query: Query
) -> tuple[list[Hit], frozenset[Tolerance]]:
    """Return all hits in their order, and the tolerances the filter needed."""
    fired: frozenset[Tolerance] = frozenset()
    trees: Sequence[Tree] = [ALWAYS] * len(endpoints)
    if query.filter is not None:
        parsed = parse_filter(query.filter, endpoints[0].bounds.filter)
        _require_tolerated(parsed.tolerances, endpoints[0].profile)
        scopes = [scope_of(endpoint) for endpoint in endpoints]
        bound = bound_across(scopes, parsed.filter, endpoints[0].profile)
        trees = [each.tree for each in bound]
        fired = parsed.tolerances.union(*(each.fired for each in bound))
    hits = [
        Hit(endpoint, record)
        for endpoint, tree in zip(endpoints, trees, strict=True)
        for record in matching(endpoint, tree)
    ]
    if query.sort_by is not None:
        hits = ranked(hits, endpoints, query.sort_by, query.sort_order)
    return hits, fired


def _require_tolerated(needed: frozenset[Tolerance], profile: Profile) -> None:
    refused = sorted(tolerance for tolerance in needed if not profile.tolerates(tolerance))
    if refused:
        raise InvalidFilter(f"The filter is not of RFC 7644's grammar: {', '.join(refused)}.")


def _shown(
    hits: Sequence[Hit], projections: Mapping[str, Projection]
) -> list[dict[str, object]]:
    shown: dict[Key, dict[str, object]] = {}
    endpoints = {hit.endpoint.resource_type.name: hit.endpoint for hit in hits}
    for name, endpoint in endpoints.items():
        records = [hit.record for hit in hits if hit.record.key.type == name]
        views = full_views(endpoint, records, projections[name])
        shown.update({record.key: view for record, view in zip(records, views, strict=True)})
    return [shown[hit.record.key] for hit in hits]
