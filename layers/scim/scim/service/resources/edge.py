"""One edge as a resource of its own: read, created and deleted as a value of its relation.

A membership has only one version: its id names both resources, so another pair is another membership
(draft-zollner-scim-group-members-01 section 6).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import cast

from scim.errors import InvalidValue, NotFound, Unavailable, Uniqueness
from scim.patch.relation import AddTargets, RelationStep, RemoveTargets
from scim.profile import Tolerance
from scim.resource.intake import intake_of
from scim.resource.projection import Projection
from scim.resource.record import Edge, Key, Record, Stale
from scim.resource.required import require_complete
from scim.schema.resource_type import EdgesOf, Relation
from scim.service.attempt import Reading, attempts, not_found
from scim.service.endpoint import Endpoint
from scim.service.messages import Answer, Precondition, etag_of
from scim.service.relations.changes import RelationChange, stepped_delta
from scim.service.resources.commit import Revision, store_revision

SEPARATOR = "~"
"""Separates the two ids in an edge's id; no id contains it."""

VERSION = 1


@dataclass(frozen=True, slots=True)
class EdgeType:
    """A type of resources that are the edges of a relation; `sources` is the endpoint of their sources."""

    endpoint: Endpoint
    ends: EdgesOf
    sources: Endpoint
    relation: Relation

    def source_key(self, id_: str) -> Key:
        return Key(self.ends.type, id_)

    def target_keys(self, id_: str) -> list[Key]:
        """Return the resources an id can mean: one of each type that the relation accepts."""
        return [Key(type_name, id_) for type_name in self.relation.targets]


def edge_type_of(endpoint: Endpoint) -> EdgeType:
    """Return the relation served at the endpoint of a type made of edges. Raises ValueError for others."""
    ends = endpoint.resource_type.edges_of
    source = None if ends is None else endpoint.catalogue.resource_type(ends.type)
    relation = None if source is None or ends is None else source.relation(ends.relation)
    if ends is None or source is None or relation is None:
        raise ValueError(f"{endpoint.resource_type.name} is not made of edges")
    return EdgeType(endpoint, ends, replace(endpoint, resource_type=source), relation)


def id_of(source_id: str, target_id: str) -> str:
    """Return the id of the edge between two resources."""
    return f"{source_id}{SEPARATOR}{target_id}"


def ends_named(endpoint: Endpoint, id_: str) -> tuple[str, str]:
    """Return the ids of source and target. Raises NotFound for what cannot be an edge's id."""
    source_id, separator, target_id = id_.partition(SEPARATOR)
    if not (source_id and separator and target_id):
        raise not_found(endpoint.resource_type.name)
    return source_id, target_id


def edge_resource(
    edge_type: EdgeType, source: Record, edge: Edge, target: Record | None
) -> dict[str, object]:
    """Return an edge as a resource; without a `target` record it has only the display the client sent."""
    id_ = id_of(source.key.id, edge.target.id)
    sent_display = edge.sent.get("display")
    name = sent_display if isinstance(sent_display, str) else None
    if target is not None and name is None:
        name = edge_type.endpoint.display_of(target)
    return {
        "schemas": [edge_type.endpoint.resource_type.schema.id],
        "id": id_,
        edge_type.ends.source: edge_type.endpoint.reference(
            source.key, edge_type.endpoint.display_of(source)
        ),
        edge_type.ends.target: {
            **edge_type.endpoint.reference(edge.target, name),
            "type": edge.target.type,
        },
        "meta": {
            "resourceType": edge_type.endpoint.resource_type.name,
            "created": edge.since,
            "lastModified": edge.since,
            "location": edge_type.endpoint.location_of(edge_type.endpoint.resource_type.name, id_),
            "version": etag_of(VERSION),
        },
    }


def found_edge(
    edge_type: EdgeType, source_id: str, target_id: str
) -> tuple[Record, Edge, Record] | None:
    """Return the edge with its source and target; None unless all three exist."""
    tenant, directory = edge_type.endpoint.tenant, edge_type.endpoint.directory
    key = edge_type.source_key(source_id)
    pair = (key, target_id)
    edge = directory.edges_between(tenant, [pair], edge_type.relation.attribute).get(pair)
    if edge is None:
        return None
    records = directory.read_latest(tenant, [key, edge.target])
    if key not in records or edge.target not in records:
        return None
    return records[key], edge, records[edge.target]


