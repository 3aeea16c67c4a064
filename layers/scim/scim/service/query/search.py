"""Queries: filter, order, page and projection over one or several resource types.

RFC 7644 section 3.4.2. Results of several types come type by type unless they are sorted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from scim.filter.binding.bound_tree import ALWAYS
from scim.filter.binding.order import Order, is_descending, ordered_across
from scim.filter.binding.predicate import predicate
from scim.filter.parsing.parse import parse_attribute
from scim.filter.planning.plan import ByRange, Nothing, Scan
from scim.immutable import immutable
from scim.profile import Tolerance
from scim.resource.access_path import WHOLE_INDEX, Direction
from scim.resource.projection import Projection
from scim.resource.record import Key
from scim.schema.resource_type import AttributeRef, Index
from scim.schema.schema import ID
from scim.service.endpoint import Endpoint
from scim.service.messages import Listing, Query
from scim.service.ports import Spending
from scim.service.query.answer_size import SizeLimited, room_for_bodies
from scim.service.query.candidates import CandidateSource, entries, scan
from scim.service.query.filtering import TypeQuery, scope_of, segment_name, type_queries_of
from scim.service.query.link_totals import stored_total_of
from scim.service.query.lookup import looked_up
from scim.service.query.matches import Match
from scim.service.query.paging import page_by_cursor, page_by_index, pages_of
from scim.service.query.read_budget import ReadBudget
from scim.service.query.sorting import SortedInMemory, SortSource
from scim.service.query.walk import IndexOrder, Segment, Walk
from scim.service.resources.json_text import spliced
from scim.service.resources.view import consistent_views
from scim.service.visibility.queries import orders_by_unseen


@immutable
class Strategy:
    """The walk of a query, the tolerances it used, and the query of each type."""

    walk: Walk
    tolerated: frozenset[Tolerance]
    type_queries: Sequence[TypeQuery]

    @property
    def plans(self) -> list[Mapping[str, object]]:
        """The plans, for an operator."""
        order = self.walk.order
        return [{**type_query.explained(), "walk": order} for type_query in self.type_queries]


def strategy_of(endpoints: Sequence[Endpoint], query: Query, budget: ReadBudget) -> Strategy:
    """Return the walk for a query. Raises InvalidFilter, InvalidPath and InvalidValue."""
    type_queries, tolerated = type_queries_of(endpoints, query.filter, budget, query.domain)
    room = room_for_bodies(endpoints[0].bounds, query)
    direction = Direction.DOWN if is_descending(query.sort_order) else Direction.UP
    if query.sort_by is None:
        walk: Walk = IndexOrder(
            [_segment(type_query, type_query.source()) for type_query in type_queries], room=room
        )
    else:
        scopes = [scope_of(endpoint) for endpoint in endpoints]
        path = parse_attribute(query.sort_by)
        orders = ordered_across(scopes, path, endpoints[0].profile)
        tolerated = tolerated.union(*(order.tolerated for order in orders))
        walk = _sorted(type_queries, orders, direction, room)
    return Strategy(walk, tolerated, type_queries)


def _segment(type_query: TypeQuery, source: CandidateSource) -> Segment:
    """Return a type's matches in the order of its plan; without a filter they are counted and skipped cheaply."""
    name = segment_name(type_query.name, source)
    open_matches = type_query.matches_opener(source)
    endpoint, plan = type_query.endpoint, type_query.planned.plan
    if isinstance(plan, Nothing):
        return Segment(name, open_matches, lambda: 0)
    if type_query.tree != ALWAYS:
        return Segment(name, open_matches, stored_total=stored_total_of(type_query))
    return Segment(
        name,
        open_matches,
        partial(endpoint.directory.count, endpoint.tenant, type_query.name),
        partial(endpoint.directory.skipped, endpoint.tenant, type_query.name),
    )


def _sorted(
    type_queries: Sequence[TypeQuery], orders: Sequence[Order], direction: Direction, room: int
) -> Walk:
    if len(type_queries) == 1:
        if (
            orders[0].ref == AttributeRef(None, ID)
            and (source := type_queries[0].source_by_id()) is not None
        ):
            return IndexOrder([_segment(type_queries[0], source)], direction, room)
        index = _index_in_order(type_queries[0], orders[0])
        if index is not None:
            segments = _by_index(type_queries[0], orders[0], index)
            return IndexOrder(
                segments if direction is Direction.UP else segments[::-1], direction, room
            )
    sources = [
        SortSource(
            type_query.endpoint,
            order,
            type_query.matches_opener(type_query.source()),
            type_query.budget,
        )
        for type_query, order in zip(type_queries, orders, strict=True)
    ]
    return SortedInMemory(sources, direction, room)


