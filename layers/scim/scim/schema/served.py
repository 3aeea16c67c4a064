"""Schemas and resource types in the form of `/Schemas` and `/ResourceTypes`, without our hints."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from scim.schema.resource_type import Extension, ResourceType
from scim.schema.schema import Attribute, AttributeType, AttributeUniqueness, Schema

_SCHEMA_URN = "urn:ietf:params:scim:schemas:core:2.0:Schema"
_RESOURCE_TYPE_URN = "urn:ietf:params:scim:schemas:core:2.0:ResourceType"


def schema_json(schema: Schema) -> dict[str, object]:
    """Return the schema in the form of RFC 7643 section 7, without meta."""
    return {
        "schemas": [_SCHEMA_URN],
        "id": schema.id,
        "name": schema.name,
        "description": schema.description,
        "attributes": [_attribute_json(attribute) for attribute in schema.attributes],
    }


def with_enforced_uniqueness(schema: Schema, types: Iterable[ResourceType]) -> Schema:
    """Return the schema with uniqueness `server` instead of `none` for attributes with a unique index."""
    enforced = {
        (ref.attribute.name, None if ref.sub is None else ref.sub.name)
        for resource_type in types
        for index in resource_type.indexes
        if index.is_unique and (ref := resource_type.named(index.attribute)) is not None
        if schema.id == (ref.container or resource_type.schema.id)
    }
    return replace(
        schema, attributes=tuple(_enforcing(attribute, enforced) for attribute in schema.attributes)
    )


def _enforcing(attribute: Attribute, enforced: Collection[tuple[str, str | None]]) -> Attribute:
    subs = tuple(
        _unique(sub) if (attribute.name, sub.name) in enforced else sub
        for sub in attribute.sub_attributes
    )
    with_unique_subs = replace(attribute, sub_attributes=subs)
    return _unique(with_unique_subs) if (attribute.name, None) in enforced else with_unique_subs


def _unique(attribute: Attribute) -> Attribute:
    if attribute.uniqueness is not AttributeUniqueness.NONE:
        return attribute
    return replace(attribute, uniqueness=AttributeUniqueness.SERVER)


def writable(resource_type: ResourceType) -> tuple[Extension, ...]:
    """Return the extensions with a writable attribute.

    By default a resource type lists only these, and the others appear only in `/Schemas`: clients such as
    scim2-tester send every extension that a resource type lists, as a whole.
    """
    return tuple(
        extension
        for extension in resource_type.extensions
        if any(not attribute.is_read_only for attribute in extension.schema.attributes)
    )


def resource_type_json(
    resource_type: ResourceType, extensions: Iterable[Extension]
) -> dict[str, object]:
    """Return the resource type with these extensions in the form of RFC 7643 section 6, without meta."""
    return {
        "schemas": [_RESOURCE_TYPE_URN],
        "id": resource_type.name,
        "name": resource_type.name,
        "endpoint": resource_type.endpoint,
        "description": resource_type.description,
        "schema": resource_type.schema.id,
        "schemaExtensions": [
            {"schema": extension.schema.id, "required": extension.is_required}
            for extension in extensions
        ],
    }


def _attribute_json(attribute: Attribute) -> dict[str, object]:
    members: dict[str, object] = {
        "name": attribute.name,
        "type": attribute.type.value,
        "multiValued": attribute.multi_valued,
        "description": attribute.description,
        "required": attribute.required,
    }
    if attribute.canonical_values:
        members["canonicalValues"] = list(attribute.canonical_values)
    members["caseExact"] = attribute.case_exact
    members["mutability"] = attribute.mutability.value
    members["returned"] = attribute.returned.value
    members["uniqueness"] = attribute.uniqueness.value
    if attribute.type is AttributeType.REFERENCE:
        members["referenceTypes"] = list(attribute.reference_types)
    if attribute.sub_attributes:
        members["subAttributes"] = [_attribute_json(sub) for sub in attribute.sub_attributes]
    return members
