"""What a tenant's definitions may not state, because the service would neither store nor enforce it.

Definitions are checked when they are replaced, not when they are read: a tenant whose definitions an earlier
release accepted is served as before.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

from scim.schema.catalogue import Catalogue
from scim.schema.resource_type import AttributeRef, Relation, ResourceType
from scim.schema.schema import (
    LINK_PARTS,
    Attribute,
    AttributeMutability,
    AttributeType,
    AttributeUniqueness,
    DefinitionError,
    Returned,
)


def require_enforceable(catalogue: Catalogue) -> None:
    """Raise DefinitionError for the first rule or value that would have no effect."""
    for resource_type in catalogue.stored_types:
        for wrong in _without_effect(resource_type):
            raise DefinitionError(f"{resource_type.name}: {wrong}")


def _without_effect(resource_type: ResourceType) -> Iterator[str]:
    for schema in (
        resource_type.schema,
        *(extension.schema for extension in resource_type.extensions),
    ):
        for attribute in schema.attributes:
            for part in (attribute, *attribute.sub_attributes):
                yield from _never_unique(attribute, part)
    uris = [extension.schema.id for extension in resource_type.extensions]
    yield from _twice("schema", (resource_type.schema.id, *uris))
    yield from _twice("relation", (relation.attribute for relation in resource_type.relations))
    yield from _twice("reference", (reference.attribute for reference in resource_type.references))
    for relation in resource_type.relations:
        yield from _wrong_with_relation(resource_type, relation)
    for reference in resource_type.references:
        ref = resource_type.named(reference.attribute)
        if ref is not None:
            yield from _wrong_with_id("reference", ref)
    for index in resource_type.indexes:
        ref = resource_type.named(index.attribute)
        if ref is not None and not is_stored(resource_type, ref):
            yield f"index: {index.attribute} is not stored, so that it cannot be indexed"


def _never_unique(attribute: Attribute, part: Attribute) -> Iterator[str]:
    if part.uniqueness is AttributeUniqueness.NONE:
        return
    name = part.name if part is attribute else f"{attribute.name}.{part.name}"
    if part.is_complex:
        yield f"{name}: only the parts of a complex attribute can be unique"
    elif attribute.is_secret or part.is_secret:
        yield f"{name}: it is not stored, so that it cannot be unique"


def _twice(kind: str, names: Iterable[str]) -> Iterator[str]:
    for name, count in Counter(names).items():
        if count > 1:
            yield f"{kind}: {name} is declared {count} times; expected one declaration"


def _wrong_with_relation(resource_type: ResourceType, relation: Relation) -> Iterator[str]:
    attribute = resource_type.schema.attribute(relation.attribute)
    if attribute is None:
        return
    where = f"relation: {relation.attribute}"
    if attribute.mutability is AttributeMutability.IMMUTABLE:
        yield f"{where} cannot be immutable; expected readWrite or readOnly"
    for part in attribute.sub_attributes:
        if part.name not in LINK_PARTS:
            yield f"{where}.{part.name} would not be stored; expected {', '.join(LINK_PARTS)}"
        if part.uniqueness is not AttributeUniqueness.NONE:
            yield f"{where}.{part.name} cannot be unique"
    yield from _wrong_with_id("relation", AttributeRef(None, attribute))


def is_stored(resource_type: ResourceType, ref: AttributeRef) -> bool:
    """Return whether bodies have the attribute: not id, meta, schemas, secrets, relations and what is read elsewhere."""
    if ref.attribute.is_secret or ref.leaf.is_secret or resource_type.is_read_elsewhere(ref):
        return False
    if ref.container is not None:
        return True
    is_relation = resource_type.relation(ref.attribute.name) is not None
    return ref.attribute in resource_type.stored_attributes and not is_relation


def can_refer(ref: AttributeRef | None) -> bool:
    """Return whether the attribute's value can be stored as the id of another resource."""
    value = None if ref is None else ref.attribute.sub("value")
    return (
        ref is not None
        and value is not None
        and value.name == "value"
        and value.type is AttributeType.STRING
        and not (value.multi_valued or value.is_read_only)
        and not (ref.attribute.is_secret or value.is_secret)
    )


def _wrong_with_id(kind: str, ref: AttributeRef) -> Iterator[str]:
    value = ref.attribute.sub("value")
    if value is None or value.returned is Returned.NEVER or not can_refer(ref):
        yield f"{kind}: {ref}.value must be a string with one value that clients can write and read"
