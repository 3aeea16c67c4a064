"""membersMetadata: how many values a relation has and where they are, when it is too large to show.

draft-zollner-scim-group-members-01 section 5.
"""

from collections.abc import Mapping
from urllib.parse import quote

from scim.resource.projection import Projection
from scim.resource.record import Record
from scim.schema.resource_type import AttributeRef, Relation
from scim.service.endpoint import Endpoint
from scim.service.visibility.restrict import visible_count


def metadata_place(endpoint: Endpoint, relation: Relation) -> AttributeRef | None:
    """Return where the relation's metadata stands, None when it has none."""
    return None if relation.metadata is None else endpoint.resource_type.named(relation.metadata)


def is_told(endpoint: Endpoint, record: Record, relation: Relation, projection: Projection) -> bool:
    """Tell whether the metadata is worth showing unless the client excluded it.

    It is where the values do not stand in the resource; elsewhere only who asks is told.
    """
    ref = metadata_place(endpoint, relation)
    if ref is None:
        return False
    asked = projection.asks_for(ref.container, ref.attribute.name)
    return asked or record.counts.get(relation.attribute, 0) > endpoint.bounds.inline_members


def is_described(endpoint: Endpoint, relation: Relation, body: Mapping[str, object]) -> bool:
    """Tell whether a client's body has the relation's metadata, however it writes the names."""
    ref = metadata_place(endpoint, relation)
    if ref is None or ref.container is None:
        return False
    name, container = ref.attribute.name.lower(), ref.container.lower()
    for each, value in body.items():
        if each.lower() == f"{container}:{name}":
            return value is not None
        if each.lower() == container and isinstance(value, Mapping):
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
        "ref": _listing_of(endpoint, record, relation),
        "memberCount": visible_count(endpoint, record, relation.attribute),
        "allowedMemberTypes": list(relation.targets),
    }


def _listing_of(endpoint: Endpoint, record: Record, relation: Relation) -> str:
    served = endpoint.catalogue.edge_type_of(record.key.type, relation.attribute)
    if served is None or served.edges_of is None:
        return endpoint.location_of(*record.key)
    wanted = quote(f'{served.edges_of.source}.value eq "{record.key.id}"', safe="")
    return f"{endpoint.base_url}{served.endpoint}?filter={wanted}"
