"""Resource types as JSON Schemas (RFC 7643 section 7, expressed in JSON Schema 2020-12)."""

import re
from collections.abc import Iterable
from typing import Any

from scim.profile.parts import IdKind
from scim.schema.resource_type import ResourceType
from scim.schema.schema import (
    COMMON,
    ID,
    META,
    SCHEMAS,
    Attribute,
    AttributeMutability,
    AttributeType,
    Returned,
    Schema,
)

JsonSchema = dict[str, object]

TEXT: JsonSchema = {"type": "string"}
WHOLE: JsonSchema = {"type": "integer"}
YES_NO: JsonSchema = {"type": "boolean"}
_MORE: JsonSchema = {"additionalProperties": True}
OBJECT: JsonSchema = {"type": "object", **_MORE}
"""Any JSON object; without the second member some generators take it for the empty one."""
_WHOLE = re.compile(r"-?[0-9]{1,15}")
_TYPES: dict[AttributeType, JsonSchema] = {
    AttributeType.STRING: TEXT,
    AttributeType.BOOLEAN: YES_NO,
    AttributeType.DECIMAL: {"type": "number"},
    AttributeType.INTEGER: WHOLE,
    AttributeType.DATE_TIME: {"type": "string", "format": "date-time"},
    AttributeType.BINARY: {"type": "string", "contentEncoding": "base64"},
    AttributeType.REFERENCE: TEXT,
}


def array_of(items: JsonSchema, **more: object) -> JsonSchema:
    return {"type": "array", "items": items, **more}


def named(name: str) -> JsonSchema:
    """Return a reference to a schema of the document."""
    return {"$ref": f"#/components/schemas/{name}"}


def written(name: str) -> str:
    """Return the name of the schema of a body that creates or replaces a resource of a type."""
    return f"{name}ToWrite"


def written_schema(resource_type: ResourceType) -> JsonSchema:
    """Return the schema of a body that creates or replaces a resource of the type."""
    attributes = {
        attribute.name: attribute for attribute in (*COMMON, *resource_type.schema.attributes)
    }
    required = [
        attribute.name
        for attribute in attributes.values()
        if attribute.required and not attribute.is_read_only
    ]
    needed = [
        extension.schema.id for extension in resource_type.extensions if extension.is_required
    ]
    return {"allOf": [named(resource_type.name)], "required": [*required, *needed]}


def resource_schema(resource_type: ResourceType, id_kind: IdKind) -> JsonSchema:
    """Return the schema of a type's resources in answers.

    Attributes that a client cannot set are readOnly, those that no answer has are writeOnly. Only
    `schemas` is required: `attributes` may leave out anything else. Unknown attributes are allowed
    by the schema; the profile ignores or refuses them.
    """
    attributes = {
        attribute.name: attribute for attribute in (*COMMON, *resource_type.schema.attributes)
    }
    attributes.pop(SCHEMAS.name)
    properties: dict[str, object] = {SCHEMAS.name: schemas_of(resource_type.schema.id)}
    properties |= {name: attribute_schema(attribute) for name, attribute in attributes.items()}
    if id_kind == "number":
        properties[ID.name] = {**WHOLE, "readOnly": True}
    for extension in resource_type.extensions:
        properties[extension.schema.id] = _object(extension.schema.attributes)
    return {
        "type": "object",
        "description": resource_type.description or resource_type.name,
        "properties": properties,
        "required": [SCHEMAS.name],
    }


def document_schema(schema: Schema) -> JsonSchema:
    """Return the schema of a document of the service, such as a ServiceProviderConfig or a job, in answers.

    A client cannot select its attributes, so the required ones are always there.
    """
    described = _complete((META, *schema.attributes))
    properties = {SCHEMAS.name: schemas_of(schema.id), ID.name: TEXT, **described.pop("properties")}
    required = [SCHEMAS.name, *described.pop("required", ())]
    return {
        **described,
        "description": schema.description or schema.name,
        "properties": properties,
        "required": required,
    }


def declaration_schema(schema: Schema) -> JsonSchema:
    """Return the schema of a body that creates a document of the service, such as a job.

    Its objects may have members that no attribute describes, such as the columns of a mapping, by their names.
    """
    settable = [attribute for attribute in schema.attributes if not attribute.is_read_only]
    return {
        "type": "object",
        "properties": {
            SCHEMAS.name: schemas_of(schema.id),
            **{
                attribute.name: attribute_schema(attribute)
                | (_MORE if attribute.is_complex else {})
                for attribute in settable
            },
        },
        "required": [attribute.name for attribute in settable if attribute.required],
    }


def _complete(attributes: Iterable[Attribute]) -> dict[str, Any]:
    """Return the schema of an object in which an answer has every required attribute."""
    returned_attributes = [
        attribute for attribute in attributes if attribute.returned is not Returned.NEVER
    ]
    required = [attribute.name for attribute in returned_attributes if attribute.required]
    return {
        "type": "object",
        "properties": {attribute.name: _shown(attribute) for attribute in returned_attributes},
        **({"required": required} if required else {}),
    }


def _shown(attribute: Attribute) -> JsonSchema:
    element_schema = (
        _complete(attribute.sub_attributes) if attribute.is_complex else _value(attribute)
    )
    schema = array_of(element_schema) if attribute.multi_valued else element_schema
    return {**schema, "description": attribute.description} if attribute.description else schema


def schemas_of(uri: str) -> JsonSchema:
    """Return the schema of the member `schemas` of a message or resource with that URI."""
    return array_of(TEXT, contains={"const": uri}, examples=[[uri]])


def attribute_schema(attribute: Attribute) -> JsonSchema:
    """Return the schema of an attribute's value."""
    schema = _value(attribute)
    if attribute.multi_valued:
        schema = array_of(schema)
    if attribute.description:
        schema = {**schema, "description": attribute.description}
    if attribute.is_read_only:
        schema = {**schema, "readOnly": True}
    hidden = attribute.returned is Returned.NEVER
    if hidden or attribute.mutability is AttributeMutability.WRITE_ONLY:
        schema = {**schema, "writeOnly": True}
    return schema


def suggested(attribute: Attribute) -> list[object]:
    """Return the canonical values of an attribute as JSON of its type; the definition has them as texts."""
    if attribute.type is AttributeType.INTEGER:
        return [
            int(canonical_value)
            for canonical_value in attribute.canonical_values
            if _WHOLE.fullmatch(canonical_value)
        ]
    return list(attribute.canonical_values) if attribute.type is AttributeType.STRING else []


def _value(attribute: Attribute) -> JsonSchema:
    if attribute.is_open:
        return {"type": "object", "additionalProperties": TEXT}
    if attribute.is_complex:
        return _object(attribute.sub_attributes)
    schema = dict(_TYPES[attribute.type])
    if values := suggested(attribute):
        schema["examples"] = values
    return schema


def _object(attributes: Iterable[Attribute]) -> JsonSchema:
    return {
        "type": "object",
        "properties": {attribute.name: attribute_schema(attribute) for attribute in attributes},
    }