def _index_in_order(type_query: TypeQuery, order: Order) -> Index | None:
    """Return the index with this order; None if there is none or the filter's plan is cheaper."""
    ref = order.ref
    if ref is None or ref.attribute.multi_valued or ref.leaf.multi_valued:
        return None
    if orders_by_unseen(type_query.endpoint, ref):
        return None
    plan = type_query.planned.plan
    if not isinstance(plan, Scan | ByRange):
        return None
    indexes = type_query.endpoint.resource_type.indexes
    index = next((index for index in indexes if index.attribute == str(ref)), None)
    return None if isinstance(plan, ByRange) and plan.index != index else index


def _by_index(type_query: TypeQuery, order: Order, index: Index) -> list[Segment]:
    """Return the segment of resources with a value, in index order, then that of those without."""
    endpoint, budget, plan = type_query.endpoint, type_query.budget, type_query.planned.plan
    is_unfiltered = type_query.tree == ALWAYS
    if isinstance(plan, ByRange):
        source = entries(endpoint, index, plan.key_range, budget)
        return [Segment(segment_name(type_query.name, source), type_query.matches_opener(source))]
    source = entries(endpoint, index, WHOLE_INDEX, budget)
    count = (
        partial(endpoint.directory.count, endpoint.tenant, type_query.name)
        if is_unfiltered
        else None
    )
    valued = Segment(
        segment_name(type_query.name, source), type_query.matches_opener(source), count
    )
    # A late index can have been declared after the attribute became required.
    if _is_always_there(order) and not index.is_late:
        return [valued]
    holds = type_query.counted(predicate(type_query.tree))
    all_records = scan(endpoint, budget)
    without = type_query.matches_opener(
        all_records, test=lambda view: order.is_missing(view) and holds(view)
    )
    name = segment_name(type_query.name, all_records)
    return [valued, Segment(name, without, (lambda: 0) if is_unfiltered else None)]


def _is_always_there(order: Order) -> bool:
    ref = order.ref
    return ref is not None and ref.container is None and ref.sub is None and ref.attribute.required


def search(endpoints: Sequence[Endpoint], query: Query) -> Listing:
    """Return one page of what the query selects at the endpoints of one tenant.

    Raises InvalidFilter, InvalidValue, InvalidCursor, ExpiredCursor, InvalidCount, and TooMany
    when the query would read more than the deployment allows.
    """
    spent = endpoints[0].directory.spent() if query.is_explained else None
    budget = ReadBudget(endpoints[0].bounds.scanned, endpoints[0].budget)
    projections = _projections(endpoints, query)
    if len(endpoints) == 1:
        (projection,) = projections.values()
        listing = looked_up(endpoints[0], query, projection, budget)
        if listing is not None:
            return listing
    endpoints = [_with_built_indexes(endpoint) for endpoint in endpoints]
    strategy = strategy_of(endpoints, query, budget)
    show = partial(_shown, projections, query)
    pages = pages_of(endpoints, query, SizeLimited(strategy.walk, show, endpoints[0].bounds))
    page = page_by_index(pages, query) if query.cursor is None else page_by_cursor(pages, query)
    return Listing(
        page.shown,
        page.total,
        page.start_index,
        strategy.tolerated.union(
            query.tolerated, *(projection.tolerated for projection in projections.values())
        ),
        page.next_cursor,
        page.previous_cursor,
        None if spent is None else _explanation(endpoints[0], strategy, budget, spent),
    )


def _with_built_indexes(endpoint: Endpoint) -> Endpoint:
    """Return the endpoint without the indexes that are not complete yet."""
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
    return {
        endpoint.resource_type.name: endpoint.projection(
            query.attributes, query.excluded_attributes
        )
        for endpoint in endpoints
    }


def _explanation(
    endpoint: Endpoint, strategy: Strategy, budget: ReadBudget, before: Spending
) -> dict[str, object]:
    after = endpoint.directory.spent()
    return {
        "plans": strategy.plans,
        "itemsRead": budget.items,
        "roundTrips": after.round_trips - before.round_trips,
        "readUnits": after.rcu - before.rcu,
    }


def _shown(
    projections: Mapping[str, Projection], query: Query, matches: Sequence[Match]
) -> list[Mapping[str, object] | None]:
    is_projected = bool(query.attributes or query.excluded_attributes)
    if len(projections) == 1 and matches and not is_projected:
        texts = spliced(matches[0].endpoint, [match.record for match in matches])
        if len(texts) == len(matches):
            return [*texts.values()]
    resources: dict[Key, Mapping[str, object]] = {}
    for endpoint in {
        match.endpoint.resource_type.name: match.endpoint for match in matches
    }.values():
        name = endpoint.resource_type.name
        records = [match.record for match in matches if match.record.key.type == name]
        if not is_projected:
            resources.update(spliced(endpoint, records))
        unspliced = [record for record in records if record.key not in resources]
        if unspliced:
            views = consistent_views(endpoint, unspliced, projections[name])
            resources.update({record.key: view for record, view in views})
    return [resources.get(match.record.key) for match in matches]
