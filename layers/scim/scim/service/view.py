"""The resource a client sees, made of the stored record, its links and its edges."""

from collections.abc import Iterable, Mapping, Sequence

from scim.resource.projection import Projection
from scim.resource.record import Edge, Key, Link, Record
from scim.resource.schemas import schemas_of
from scim.resource.version import etag_of
from scim.service.endpoint import Endpoint

DISPLAY_LIMIT = 100
"""Values of one relation whose names are looked up for an answer: one batch read."""


def plain_view(endpoint: Endpoint, record: Record) -> dict[str, object]:
    """Return the resource without relations; back links carry ids only.

    This is what filters and sorting look at; nothing is read for it.
    """
    view: dict[str, object] = {
        "schemas": schemas_of(endpoint.resource_type, record.body),
        "id": record.key.id,
        **record.body,
        "meta": {
            "resourceType": record.key.type,
            "created": record.created,
            "lastModified": record.last_modified,
            "location": endpoint.location_of(*record.key),
            "version": etag_of(record.version),
        },
    }
    for back_link in endpoint.catalogue.back_links_of(record.key.type):
        ids = record.links.get(Link(back_link.source, back_link.relation), frozenset())
        if ids:
            view[back_link.attribute] = [{"value": id_} for id_ in sorted(ids)]
    return view


def full_views(
    endpoint: Endpoint, records: Sequence[Record], projection: Projection
) -> list[dict[str, object]]:
    """Return the resources with relations and named back links, projected.

    Only what the projection wants is read: edges of wanted relations, names of linked
    resources for wanted back links (one batch for all records).
    """
    linked = _linked_records(endpoint, records, projection)
    return [projection.shown(_full_view(endpoint, r, projection, linked)) for r in records]


def _full_view(
    endpoint: Endpoint, record: Record, projection: Projection, linked: Mapping[Key, Record]
) -> dict[str, object]:
    view = plain_view(endpoint, record)
    meta = view.pop("meta")
    for back_link in endpoint.catalogue.back_links_of(record.key.type):
        ids = record.links.get(Link(back_link.source, back_link.relation), frozenset())
        keys = [Key(back_link.source, id_) for id_ in sorted(ids)]
        values = [
            {**_reference(endpoint, key, display_of(linked[key])), "type": "direct"}
            for key in keys
            if key in linked
        ]
        view.pop(back_link.attribute, None)
        if values:
            view[back_link.attribute] = values
    for relation in endpoint.resource_type.relations:
        if projection.wants(relation.attribute) and record.counts.get(relation.attribute, 0):
            edges = all_edges(endpoint, record.key, relation.attribute)
            values = edge_values(endpoint, edges)
            if values:
                view[relation.attribute] = values
    view["meta"] = meta
    return view


def all_edges(endpoint: Endpoint, source: Key, attribute: str) -> list[Edge]:
    """Return every edge of a relation, page by page."""
    found: list[Edge] = []
    after: str | None = None
    while True:
        page = endpoint.directory.edges(endpoint.tenant, source, attribute, after, 1000)
        found.extend(page.edges)
        after = page.after
        if after is None:
            return found


def edge_view(endpoint: Endpoint, edge: Edge) -> dict[str, object]:
    """Return one value of a relation from what is on the edge."""
    display = edge.sent.get("display")
    shown = _reference(endpoint, edge.target, display if isinstance(display, str) else None)
    return {**shown, "type": edge.target.type}


def edge_values(endpoint: Endpoint, edges: Sequence[Edge]) -> list[dict[str, object]]:
    """Return the values of a relation; of a few, those sent without a display are given one."""
    values = [edge_view(endpoint, edge) for edge in edges]
    nameless = [edge.target for edge in edges if "display" not in edge.sent]
    if not nameless or len(edges) > DISPLAY_LIMIT:
        return values
    targets = endpoint.directory.read_many(endpoint.tenant, nameless)
    names = {key.id: display_of(record) for key, record in targets.items()}
    return [{**_named(names.get(str(value["value"]))), **value} for value in values]


def _named(display: str | None) -> dict[str, object]:
    return {} if display is None else {"display": display}


def _linked_records(
    endpoint: Endpoint, records: Iterable[Record], projection: Projection
) -> Mapping[Key, Record]:
    keys = {
        Key(back_link.source, id_)
        for record in records
        for back_link in endpoint.catalogue.back_links_of(record.key.type)
        if projection.wants(back_link.attribute)
        for id_ in record.links.get(Link(back_link.source, back_link.relation), ())
    }
    return endpoint.directory.read_many(endpoint.tenant, sorted(keys)) if keys else {}


def _reference(endpoint: Endpoint, key: Key, display: str | None) -> dict[str, object]:
    shown: dict[str, object] = {"value": key.id, "$ref": endpoint.location_of(*key)}
    if display is not None:
        shown["display"] = display
    return shown


def display_of(record: Record) -> str | None:
    """Return what people call the resource: its displayName, else its userName."""
    for name in ("displayName", "userName"):
        value = record.body.get(name)
        if isinstance(value, str):
            return value
    return None
