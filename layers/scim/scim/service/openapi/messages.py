"""The messages of RFC 7644 as JSON Schemas, in the shape that a profile gives them."""

from scim.errors import ERROR_URN
from scim.profile import Profile
from scim.schema.message_uri import (
    BULK_REQUEST_URN,
    BULK_RESPONSE_URN,
    DELTA_REQUEST_URN,
    DELTA_TOKEN_URN,
    LIST_URN,
    PATCH_OP_URN,
    SEARCH_URN,
)
from scim.service.endpoint import Bounds
from scim.service.openapi.schemas import (
    OBJECT,
    TEXT,
    WHOLE,
    JsonSchema,
    array_of,
    named,
    schemas_of,
)

_ANY: JsonSchema = {}
_PAGE: JsonSchema = {**WHOLE, "minimum": 0}
_DELTA_TOKEN: dict[str, JsonSchema] = {"value": TEXT, "expiry": {**TEXT, "format": "date-time"}}
_SETS: JsonSchema = {"type": "object", "additionalProperties": TEXT}
_EVENT_POLL: JsonSchema = {
    "type": "object",
    "description": "RFC 8936 section 2.2. Without maxEvents, the most events that one response may have.",
    "properties": {
        "maxEvents": _PAGE,
        "returnImmediately": {"type": "boolean"},
        "ack": array_of(TEXT),
        "setErrs": OBJECT,
    },
}
_EVENT_SETS: JsonSchema = {
    "type": "object",
    "description": "RFC 8936 section 2.3: security event tokens (RFC 8417) by their jti.",
    "properties": {"sets": _SETS, "moreAvailable": {"type": "boolean"}},
    "required": ["sets"],
}
_CHANGED_ID: JsonSchema = {
    "type": "object",
    "description": "A value that a large change added to an attribute or removed from it.",
    "properties": {
        "op": {"type": "string", "enum": ["add", "remove"]},
        **dict.fromkeys(("path", "value", "type"), TEXT),
    },
    "required": ["op", "path", "value", "type"],
}


def message_schemas(profile: Profile, bounds: Bounds) -> dict[str, JsonSchema]:
    return {
        "Error": _error(profile),
        "PatchOp": _patch(profile, bounds),
        "SearchRequest": _search(profile),
        "BulkRequest": _bulk_request(profile, bounds),
        "BulkResponse": _bulk_response(profile),
        "AnyResource": OBJECT,
        "AnyList": list_schema(profile, "", named("AnyResource")),
        "AnyDelta": delta_schema(profile),
        "DeltaToken": _message(DELTA_TOKEN_URN, _DELTA_TOKEN, *_DELTA_TOKEN),
        "DeltaRequest": _delta_request(),
        "EventPoll": _EVENT_POLL,
        "EventSets": _EVENT_SETS,
        "ChangedIds": list_schema(profile, "/Events", _CHANGED_ID),
    }


def list_schema(profile: Profile, endpoint: str, item: JsonSchema) -> JsonSchema:
    """Return the schema of an endpoint's list: a ListResponse, or a bare array where the profile has one."""
    if endpoint in profile.wire.bare_lists:
        return array_of(item)
    return _message(LIST_URN, _list_members(profile, item), "totalResults")


def _list_members(profile: Profile, item: JsonSchema) -> dict[str, JsonSchema]:
    return {
        "totalResults": _PAGE,
        "itemsPerPage": _PAGE,
        "startIndex": _PAGE,
        "nextCursor": TEXT,
        "previousCursor": TEXT,
        profile.wire.list_key: array_of(item),
    }


def delta_schema(profile: Profile) -> JsonSchema:
    """Return the schema of changes: a list, whose last page has the next delta token.

    A deleted resource has only its id.
    """
    members = _list_members(profile, named("AnyResource"))
    token: JsonSchema = {"type": "object", "properties": _DELTA_TOKEN, "required": [*_DELTA_TOKEN]}
    return _message(LIST_URN, {**members, "nextDeltaToken": token}, "totalResults")


def _delta_request() -> JsonSchema:
    members = {"deltaToken": TEXT, "filter": TEXT, "count": WHOLE, "cursor": TEXT}
    lists = {name: array_of(TEXT) for name in ("attributes", "excludedAttributes")}
    return _message(DELTA_REQUEST_URN, {**members, **lists}, "deltaToken")


def _error(profile: Profile) -> JsonSchema:
    errors = profile.wire.errors
    members: dict[str, JsonSchema] = {
        "status": WHOLE if errors.numeric_status else TEXT,
        "scimType": TEXT,
        "detail": TEXT,
    }
    if errors.types:
        members["errorType"] = WHOLE
    return _message(ERROR_URN, members, "status")


def _patch(profile: Profile, bounds: Bounds) -> JsonSchema:
    operation: JsonSchema = {
        "type": "object",
        "properties": {
            "op": {"type": "string", "enum": ["add", "replace", "remove"]},
            "path": {**TEXT, "examples": ["active", 'emails[type eq "work"].value']},
            "value": _ANY,
        },
        "required": ["op", "path"] if profile.patch.needs_path else ["op"],
    }
    operations = array_of(operation, minItems=1, maxItems=bounds.patch_operations)
    return _message(PATCH_OP_URN, {"Operations": operations}, "Operations")


def _search(profile: Profile) -> JsonSchema:
    members: dict[str, JsonSchema] = {
        "attributes": array_of(TEXT),
        "excludedAttributes": array_of(TEXT),
        "filter": TEXT,
        "sortBy": TEXT,
        "sortOrder": {"type": "string", "enum": ["ascending", "descending"]},
        "startIndex": WHOLE,
        "count": WHOLE,
        "cursor": TEXT,
    }
    message = _message(SEARCH_URN, members)
    if profile.paging.bare_search:
        message["required"] = []
    return message


def _bulk_request(profile: Profile, bounds: Bounds) -> JsonSchema:
    operation: JsonSchema = {
        "type": "object",
        "properties": {
            "method": {"type": "string", "enum": list(profile.bulk.methods)},
            "bulkId": TEXT,
            "version": TEXT,
            "path": {**TEXT, "examples": ["/Users"]},
            "data": OBJECT,
        },
        "required": ["method", "path"],
    }
    members: dict[str, JsonSchema] = {
        "failOnErrors": {**WHOLE, "minimum": 0},
        "Operations": array_of(operation, minItems=1, maxItems=bounds.bulk_operations),
    }
    return _message(BULK_REQUEST_URN, members, "Operations")


def _bulk_response(profile: Profile) -> JsonSchema:
    outcome: JsonSchema = {
        "type": "object",
        "properties": {
            **dict.fromkeys(("method", "bulkId", "location", "version", "status"), TEXT),
            "response": {**OBJECT, "description": "The resource or the error; see Error."},
        },
        "required": ["status"],
    }
    return _message(BULK_RESPONSE_URN, {profile.wire.bulk_key: array_of(outcome)})


def _message(uri: str, members: dict[str, JsonSchema], *required: str) -> JsonSchema:
    return {
        "type": "object",
        "properties": {"schemas": schemas_of(uri), **members},
        "required": ["schemas", *required],
    }
