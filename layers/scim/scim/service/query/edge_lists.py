"""Lists of edges that can be read from any position in both directions: of sources, to a target, or one edge."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import ClassVar, Protocol

from scim.errors import TooMany
from scim.resource.access_path import Direction
from scim.resource.record import Edge, Key, Link, Record
from scim.service.attempt import settled
from scim.service.edges import PAGE_SIZE, edges_from
from scim.service.query.read_budget import require_room_for
from scim.service.resources.edge import EdgeType, found_edge
from scim.service.visibility.restrict import visible_count

Ends = tuple[str, str]
"""The ids of source and target: the position of an edge in every list."""

SourcedEdge = tuple[Record, Edge]
"""An edge with its source."""

AT_ONCE = 100


class EdgeList(Protocol):
    """Edges in the order of their ends; `is_counted` tells whether counting them costs little."""

    @property
    def is_counted(self) -> bool: ...

    def count(self) -> int:
        """Return the number of edges."""

    def beyond(
        self, ends: Ends | None, direction: Direction, skip: int, size_hint: int
    ) -> Iterator[SourcedEdge]:
        """Yield the edges beyond a position, without the first `skip`; about `size_hint` are wanted."""


@dataclass(frozen=True, slots=True)
class EdgesOfSources:
    """The edges of some resources, given in id order with their number of edges."""

    is_counted: ClassVar[bool] = True

    kind: EdgeType
    sources: Sequence[tuple[Key, int]]

    def count(self) -> int:
        return sum(number for _, number in self.sources)

    def beyond(
        self, ends: Ends | None, direction: Direction, skip: int, size_hint: int
    ) -> Iterator[SourcedEdge]:
        sources = self.sources if direction is Direction.UP else self.sources[::-1]
        return _edges(self.kind, sources, ends, direction, skip, size_hint)


@dataclass(frozen=True, slots=True)
class AllEdges:
    """All edges. Sources are read only as far as the caller reads edges; counting reads all of them.

    Raises TooMany when too many sources would have to be read.
    """

    is_counted: ClassVar[bool] = False

    kind: EdgeType

    def count(self) -> int:
        return sum(number for _, number in self._sources(Direction.UP, None, PAGE_SIZE))

    def beyond(
        self, ends: Ends | None, direction: Direction, skip: int, size_hint: int
    ) -> Iterator[SourcedEdge]:
        source_id = None if ends is None else ends[0]
        # If a page begins within a source, the source's number of edges is not needed.
        first_source = [] if source_id is None else [(self.kind.source_key(source_id), 0)]
        sources = chain(first_source, self._sources(direction, source_id, AT_ONCE))
        return _edges(self.kind, sources, ends, direction, skip, size_hint)

    def _sources(
        self, direction: Direction, beyond: str | None, size_hint: int
    ) -> Iterator[tuple[Key, int]]:
        endpoint, attribute = self.kind.endpoint, self.kind.relation.attribute
        read_count = 0
        advice = f"filter by {self.kind.ends.source}.value or {self.kind.ends.target}.value."
        while True:
            page = endpoint.directory.records(
                endpoint.tenant, self.kind.ends.type, direction, beyond, size_hint
            )
            read_count += len(page.records)
            if read_count > endpoint.bounds.scanned:
                raise TooMany(
                    f"There are more than {endpoint.bounds.scanned} resources to read; {advice}"
                )
            require_room_for(endpoint.budget, page.records, self.kind.ends.type, advice)
            for stored in page.records:
                beyond = stored.key.id
                record = settled(self.kind.sources, stored)
                number = (
                    0 if record is None else visible_count(self.kind.sources, record, attribute)
                )
                if record is not None and number:
                    yield record.key, number
            if not page.has_more:
                return
            size_hint = PAGE_SIZE


def _edges(
    kind: EdgeType,
    sources: Iterable[tuple[Key, int]],
    ends: Ends | None,
    direction: Direction,
    skip: int,
    size_hint: int,
) -> Iterator[SourcedEdge]:
    """Yield the edges of the sources beyond a position."""
    for key, number in sources:
        beyond_target = None
        if ends is not None:
            if direction.is_before(key.id, ends[0]):
                continue
            beyond_target = ends[1] if key.id == ends[0] else None
        if beyond_target is None and skip >= number:
            skip -= number
            continue
        stored = kind.endpoint.directory.read(kind.endpoint.tenant, key)
        source = None if stored is None else settled(kind.sources, stored)
        if source is None:
            continue
        edges = edges_from(
            kind.sources,
            key,
            kind.relation.attribute,
            beyond_target,
            direction,
            min(PAGE_SIZE, skip + size_hint),
        )
        for edge in edges:
            if skip:
                skip -= 1
            else:
                yield source, edge


@dataclass(frozen=True, slots=True)
class EdgesToTarget:
    """The edges to one resource, given by the ids of their sources in order."""

    is_counted: ClassVar[bool] = True

    kind: EdgeType
    target: Key
    source_ids: Sequence[str]

    def count(self) -> int:
        return len(self.source_ids)

    def beyond(
        self, ends: Ends | None, direction: Direction, skip: int, size_hint: int
    ) -> Iterator[SourcedEdge]:
        ids = iter(self.source_ids if direction is Direction.UP else self.source_ids[::-1])
        later_ids = (id_ for id_ in ids if ends is None or direction.is_before(ends[0], id_))
        unskipped_ids = islice(later_ids, skip, None)
        while keys := [
            self.kind.source_key(id_) for id_ in islice(unskipped_ids, min(AT_ONCE, size_hint))
        ]:
            sources, edges = self._read(keys)
            for key in keys:
                edge = edges.get((key, self.target.id))
                if key in sources and edge is not None:
                    yield sources[key], edge

    def _read(
        self, keys: Sequence[Key]
    ) -> tuple[Mapping[Key, Record], Mapping[tuple[Key, str], Edge]]:
        directory, tenant = self.kind.endpoint.directory, self.kind.endpoint.tenant
        pairs = [(key, self.target.id) for key in keys]
        edges = directory.edges_between(tenant, pairs, self.kind.relation.attribute)
        return directory.read_many(tenant, keys), edges


@dataclass(frozen=True, slots=True)
class AtMostOneEdge:
    """The edge between two resources, if it exists."""

    is_counted: ClassVar[bool] = True

    edge: SourcedEdge | None

    def count(self) -> int:
        return 0 if self.edge is None else 1

    def beyond(
        self, ends: Ends | None, direction: Direction, skip: int, size_hint: int
    ) -> Iterator[SourcedEdge]:
        if (
            self.edge is not None
            and ends is None
            and not skip
            and size_hint
            and direction is Direction.UP
        ):
            yield self.edge


def edges_of_source(kind: EdgeType, source_id: str) -> EdgeList:
    key = kind.source_key(source_id)
    stored = kind.endpoint.directory.read_latest(kind.endpoint.tenant, [key]).get(key)
    record = None if stored is None else settled(kind.sources, stored)
    number = 0 if record is None else visible_count(kind.sources, record, kind.relation.attribute)
    return EdgesOfSources(kind, [(key, number)] if number else [])


def edges_to_target(kind: EdgeType, target_id: str) -> EdgeList:
    targets = kind.endpoint.directory.read_latest(kind.endpoint.tenant, kind.target_keys(target_id))
    link = Link(kind.ends.type, kind.relation.attribute)
    for key, record in targets.items():
        if link in record.links:
            return EdgesToTarget(kind, key, sorted(record.links[link]))
    return AtMostOneEdge(None)


def edge_between(kind: EdgeType, source_id: str, target_id: str) -> EdgeList:
    """Return the edge between two resources, if it exists."""
    edge_and_ends = found_edge(kind, source_id, target_id)
    return AtMostOneEdge(None if edge_and_ends is None else edge_and_ends[:2])
