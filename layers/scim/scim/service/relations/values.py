"""The relations shown in a response; each is shown with all its values or with none.

Lambda limits the size of a response, and a list shows many resources. So the values in one
response are limited in number and in bytes; an omission is stated.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from datetime import datetime, timedelta
from urllib.parse import quote

from scim.immutable import immutable
from scim.resource.change import EdgeDelta
from scim.resource.projection import Projection
from scim.resource.record import Edge, Key, Record
from scim.schema.resource_type import AttributeRef, Relation
from scim.service.edges import (
    DISPLAY_LIMIT,
    PAGE_SIZE,
    all_edges,
    nameless_targets,
    names_of,
    relation_values,
)
from scim.service.endpoint import Endpoint
from scim.service.visibility.restrict import visible_count

MAX_BYTES = 4_000_000
"""The part of a response's 6 MB that relation values may take, after quoting."""

VALUE_BYTES, CHARACTER_BYTES = 120, 4
LATE = timedelta(minutes=1)
"""Twice the length of a request: the longest time from the decision on a change to its storage."""

Values = list[dict[str, object]]
RelationKey = tuple[Key, str]


@immutable
class Inline:
    """The values of relations by resource and attribute, and the relations selected but left out.

    `doubtful` are resources whose values may be later than the record they were read for.
    """

    values: Mapping[RelationKey, Values] = field(default_factory=dict)
    left_out: frozenset[RelationKey] = frozenset()
    doubtful: frozenset[Key] = frozenset()


def withheld(endpoint: Endpoint, record: Record) -> frozenset[str]:
    """Return the relations whose values are omitted from a response with the whole resource alone."""
    filled_relations = [
        (record.key, relation.attribute)
        for relation in endpoint.resource_type.relations
        if record.counts.get(relation.attribute, 0)
    ]
    edges = _edges_with_room(endpoint, [record], filled_relations)
    return frozenset(
        attribute for key, attribute in filled_relations if (key, attribute) not in edges
    )


def inlined(endpoint: Endpoint, records: Sequence[Record], projection: Projection) -> Inline:
    """Read the relations that the projection selects, as far as one response has room for them."""
    wanted_relations = [
        (record.key, relation.attribute)
        for relation in endpoint.resource_type.relations
        if projection.wants(relation.attribute)
        for record in records
        if record.counts.get(relation.attribute, 0)
    ]
    if not wanted_relations:
        return Inline()
    edges = _edges_with_room(endpoint, records, wanted_relations)
    edges_with_names = [
        edges_of_relation
        for (_, name), edges_of_relation in edges.items()
        if _shows_names(projection, name)
    ]
    names = names_of(endpoint, _worth_naming(edges_with_names))
    return Inline(
        {
            relation_key: relation_values(endpoint, relation_key[1], edges_of_relation, names)
            for relation_key, edges_of_relation in edges.items()
        },
        frozenset(wanted_relations) - edges.keys(),
        _doubtful(endpoint, records, edges),
    )


def inlined_at_once(
    endpoint: Endpoint,
    record: Record,
    projection: Projection,
    deltas: Iterable[EdgeDelta],
    targets: Mapping[Key, Record],
) -> Inline | None:
    """Return the relations of a resource that had no values before `deltas`, without reading them.

    None if it had values: then they have to be read.
    """
    edges: dict[RelationKey, list[Edge]] = {}
    for delta in deltas:
        if record.counts.get(delta.attribute, 0) != len(delta.added):
            return None
        if delta.added and projection.wants(delta.attribute):
            edges_of_relation = sorted(delta.added, key=lambda edge: edge.target.id)
            edges[record.key, delta.attribute] = edges_of_relation
    if record.counts.keys() - {delta.attribute for delta in deltas}:
        return None
    fitting_edges = _within_bytes(endpoint, _fitting(endpoint, edges))
    keys = [key for key in _worth_naming(fitting_edges.values()) if key in targets]
    names = {key: name for key in keys if (name := endpoint.display_of(targets[key])) is not None}
    values = {
        relation_key: relation_values(endpoint, relation_key[1], edges_of_relation, names)
        for relation_key, edges_of_relation in fitting_edges.items()
    }
    return Inline(values, frozenset(edges.keys() - fitting_edges.keys()))


def _fitting(
    endpoint: Endpoint, edges: Mapping[RelationKey, list[Edge]]
) -> dict[RelationKey, list[Edge]]:
    room, fitting = endpoint.bounds.inline_members, {}
    for relation_key, edges_of_relation in edges.items():
        if len(edges_of_relation) <= room:
            room -= len(edges_of_relation)
            fitting[relation_key] = edges_of_relation
    return fitting


def _shows_names(projection: Projection, name: str) -> bool:
    attribute = projection.resource_type.attribute(name)
    display = None if attribute is None else attribute.sub("display")
    if attribute is None or display is None:
        return True
    return projection.shows(AttributeRef(None, attribute, display))


def _doubtful(
    endpoint: Endpoint,
    records: Sequence[Record],
    edges: Mapping[RelationKey, Sequence[Edge]],
) -> frozenset[Key]:
    """Return the keys whose edges do not match the record's count or may be later than its read.

    An edge has the time at which its change was decided. An edge newer than the record's last change
    came later. So may a recent edge that is older, since changes may be stored in another order
    than they were decided.
    """
    by_key = {record.key: record for record in records}
    recent = (datetime.fromisoformat(endpoint.clock.now()) - LATE).isoformat() if edges else ""
    return frozenset(
        key
        for (key, attribute), edges_of_relation in edges.items()
        if len(edges_of_relation) != by_key[key].counts[attribute]
        or any(
            edge.since > by_key[key].last_modified
            or recent < edge.since < by_key[key].last_modified
            for edge in edges_of_relation
        )
    )


