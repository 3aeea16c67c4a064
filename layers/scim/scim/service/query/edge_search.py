"""Queries for edges: those of one source, those to one target, the one between both, or all.

They are walked in the order of their ends, in pages by startIndex or by cursor like every other list.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

from scim.errors import InvalidFilter, InvalidValue
from scim.filter.binding.bind import bound
from scim.filter.binding.bound_tree import AllOf, Compared, Constant, Tree
from scim.filter.binding.order import is_descending
from scim.filter.parsing.parse import parse_filter
from scim.filter.parsing.tree import Operator
from scim.resource.access_path import Direction
from scim.resource.record import Key, Record
from scim.service.edges import DISPLAY_LIMIT, names_of
from scim.service.endpoint import Endpoint
from scim.service.messages import Listing, Query
from scim.service.query.answer_size import SizeLimited
from scim.service.query.edge_lists import (
    AllEdges,
    AtMostOneEdge,
    EdgeList,
    Ends,
    SourcedEdge,
    edge_between,
    edges_of_source,
    edges_to_target,
)
from scim.service.query.matches import Match, Position
from scim.service.query.paging import page_by_cursor, page_by_index, pages_of
from scim.service.query.walk import Slice
from scim.service.resources.edge import SEPARATOR, VERSION, EdgeType, edge_resource, edge_type_of


def search_edges(endpoint: Endpoint, query: Query) -> Listing:
    """Return one page of edges.

    Raises InvalidFilter for anything but equality with the ids of source and target, InvalidValue
    for a sort order or explain, InvalidCursor, ExpiredCursor, InvalidCount, and TooMany when too many sources
    would be read.
    """
    kind = edge_type_of(endpoint)
    if query.sort_by is not None:
        raise InvalidValue(f"{endpoint.resource_type.name} is not sorted; leave sortBy out.")
    if query.is_explained:
        raise InvalidValue(f"{endpoint.resource_type.name} is not explained; leave explain out.")
    is_descending(query.sort_order)  # refuses an invalid sortOrder, as in every list
    projection = endpoint.projection(query.attributes, query.excluded_attributes)
    walk = SizeLimited(
        EdgeWalk(kind, _selected_edges(kind, query.filter)),
        lambda matches: [projection.shown(view) for view in _views_with_names(kind, matches)],
        endpoint.bounds,
    )
    pages = pages_of([endpoint], query, walk)
    page = page_by_index(pages, query) if query.cursor is None else page_by_cursor(pages, query)
    return Listing(
        page.shown,
        page.total,
        page.start_index,
        projection.tolerated | query.tolerated,
        next_cursor=page.next_cursor,
        previous_cursor=page.previous_cursor,
    )


@dataclass(frozen=True, slots=True)
class EdgeWalk:
    """A list of edges as a walk that can be cut into pages; a match's record holds the view itself."""

    kind: EdgeType
    edges: EdgeList

    @property
    def order(self) -> str:
        return "ends"

    @property
    def is_counted(self) -> bool:
        return self.edges.is_counted

    def count(self) -> int:
        return self.edges.count()

    def onward(self, after: Position | None, skip: int, number: int) -> Slice:
        ends = None if after is None else _ends(after)
        return self._slice(ends, Direction.UP, skip, number)

    def back(self, before: Position, number: int) -> Slice:
        part = self._slice(_ends(before), Direction.DOWN, 0, number)
        return Slice(part.matches[::-1], part.has_more)

    def precedes(self, one: Position, other: Position) -> bool:
        return _ends(one) < _ends(other)

    def first_and_total(self, skip: int, number: int) -> Slice:
        part = self.onward(None, skip, number)
        is_end = bool(part.matches) and not part.has_more
        return replace(part, total=skip + len(part.matches) if is_end else self.count())

    def _slice(self, ends: Ends | None, direction: Direction, skip: int, number: int) -> Slice:
        # Reading one more than wanted shows whether there are more.
        edges = islice(self.edges.beyond(ends, direction, skip, number + 1), number + 1)
        matches = [self._match(edge) for edge in edges]
        return Slice(tuple(matches[:number]), has_more=len(matches) > number)

    def _match(self, sourced_edge: SourcedEdge) -> Match:
        source, edge = sourced_edge
        view = edge_resource(self.kind, source, edge, None)
        key = Key(self.kind.endpoint.resource_type.name, str(view["id"]))
        record = Record(key, VERSION, edge.since, edge.since, view)
        return Match(self.kind.endpoint, record, (source.key.id, edge.target.id, edge.target.type))


def _ends(position: Position) -> Ends:
    source_id, target_id, *_ = position
    return source_id, target_id


def _selected_edges(kind: EdgeType, text: str | None) -> EdgeList:
    """Return the edges that a filter selects."""
    if text is None:
        return AllEdges(kind)
    endpoint = kind.endpoint
    parsed = parse_filter(text, endpoint.bounds.filter)
    if not all(endpoint.profile.tolerates(tolerance) for tolerance in parsed.tolerances):
        raise InvalidFilter("The filter is not of RFC 7644's grammar.")
    tree = bound(endpoint.resource_type, parsed.filter, endpoint.profile).tree
    source, target = f"{kind.ends.source}.value", f"{kind.ends.target}.value"
    ids_by_name: dict[str, str] = {}
    is_contradictory = isinstance(tree, Constant) and not tree.holds
    for term in tree.terms if isinstance(tree, AllOf) else (tree,):
        for name, value in _equalities(term, source, target):
            is_contradictory |= ids_by_name.setdefault(name, value) != value
    match ids_by_name.get(source), ids_by_name.get(target):
        case _ if is_contradictory:
            return AtMostOneEdge(None)
        case str(source_id), str(target_id):
            return edge_between(kind, source_id, target_id)
        case str(source_id), None:
            return edges_of_source(kind, source_id)
        case None, str(target_id):
            return edges_to_target(kind, target_id)
        case _:
            return AllEdges(kind)


def _equalities(term: Tree, source: str, target: str) -> list[tuple[str, str]]:
    match term:
        case Compared(ref, Operator.EQ, operand) if str(ref) in (source, target):
            return [(str(ref), operand)]
        case Compared(ref, Operator.EQ, operand) if str(ref) == "id":
            source_id, _, target_id = operand.partition(SEPARATOR)
            return [(source, source_id), (target, target_id)]
        case Constant():
            return []
        case _:
            raise InvalidFilter(
                f"Possible are '{source} eq \"id\"', '{target} eq \"id\"', and both joined by and."
            )


def _views_with_names(kind: EdgeType, matches: Sequence[Match]) -> list[dict[str, object]]:
    """Return the views; adds the names of targets whose edges the client sent without a display."""
    ends = [match.record.body[kind.ends.target] for match in matches]
    nameless = {
        Key(match.position[2], match.position[1])
        for match, end in zip(matches, ends, strict=True)
        if isinstance(end, dict) and "display" not in end
    }
    names = names_of(kind.endpoint, sorted(nameless)) if len(nameless) <= DISPLAY_LIMIT else {}
    views: list[dict[str, object]] = []
    for match, end in zip(matches, ends, strict=True):
        name = names.get(Key(match.position[2], match.position[1]))
        named_end = {**end, "display": name} if isinstance(end, dict) and name is not None else end
        views.append({**match.record.body, kind.ends.target: named_end})
    return views
