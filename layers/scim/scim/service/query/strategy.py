"""Which walk answers a query: by plans and indexes where they have the order, else by ranking."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from scim.filter.binding.bound_tree import ALWAYS
from scim.filter.binding.order import Order, is_descending, ordered_across
from scim.filter.binding.predicate import predicate
from scim.filter.parsing.parse import parse_attribute
from scim.filter.planning.plan import ByRange, Nothing, Scan
from scim.profile import Tolerance
from scim.resource.access_path import WHOLE, Direction
from scim.schema.resource_type import AttributeRef, Index
from scim.schema.schema import ID
from scim.service.endpoint import Endpoint
from scim.service.messages import Query
from scim.service.query.answer_size import room_for_bodies
from scim.service.query.candidates import CandidateSource, ReadBudget, entries, scan
from scim.service.query.filtering import TypeQuery, scope_of, segment_name, type_queries_of
from scim.service.query.sorting import Field, SortedInMemory
from scim.service.query.walk import IndexOrder, Segment, Walk


@dataclass(frozen=True, slots=True)
class Strategy:
    """The walk of a query, the tolerances it needed, and its plans as an operator is told."""

    walk: Walk
    tolerated: frozenset[Tolerance]
    plans: tuple[Mapping[str, object], ...]


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
    plans = tuple({**type_query.explained(), "walk": walk.order} for type_query in type_queries)
    return Strategy(walk, tolerated, plans)


def _segment(type_query: TypeQuery, source: CandidateSource) -> Segment:
    """Return a type's matches in the order of its plan; all of a type are counted and skipped cheaply."""
    name, opened = segment_name(type_query.name, source), type_query.opened(source)
    endpoint, plan = type_query.endpoint, type_query.planned.plan
    if isinstance(plan, Nothing):
        return Segment(name, opened, lambda: 0)
    if type_query.tree != ALWAYS:
        return Segment(name, opened)
    return Segment(
        name,
        opened,
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
    fields = [
        Field(type_query.endpoint, order, type_query.opened(type_query.source()))
        for type_query, order in zip(type_queries, orders, strict=True)
    ]
    return SortedInMemory(fields, direction, room)


def _index_in_order(type_query: TypeQuery, order: Order) -> Index | None:
    """Return the index that has the order, where walking it is no detour for the filter."""
    ref = order.ref
    if ref is None or ref.attribute.multi_valued or ref.leaf.multi_valued:
        return None
    plan = type_query.planned.plan
    if not isinstance(plan, Scan | ByRange):
        return None
    indexes = type_query.endpoint.resource_type.indexes
    index = next((each for each in indexes if each.attribute == str(ref)), None)
    return None if isinstance(plan, ByRange) and plan.index != index else index


def _by_index(type_query: TypeQuery, order: Order, index: Index) -> list[Segment]:
    """Return first what has a value, in the order of the index, then what has none."""
    endpoint, budget, plan = type_query.endpoint, type_query.budget, type_query.planned.plan
    is_whole = type_query.tree == ALWAYS
    if isinstance(plan, ByRange):
        source = entries(endpoint, index, plan.key_range, budget)
        return [Segment(segment_name(type_query.name, source), type_query.opened(source))]
    source = entries(endpoint, index, WHOLE, budget)
    count = (
        partial(endpoint.directory.count, endpoint.tenant, type_query.name) if is_whole else None
    )
    valued = Segment(segment_name(type_query.name, source), type_query.opened(source), count)
    if _is_always_there(order):
        return [valued]
    holds = predicate(type_query.tree)
    rest = scan(endpoint, budget)
    without = type_query.opened(
        rest, is_exact=False, test=lambda view: order.key(view)[0] and holds(view)
    )
    name = segment_name(type_query.name, rest)
    return [valued, Segment(name, without, (lambda: 0) if is_whole else None)]


def _is_always_there(order: Order) -> bool:
    ref = order.ref
    return ref is not None and ref.container is None and ref.sub is None and ref.attribute.required
