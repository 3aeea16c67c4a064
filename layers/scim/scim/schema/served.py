"""Schemas and resource types as `/Schemas` and `/ResourceTypes` show them, without our hints."""

from scim.schema.resource_type import ResourceType
from scim.schema.schema import Attribute, AttributeType, Schema

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


def resource_type_json(resource_type: ResourceType) -> dict[str, object]:
    """Return the resource type in the form of RFC 7643 section 6, without meta.

    Extensions nothing can be written to are left to `/Schemas`: clients, scim2-tester among
    them, take what is listed here for what they may send, and write the extension as a whole.
    """
    return {
        "schemas": [_RESOURCE_TYPE_URN],
        "id": resource_type.name,
        "name": resource_type.name,
        "endpoint": resource_type.endpoint,
        "description": resource_type.description,
        "schema": resource_type.schema.id,
        "schemaExtensions": [
            {"schema": extension.schema.id, "required": extension.is_required}
            for extension in resource_type.extensions
            if any(not attribute.is_read_only for attribute in extension.schema.attributes)
        ],
    }


def _attribute_json(attribute: Attribute) -> dict[str, object]:
    shown: dict[str, object] = {
        "name": attribute.name,
        "type": attribute.type.value,
        "multiValued": attribute.multi_valued,
        "description": attribute.description,
        "required": attribute.required,
    }
    if attribute.canonical_values:
        shown["canonicalValues"] = list(attribute.canonical_values)
    shown["caseExact"] = attribute.case_exact
    shown["mutability"] = attribute.mutability.value
    shown["returned"] = attribute.returned.value
    shown["uniqueness"] = attribute.uniqueness.value
    if attribute.type is AttributeType.REFERENCE:
        shown["referenceTypes"] = list(attribute.reference_types)
    if attribute.sub_attributes:
        shown["subAttributes"] = [_attribute_json(sub) for sub in attribute.sub_attributes]
    return shown
