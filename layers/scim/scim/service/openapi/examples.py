"""Examples of request bodies, for each message and resource type, and of error responses."""

from collections.abc import Iterator, Mapping, Sequence

from scim.errors import ERROR_URN
from scim.profile import Profile
from scim.resource.job import JOB_URN
from scim.schema.message_uri import BULK_REQUEST_URN, DELTA_REQUEST_URN, PATCH_OP_URN, SEARCH_URN
from scim.schema.resource_type import ResourceType
from scim.schema.schema import ID, Attribute, AttributeType, Returned
from scim.service.openapi.schemas import suggested, written

_VALUES: Mapping[AttributeType, object] = {
    AttributeType.STRING: "kim",
    AttributeType.BOOLEAN: True,
    AttributeType.DECIMAL: 1.5,
    AttributeType.INTEGER: 1,
    AttributeType.DATE_TIME: "2026-11-29T08:00:00Z",
    AttributeType.BINARY: "a2lt",
    AttributeType.REFERENCE: "https://example.com/kim",
}
_DEVICE = "urn:ietf:params:scim:schemas:core:2.0:Device"
_DEFINITIONS = {
    "schemas": [
        {
            "id": _DEVICE,
            "name": "Device",
            "attributes": [{"name": "displayName", "type": "string", "required": True}],
        }
    ],
    "resourceTypes": [{"name": "Device", "endpoint": "/Devices", "schema": _DEVICE}],
}


def examples(profile: Profile, types: Sequence[ResourceType]) -> dict[str, object]:
    """Return an example body for each schema of a request body, by the schema's name.

    A PATCH names an attribute of its resource type, so each type has its own: `PatchOp of User`.
    """
    token = {"deltaToken": "the value of a delta token"}
    bodies: dict[str, object] = {
        "SearchRequest": {"schemas": [SEARCH_URN], "count": 10},
        "DeltaRequest": {"schemas": [DELTA_REQUEST_URN], **token},
        "EventPoll": {"maxEvents": 10, "ack": []},
        written("Job"): {"schemas": [JOB_URN], "kind": "export", "format": "ndjson"},
        "AnyResource": _DEFINITIONS,  # the only body that no schema describes
    }
    for type_ in types:
        body = _made(type_)
        bodies[written(type_.name)] = body
        if (changed := _changed(type_)) is not None:
            bodies[f"PatchOp of {type_.name}"] = {
                "schemas": [PATCH_OP_URN],
                "Operations": [changed],
            }
        if "POST" in profile.bulk.methods and "BulkRequest" not in bodies:
            operation = {"method": "POST", "path": type_.endpoint, "bulkId": "one", "data": body}
            bodies["BulkRequest"] = {"schemas": [BULK_REQUEST_URN], "Operations": [operation]}
    return bodies


def refusal_example(profile: Profile, status: int, words: str) -> dict[str, object]:
    """Return the body of an error response with that status."""
    numeric = profile.wire.errors.numeric_status
    body: dict[str, object] = {"schemas": [ERROR_URN], "status": status if numeric else str(status)}
    if status in _TYPES:
        body["scimType"] = _TYPES[status]
    return {**body, "detail": words}


_TYPES = {400: "invalidValue", 409: "uniqueness"}


def _made(resource_type: ResourceType) -> dict[str, object]:
    schemas = [resource_type.schema.id]
    body = {
        attribute.name: _value(attribute)
        for attribute in resource_type.schema.attributes
        if _is_needed(attribute)
    }
    for extension in resource_type.extensions:
        if extension.is_required:
            schemas.append(extension.schema.id)
            body[extension.schema.id] = _parts(extension.schema.attributes)
    return {"schemas": schemas, **body}


def _changed(resource_type: ResourceType) -> dict[str, object] | None:
    attribute = next(_simple(resource_type), None)
    if attribute is None:
        return None
    return {"op": "replace", "path": attribute.name, "value": _value(attribute)}


def _simple(resource_type: ResourceType) -> Iterator[Attribute]:
    return (
        attribute
        for attribute in resource_type.schema.attributes
        if not (attribute.is_complex or attribute.multi_valued or attribute.is_read_only)
    )


def shown_name(resource_type: ResourceType) -> str:
    """Return the name of an attribute for examples of filters and of `attributes`; every type has `id`."""
    texts = (
        attribute.name
        for attribute in _simple(resource_type)
        if attribute.type is AttributeType.STRING and attribute.returned is not Returned.NEVER
    )
    return next(texts, ID.name)


def _is_needed(attribute: Attribute) -> bool:
    return attribute.required and not attribute.is_read_only


def _value(attribute: Attribute) -> object:
    value: object
    if attribute.is_complex:
        value = _parts(attribute.sub_attributes)
    else:
        value = next(iter(suggested(attribute)), _VALUES[attribute.type])
    return [value] if attribute.multi_valued else value


def _parts(attributes: Sequence[Attribute]) -> dict[str, object]:
    """Return values of the attributes that an object needs, else of the first one, so that it is not empty."""
    settable = [attribute for attribute in attributes if not attribute.is_read_only]
    needed = [attribute for attribute in settable if attribute.required] or settable[:1]
    return {attribute.name: _value(attribute) for attribute in needed}
