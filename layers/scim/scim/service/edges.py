"""Edges read page by page, and the values of a relation that a client sees for them."""

from collections.abc import Collection, Iterator, Sequence

from scim.resource.access_path import Direction
from scim.resource.record import Edge, Key
from scim.schema.schema import undefined_link_parts
from scim.service.endpoint import Endpoint

DISPLAY_LIMIT = 100
"""The most values whose names are looked up for one response: one batch read."""

PAGE_SIZE = 1000
SIDE_BY_SIDE = 25
"""Sources whose edges are read side by side."""


def all_edges(
    endpoint: Endpoint, source: Key, attribute: str, after: str | None = None
) -> Iterator[Edge]:
    """Yield every edge of a relation; reads a page only when the caller gets to it."""
    return edges_from(endpoint, source, attribute, after, Direction.UP, PAGE_SIZE)


def edges_of_each(
    endpoint: Endpoint, sources: Sequence[Key], attribute: str, at_a_time: int = PAGE_SIZE
) -> Iterator[tuple[Key, Edge]]:
    """Yield every edge of several sources with its source; the first `at_a_time` of each are read side by side."""
    directory, tenant = endpoint.directory, endpoint.tenant
    for start in range(0, len(sources), SIDE_BY_SIDE):
        some = sources[start : start + SIDE_BY_SIDE]
        pages = directory.edges_of(tenant, some, attribute, at_a_time)
        for source, page in pages.items():
            yield from ((source, edge) for edge in page.edges)
            if page.beyond is not None:
                rest = all_edges(endpoint, source, attribute, page.beyond)
                yield from ((source, edge) for edge in rest)


def edges_from(
    endpoint: Endpoint,
    source: Key,
    attribute: str,
    beyond: str | None,
    direction: Direction,
    at_a_time: int,
) -> Iterator[Edge]:
    """Yield the edges beyond a target id, in the order of their targets or in reverse."""
    while True:
        page = endpoint.directory.edges(
            endpoint.tenant, source, attribute, direction, beyond, at_a_time
        )
        yield from page.edges
        beyond = page.beyond
        if beyond is None:
            return


def edge_view(endpoint: Endpoint, edge: Edge) -> dict[str, object]:
    """Return one value of a relation from the edge alone."""
    display = edge.sent.get("display")
    members = endpoint.reference(edge.target, display if isinstance(display, str) else None)
    return {**members, "type": edge.target.type}


def edge_values(endpoint: Endpoint, edges: Sequence[Edge]) -> list[dict[str, object]]:
    """Return the values of a relation; up to DISPLAY_LIMIT values get a display if none was sent."""
    nameless = nameless_targets(edges)
    names = names_of(endpoint, nameless) if len(edges) <= DISPLAY_LIMIT else {}
    return [named_view(endpoint, edge, names) for edge in edges]


def nameless_targets(edges: Sequence[Edge]) -> list[Key]:
    """Return the targets of the edges that the client sent without a display."""
    return [edge.target for edge in edges if "display" not in edge.sent]


def names_of(endpoint: Endpoint, keys: Sequence[Key]) -> dict[Key, str]:
    """Return the display names of those resources that live and have one."""
    records = endpoint.directory.read_many(endpoint.tenant, keys) if keys else {}
    names = {key: endpoint.display_of(record) for key, record in records.items()}
    return {key: name for key, name in names.items() if name is not None}


def named_view(endpoint: Endpoint, edge: Edge, names: dict[Key, str]) -> dict[str, object]:
    """Return one value of a relation; its display is the one sent, else one of `names`."""
    view = edge_view(endpoint, edge)
    name = names.get(edge.target)
    return view if name is None else {"display": name, **view}


def relation_values(
    endpoint: Endpoint, name: str, edges: Sequence[Edge], names: dict[Key, str]
) -> list[dict[str, object]]:
    """Return the values of a relation with the parts that the schema defines."""
    views = [named_view(endpoint, edge, names) for edge in edges]
    attribute = endpoint.resource_type.attribute(name)
    undefined = () if attribute is None else undefined_link_parts(attribute)
    return without_link_parts(views, undefined) if undefined else views


def without_link_parts(
    values: list[dict[str, object]], parts: Collection[str]
) -> list[dict[str, object]]:
    """Return values that name resources without some of their parts."""
    return [{n: part for n, part in value.items() if n not in parts} for value in values]
