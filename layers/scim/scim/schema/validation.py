"""The rules for a resource type beyond the form of its document."""

from collections.abc import Mapping

from scim.schema.resource_type import (
    Derived,
    EdgesOf,
    Moment,
    OnDelete,
    Reference,
    Relation,
    ResourceType,
)
from scim.schema.schema import RESERVED, AttributeType, DefinitionError


def require_sound(
    resource_type: ResourceType, types: Mapping[str, ResourceType], source: str
) -> None:
    """Raise DefinitionError for the first contradiction; it names the document and the place."""
    _require_plain_schemas(resource_type, source)
    for index in resource_type.indexes:
        ref = resource_type.named(index.attribute)
        if ref is None or ref.leaf.is_complex:
            raise DefinitionError(f"{source}: index: no simple attribute {index.attribute}")
        if str(ref) != index.attribute:
            raise DefinitionError(f"{source}: index: write {ref} for {index.attribute}")
        if index.is_unique and index.is_late:
            # Stored resources can already have the same value twice.
            raise DefinitionError(f"{source}: index: {index.attribute} cannot be late and unique")
    for relation in resource_type.relations:
        _require_sound_relation(resource_type, relation, types, source)
        _require_sound_metadata(resource_type, relation, types, source)
    for reference in resource_type.references:
        _require_sound_reference(resource_type, reference, types, source)
        _require_an_end(resource_type, reference, types, source)
    for derived in resource_type.derived:
        _require_sound_derived(resource_type, derived, source)
    if resource_type.edges_of is not None:
        _require_sound_edges(resource_type, resource_type.edges_of, types, source)


def _require_plain_schemas(resource_type: ResourceType, source: str) -> None:
    for schema in (
        resource_type.schema,
        *(extension.schema for extension in resource_type.extensions),
    ):
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
    attribute = resource_type.schema.attribute(relation.attribute)
    if attribute is None or attribute.name != relation.attribute:
        raise DefinitionError(f"{source}: relation: no attribute {relation.attribute}")
    if not (attribute.is_complex and attribute.multi_valued and attribute.sub("value")):
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
    ref = resource_type.named(relation.metadata)
    if ref is None or ref.container is None or not ref.attribute.is_read_only:
        raise DefinitionError(
            f"{source}: relation: no readOnly attribute {relation.metadata} in an extension"
        )
    served = (type_.edges_of for type_ in types.values())
    # The metadata says how to read the values: as resources, or by the back link.
    if relation.back_link is None and not any(
        edges is not None
        and (edges.type, edges.relation) == (resource_type.name, relation.attribute)
        for edges in served
    ):
        raise DefinitionError(
            f"{source}: relation: no resource type serves its edges, and nothing mirrors them"
        )


def _require_sound_derived(resource_type: ResourceType, derived: Derived, source: str) -> None:
    ref, where = resource_type.named(derived.attribute), f"{source}: derived"
    if ref is None or str(ref) != derived.attribute or ref.sub is not None:
        raise DefinitionError(f"{where}: no attribute {derived.attribute}")
    if ref.attribute.is_complex or ref.attribute.multi_valued:
        raise DefinitionError(f"{where}: {derived.attribute} must be simple and single")
    for name in derived.sources:
        of = resource_type.named(name)
        is_text = of is not None and of.leaf.type is AttributeType.STRING
        if not is_text or ref.leaf.type is not AttributeType.STRING:
            raise DefinitionError(f"{where}: no text {derived.attribute} of {name}")
    is_unique = any(i.attribute == derived.attribute and i.is_unique for i in resource_type.indexes)
    if derived.is_unique and not is_unique:
        raise DefinitionError(f"{where}: {derived.attribute} has no unique index")
    if derived.moment is Moment.WRITING and derived.constant is None:
        raise DefinitionError(f"{where}: {derived.attribute} needs a constant")
    try:
        derived.constant_for(ref.leaf)
    except ValueError as error:
        kind = ref.leaf.type
        raise DefinitionError(f"{where}: the constant of {ref} must be a {kind}") from error


def _require_sound_edges(
    resource_type: ResourceType, edges: EdgesOf, types: Mapping[str, ResourceType], source: str
) -> None:
    source_type = types.get(edges.type)
    if source_type is None or source_type.relation(edges.relation) is None:
        raise DefinitionError(f"{source}: edgesOf: {edges.type} has no relation {edges.relation}")
    for name in (edges.source, edges.target):
        end = resource_type.schema.attribute(name)
        if end is None or end.name != name or end.multi_valued or end.sub("value") is None:
            raise DefinitionError(
                f"{source}: edgesOf: {name} must be complex and single, with a sub-attribute value"
            )
    if (
        resource_type.indexes
        or resource_type.relations
        or resource_type.references
        or resource_type.extensions
    ):
        raise DefinitionError(f"{source}: edgesOf: nothing else is stored of an edge")


def _require_sound_reference(
    resource_type: ResourceType,
    reference: Reference,
    types: Mapping[str, ResourceType],
    source: str,
) -> None:
    name = reference.attribute
    ref = resource_type.named(name)
    if ref is None or ref.sub is not None or str(ref) != name:
        raise DefinitionError(f"{source}: reference: no attribute {name}")
    value = ref.attribute.sub("value")
    if (
        ref.attribute.multi_valued
        or value is None
        or value.type is not AttributeType.STRING
        or not value.case_exact
    ):
        raise DefinitionError(
            f"{source}: reference: {name} must be complex and single,"
            " with a sub-attribute value that is a caseExact string"
        )
    missing = [
        target for target in reference.targets if target not in types or types[target].edges_of
    ]
    if missing:
        raise DefinitionError(f"{source}: reference: no stored resource type {missing[0]}")
    if len(reference.targets) > 1 and ref.attribute.sub("type") is None:
        raise DefinitionError(
            f"{source}: reference: {name} needs a sub-attribute type to tell its targets apart"
        )
    if ref.attribute.required and reference.on_delete is OnDelete.CLEAR:
        raise DefinitionError(f"{source}: reference: {name} is required and cannot be cleared")
    if any(index.attribute == reference.index and index.is_late for index in resource_type.indexes):
        # The index must find every resource that refers to another.
        raise DefinitionError(f"{source}: reference: the index {reference.index} cannot be late")


def _require_an_end(
    resource_type: ResourceType,
    reference: Reference,
    types: Mapping[str, ResourceType],
    source: str,
) -> None:
    """Raise DefinitionError for a cascade in a circle, or one that reaches a reference that refuses.

    A cascade cannot be refused halfway, because the deletion has been accepted by then.
    """
    if reference.on_delete is not OnDelete.CASCADE:
        return
    visited: set[str] = set()
    unvisited = [resource_type.name]
    while unvisited:
        name = unvisited.pop()
        visited.add(name)
        for referring, next_reference in _referring(types, name):
            if next_reference.on_delete is OnDelete.REFUSE:
                raise DefinitionError(
                    f"{source}: reference: {reference.attribute} cascades to {name},"
                    f" which {next_reference.attribute} of {referring} refuses to lose"
                )
            if next_reference.on_delete is not OnDelete.CASCADE:
                continue
            if referring == resource_type.name:
                raise DefinitionError(
                    f"{source}: reference: {reference.attribute} cascades in a circle"
                )
            if referring not in visited:
                unvisited.append(referring)


def _referring(types: Mapping[str, ResourceType], target: str) -> list[tuple[str, Reference]]:
    return [
        (name, reference)
        for name, referring in types.items()
        for reference in referring.references
        if target in reference.targets
    ]
