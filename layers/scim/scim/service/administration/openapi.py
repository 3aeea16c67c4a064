"""The OpenAPI 3.1 document of the Admin API, generated from the table of its operations."""

from typing import Any

from scim.errors import ERROR_URN
from scim.service.administration.operations import OPERATIONS, Operation
from scim.service.openapi.schemas import OBJECT

_REFUSALS = {
    "400": "A member is invalid; `detail` names it and says what was expected.",
    "403": "The request is not signed, or its principal may not call the operation (execute-api:Invoke).",
    "404": "The tenant, or something else that the path names, does not exist.",
    "409": "The request conflicts with the current state.",
    "413": "The request body is too large.",
    "429": "Too many requests.",
    "500": "The service failed.",
    "503": "The service is temporarily overloaded.",
}
_IN_BODY = frozenset({"POST", "PUT", "PATCH"})


def administration_openapi() -> dict[str, Any]:
    """Return the document; paths are relative to `/admin/v1`, where it is served as `openapi.json`."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "serverless-scim Admin API",
            "version": "1",
            "description": "Requests are signed with AWS Signature Version 4 for execute-api; IAM"
            " policies determine who may call which operation. A secret is only in the response"
            " that creates it. `notes` are sentences about what else the operation changed.",
        },
        "servers": [{"url": "."}],
        "security": [{"sigv4": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "sigv4": {
                    "type": "apiKey",
                    "name": "Authorization",
                    "in": "header",
                    "x-amazon-apigateway-authtype": "awsSigv4",
                }
            },
            "schemas": {"Error": _error()},
            "responses": {
                status: {"description": words, "content": _json(_named("schemas", "Error"))}
                for status, words in _REFUSALS.items()
            },
        },
    }


def _operation(operation: Operation) -> dict[str, Any]:
    schema = operation.request_model.model_json_schema()
    members = {
        name: member
        for name, member in schema.get("properties", {}).items()
        if name not in operation.parameters
    }
    required = [name for name in schema.get("required", ()) if name in members]
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": _sentence(operation),
        "x-permission": operation.permission,
        "parameters": [_in_path(name) for name in operation.parameters],
        "responses": {
            "2XX": {"description": "Success.", "content": _json(OBJECT)},
            **{status: _named("responses", status) for status in _REFUSALS},
        },
    }
    if members and operation.method in _IN_BODY:
        body = {
            "type": "object",
            "properties": members,
            "required": required,
            "additionalProperties": False,
        }
        described["requestBody"] = {"required": bool(required), "content": _json(body)}
    elif members:
        described["parameters"] += [
            {"name": name, "in": "query", "required": name in required, "schema": schema}
            for name, schema in members.items()
        ]
    return described


def _sentence(operation: Operation) -> str:
    """Return the first line of the docstring, without the exceptions: clients get statuses."""
    return (operation.perform.__doc__ or "").strip().partition("\n")[0].partition(" Raises ")[0]


def _in_path(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


def _named(kind: str, name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/{kind}/{name}"}


def _error() -> dict[str, Any]:
    text = {"type": "string"}
    return {
        "type": "object",
        "properties": {
            "schemas": {"type": "array", "items": {"const": ERROR_URN}},
            "status": text,
            "scimType": text,
            "detail": text,
        },
        "required": ["schemas", "status", "detail"],
    }
