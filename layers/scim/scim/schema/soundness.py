"""What a resource type must satisfy beyond the shape of its document."""

from collections.abc import Mapping

from scim.schema.common import COMMON
from scim.schema.definition import DefinitionError
from scim.schema.resource_type import EdgesOf, Relation, ResourceType

RESERVED = frozenset(attribute.name.lower() for attribute in COMMON)
"""Names of the common attributes: only a base schema may restate them."""


def require_sound(
    resource_type: ResourceType, types: Mapping[str, ResourceType], source: str
) -> None:
    """Raise DefinitionError naming the document and the place of the first contradiction."""
    _require_plain_schemas(resource_type, source)
    for index in resource_type.indexes:
        place = resource_type.named(index.attribute)
        if place is None or place.leaf.is_complex:
            raise DefinitionError(f"{source}: index: no simple attribute {index.attribute}")
        if str(place) != index.attribute:
            raise DefinitionError(f"{source}: index: write {place} for {index.attribute}")
        if index.is_unique and index.is_late:
            # What is stored already may hold a value twice.
            raise DefinitionError(f"{source}: index: {index.attribute} cannot be late and unique")
    for relation in resource_type.relations:
        _require_sound_relation(resource_type, relation, types, source)
        _require_sound_metadata(resource_type, relation, types, source)
    if resource_type.edges_of is not None:
        _require_sound_edges(resource_type, resource_type.edges_of, types, source)


def _require_plain_schemas(resource_type: ResourceType, source: str) -> None:
    for schema in (resource_type.schema, *(each.schema for each in resource_type.extensions)):
        for attribute in schema.attributes:
            if any(sub.is_complex for sub in attribute.sub_attributes):
                # RFC 7643 section 2.3.8
                raise DefinitionError(f"{source}: {attribute.name}: a part is itself complex")
    for extension in resource_type.extensions:
        for attribute in extension.schema.attributes:
            if attribute.name.lower() in RESERVED:
                raise DefinitionError(f"{source}: {extension.schema.id} redefines {attribute.name}")


def _require_sound_relation(
    resource_type: ResourceType,
    relation: Relation,
    types: Mapping[str, ResourceType],
    source: str,
) -> None:
    found = resource_type.schema.attribute(relation.attribute)
    if found is None or found.name != relation.attribute:
        raise DefinitionError(f"{source}: relation: no attribute {relation.attribute}")
    if not (found.is_complex and found.multi_valued and found.sub("value")):
        raise DefinitionError(
            f"{source}: relation: {relation.attribute} must be complex and multi-valued,"
            " with a sub-attribute value"
        )
    missing = [target for target in relation.targets if target not in types]
    if missing:
        raise DefinitionError(f"{source}: relation: no resource type {missing[0]}")
    if relation.back_link is None:
        return
    mirrors = [types[target].attribute(relation.back_link) for target in relation.targets]
    defined = [mirror for mirror in mirrors if mirror is not None]
    if not defined or not all(mirror.is_read_only for mirror in defined):
        raise DefinitionError(
            f"{source}: relation: no target has a readOnly attribute {relation.back_link}"
        )


def _require_sound_metadata(
    resource_type: ResourceType,
    relation: Relation,
    types: Mapping[str, ResourceType],
    source: str,
) -> None:
    if relation.metadata is None:
        return
    place = resource_type.named(relation.metadata)
    if place is None or place.container is None or not place.attribute.is_read_only:
        raise DefinitionError(
            f"{source}: relation: no readOnly attribute {relation.metadata} in an extension"
        )
    served = (each.edges_of for each in types.values())
    if not any(
        edges is not None
        and (edges.type, edges.relation) == (resource_type.name, relation.attribute)
        for edges in served
    ):
        raise DefinitionError(f"{source}: relation: no resource type serves its edges")


def _require_sound_edges(
    resource_type: ResourceType, edges: EdgesOf, types: Mapping[str, ResourceType], source: str
) -> None:
    of = types.get(edges.type)
    if of is None or of.relation(edges.relation) is None:
        raise DefinitionError(f"{source}: edgesOf: {edges.type} has no relation {edges.relation}")
    for name in (edges.source, edges.target):
        end = resource_type.schema.attribute(name)
        if end is None or end.name != name or end.multi_valued or end.sub("value") is None:
            raise DefinitionError(
                f"{source}: edgesOf: {name} must be complex and single, with a sub-attribute value"
            )
    if resource_type.indexes or resource_type.relations or resource_type.extensions:
        raise DefinitionError(f"{source}: edgesOf: nothing else is stored of an edge")
