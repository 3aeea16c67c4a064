"""What a resource type must satisfy beyond the shape of its document."""

from collections.abc import Mapping

from scim.schema.common import COMMON
from scim.schema.definition import DefinitionError
from scim.schema.resource_type import Relation, ResourceType

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
    for relation in resource_type.relations:
        _require_sound_relation(resource_type, relation, types, source)


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