def read_edge(
    endpoint: Endpoint, id_: str, precondition: Precondition, projection: Projection
) -> Answer:
    """GET: return the edge. Raises NotFound and PreconditionFailed."""
    edge_type = edge_type_of(endpoint)
    ends_and_edge = found_edge(edge_type, *ends_named(endpoint, id_))
    if ends_and_edge is None:
        raise not_found(endpoint.resource_type.name)
    precondition.require_match(VERSION)
    location = endpoint.location_of(endpoint.resource_type.name, id_)
    if precondition.is_unmodified(etag_of(VERSION)):
        return Answer(None, etag_of(VERSION), location, is_unmodified=True)
    resource = projection.shown(edge_resource(edge_type, *ends_and_edge))
    return Answer(resource, etag_of(VERSION), location, projection.tolerated)


def shown_edge(endpoint: Endpoint, id_: str) -> Mapping[str, object] | None:
    """Return the edge as it is now, None when it no longer exists."""
    edge_type = edge_type_of(endpoint)
    ends_and_edge = found_edge(edge_type, *ends_named(endpoint, id_))
    projection = Projection.of(endpoint.resource_type)
    if ends_and_edge is None:
        return None
    return projection.shown(edge_resource(edge_type, *ends_and_edge))


def create_edge(endpoint: Endpoint, body: Mapping[str, object], projection: Projection) -> Answer:
    """POST: add the target to the source's relation, as a PATCH of the source would.

    Raises InvalidValue when source or target does not exist or the relation does not accept the
    target, Uniqueness when the edge already exists.
    """
    edge_type = edge_type_of(endpoint)
    intake = intake_of(endpoint.resource_type, body, endpoint.profile)
    require_complete(endpoint.resource_type, intake.body)
    source_id = _id_in(intake.body, edge_type.ends.source)
    target_id = _id_in(intake.body, edge_type.ends.target)
    add = AddTargets(edge_type.relation.attribute, ({"value": target_id},))
    for _ in attempts(endpoint.clock):
        reading = Reading(edge_type.sources)
        source = _source(edge_type, source_id, target_id, reading)
        change = _change(edge_type, source, add, reading)
        if Tolerance.UNKNOWN_TARGETS in change.tolerated:
            expected = " or ".join(edge_type.relation.targets)
            raise InvalidValue(f"{edge_type.ends.target}.value: expected the id of a {expected}.")
        if not change.delta.added:
            raise Uniqueness(f"This {endpoint.resource_type.name} exists already.")
        try:
            after = store_revision(edge_type.sources, _revision(source, change), Precondition())
        except Stale:
            continue
        edge = replace(change.delta.added[0], since=after.last_modified)
        target = reading.of([edge.target]).get(edge.target)
        resource = edge_resource(edge_type, source, edge, target)
        location = endpoint.location_of(endpoint.resource_type.name, str(resource["id"]))
        tolerated = intake.tolerated | projection.tolerated
        return Answer(projection.shown(resource), etag_of(VERSION), location, tolerated)
    raise Unavailable(f"The {edge_type.ends.source} keeps changing; try again.")


def delete_edge(endpoint: Endpoint, id_: str, precondition: Precondition) -> None:
    """DELETE: remove the target from the source's relation, as a PATCH of the source would.

    Raises NotFound when there is no such edge, PreconditionFailed when the client named another version.
    """
    edge_type = edge_type_of(endpoint)
    source_id, target_id = ends_named(endpoint, id_)
    remove = RemoveTargets(edge_type.relation.attribute, (target_id,))
    for _ in attempts(endpoint.clock):
        reading = Reading(edge_type.sources)
        reading.of([edge_type.source_key(source_id), edge_type.target_keys(target_id)[0]])
        try:
            source = reading.one(edge_type.source_key(source_id))
        except NotFound as gone:
            raise not_found(endpoint.resource_type.name) from gone
        change = _change(edge_type, source, remove, reading)
        if not change.delta.removed:
            raise not_found(endpoint.resource_type.name)
        precondition.require(VERSION)
        try:
            store_revision(edge_type.sources, _revision(source, change), Precondition())
        except Stale:
            continue
        return
    raise Unavailable(f"The {edge_type.ends.source} keeps changing; try again.")


def _source(edge_type: EdgeType, source_id: str, target_id: str, reading: Reading) -> Record:
    reading.of([edge_type.source_key(source_id), edge_type.target_keys(target_id)[0]])
    try:
        return reading.one(edge_type.source_key(source_id))
    except NotFound as unknown:
        raise InvalidValue(
            f"{edge_type.ends.source}.value: expected the id of a {edge_type.ends.type}."
        ) from unknown


def _change(
    edge_type: EdgeType, source: Record, step: RelationStep, reading: Reading
) -> RelationChange:
    return stepped_delta(edge_type.sources, source, edge_type.relation, [step], reading)


def _revision(source: Record, change: RelationChange) -> Revision:
    return Revision(source, source.body, (change.delta,))


def _id_in(body: Mapping[str, object], end: str) -> str:
    """Return the id of the source or target, which the body is required to have."""
    return str(cast(Mapping[str, object], body[end])["value"])