def _edges_with_room(
    endpoint: Endpoint, records: Sequence[Record], relation_keys: Sequence[RelationKey]
) -> dict[RelationKey, list[Edge]]:
    """Return the edges of those relations that one response has room for."""
    by_key = {record.key: record for record in records}
    fitting: list[RelationKey] = []
    room = endpoint.bounds.inline_members
    for key, attribute in relation_keys:
        count = by_key[key].counts[attribute]
        if count <= room:
            room -= count
            fitting.append((key, attribute))
    return _within_bytes(endpoint, _edges(endpoint, fitting))


def _edges(
    endpoint: Endpoint, relation_keys: Sequence[RelationKey]
) -> dict[RelationKey, list[Edge]]:
    edges: dict[RelationKey, list[Edge]] = {}
    for attribute in dict.fromkeys(attribute for _, attribute in relation_keys):
        keys = [key for key, name in relation_keys if name == attribute]
        pages = endpoint.directory.edges_of(endpoint.tenant, keys, attribute, PAGE_SIZE)
        for key, page in pages.items():
            rest = () if page.beyond is None else all_edges(endpoint, key, attribute, page.beyond)
            edges[key, attribute] = [*page.edges, *rest]
    return edges


def _within_bytes(
    endpoint: Endpoint, edges: Mapping[RelationKey, list[Edge]]
) -> dict[RelationKey, list[Edge]]:
    room = MAX_BYTES
    fitting: dict[RelationKey, list[Edge]] = {}
    for relation_key, edges_of_relation in edges.items():
        weight = sum(_weight(endpoint, edge) for edge in edges_of_relation)
        if weight <= room:
            room -= weight
            fitting[relation_key] = edges_of_relation
    return fitting


def _weight(endpoint: Endpoint, edge: Edge) -> int:
    display = edge.sent.get("display")
    display_bytes = len(display) * CHARACTER_BYTES if isinstance(display, str) else 0
    return VALUE_BYTES + len(endpoint.base_url) + 2 * len(edge.target.id) + display_bytes


def _worth_naming(relations: Iterable[Sequence[Edge]]) -> list[Key]:
    """Return the unnamed targets of small relations, at most as many as one read returns."""
    targets: dict[Key, None] = {}
    for edges in relations:
        new_targets = dict.fromkeys(key for key in nameless_targets(edges) if key not in targets)
        if len(edges) <= DISPLAY_LIMIT and len(targets) + len(new_targets) <= DISPLAY_LIMIT:
            targets |= new_targets
    return list(targets)


def metadata_ref(endpoint: Endpoint, relation: Relation) -> AttributeRef | None:
    """Return the attribute for the relation's metadata, None when it has none."""
    return None if relation.metadata is None else endpoint.resource_type.named(relation.metadata)


def is_described(ref: AttributeRef, body: Mapping[str, object]) -> bool:
    """Tell whether a client's body contains the metadata at `ref`, whatever the case of the names."""
    if ref.container is None:
        return False
    name, container = ref.attribute.name.lower(), ref.container.lower()
    for member, value in body.items():
        if member.lower() == f"{container}:{name}":
            return value is not None
        if member.lower() == container and isinstance(value, Mapping):
            return any(part.lower() == name and value[part] is not None for part in value)
    return False


def metadata(
    endpoint: Endpoint, record: Record, relation: Relation, *, is_left_out: bool
) -> dict[str, object]:
    """Return the metadata of one relation of a resource."""
    if record.counts.get(relation.attribute, 0) > endpoint.bounds.inline_members:
        policy = "external"
    else:
        policy = "hybrid" if is_left_out else "inline"
    return {
        "policy": policy,
        "ref": listing_of(endpoint, record.key, relation) or endpoint.location_of(*record.key),
        "memberCount": visible_count(endpoint, record, relation.attribute),
        "allowedMemberTypes": list(relation.targets),
    }


def listing_of(endpoint: Endpoint, key: Key, relation: Relation) -> str | None:
    """Return the URI that lists the values of a resource's relation, None if no list does."""
    edge_type = endpoint.catalogue.edge_type_of(key.type, relation.attribute)
    if edge_type is None or edge_type.edges_of is None:
        return _mirror_of(endpoint, key, relation)
    filter_ = quote(f'{edge_type.edges_of.source}.value eq "{key.id}"', safe="")
    return f"{endpoint.base_url}{edge_type.endpoint}?filter={filter_}"


def _mirror_of(endpoint: Endpoint, key: Key, relation: Relation) -> str | None:
    """Return the query that finds the values by their back link for the relation (`groups.value`)."""
    types = (endpoint.catalogue.resource_type(type_name) for type_name in relation.targets)
    for target_type in types if relation.back_link else ():
        if target_type is not None and target_type.named(f"{relation.back_link}.value") is not None:
            filter_ = quote(f'{relation.back_link}.value eq "{key.id}"', safe="")
            return f"{endpoint.base_url}{target_type.endpoint}?filter={filter_}"
    return None
