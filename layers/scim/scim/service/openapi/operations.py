"""The description of each operation of a path: its parameters, body, answers and errors."""

from collections.abc import Iterator, Mapping

from scim.permission import Permissions
from scim.profile import Profile
from scim.profile.parts import EVERY
from scim.service.openapi.paths import Path, methods_of
from scim.service.openapi.schemas import TEXT, JsonSchema, named

_ALWAYS = (400, 401, 403, 404, 405, 413, 429, 500, 503)
"""The errors of any request: it cannot be read; its caller is unknown or not allowed; its tenant does
not have the path or the method; it is too large; there are too many; or the service failed."""
_WRITING = ("POST", "PUT", "PATCH", "DELETE")
_PRECONDITIONS = {
    "GET": "If-None-Match",
    "PUT": "If-Match",
    "PATCH": "If-Match",
    "DELETE": "If-Match",
}
_UNVERSIONED = ("Jobs", "Discovery", "Changes", "Audit", "Requests")
_PLAIN = ("Definitions", "Bulk", *_UNVERSIONED)
"""Tags of paths that take no `attributes` and `excludedAttributes`."""
_WORDS = {
    200: "Success.",
    201: "Created.",
    202: "Accepted; executed as a job.",
    204: "Success; the response has no body.",
    304: "The client already has the current version.",
    422: "More operations failed than failOnErrors allows; the rest were not executed. Or the Idempotency-Key was"
    " used with another request.",
}


def served(
    path: Path, profile: Profile, permissions: Permissions, examples: Mapping[str, object]
) -> dict[str, object]:
    """Return the path item with the methods that the profile serves; empty where it serves none.

    `examples` are bodies by the name of their schema.
    """
    routing, endpoint = profile.routing, path.endpoint
    if path.rule in routing.without or endpoint in routing.without:
        return {}
    needed = permissions.needed(path.rule)
    operations: dict[str, object] = {
        method.lower(): _operation(path, method, profile, needed[method], examples)
        for method in methods_of(profile, endpoint, tuple(path.summaries))
        if method in needed
    }
    if operations and "{id}" in path.rule:
        operations["parameters"] = [_parameter("id", "path", {**TEXT, "minLength": 1})]
    return operations


def _operation(
    path: Path, method: str, profile: Profile, permission: str, examples: Mapping[str, object]
) -> dict[str, object]:
    operation: dict[str, object] = {
        "tags": [path.tag],
        "summary": path.summaries[method],
        "operationId": path.ids[path.rule, method],
        "x-permission": permission,
    }
    if parameters := list(_parameters(path, method)):
        operation["parameters"] = parameters
    if body := _body(path, method):
        name = f"{body} of {path.item}" if body == "PatchOp" else body
        example = {"example": examples[name]} if name in examples else {}
        content = {path.media_type: {"schema": named(body), **example}}
        operation["requestBody"] = {"required": True, "content": content}
    return {**operation, "responses": _responses(path, method, profile)}


def _responses(path: Path, method: str, profile: Profile) -> dict[str, object]:
    is_one = method == "POST" and path.lists and not path.sends
    name = path.item if is_one else path.lists or path.item
    content = {path.media_type: {"schema": named(name)}}
    responses: dict[str, dict[str, object]] = {}
    for status in _successes(path, method, profile):
        responses[str(status)] = (
            {"description": _WORDS[status]}
            if status in (204, 304) or method == "DELETE" or (path.rule, status) == ("/Bulk", 202)
            else {"description": _WORDS[status], "content": content}
        )
    first_response = responses[next(iter(responses))]
    if method == "POST" and path.makes:
        first_response["links"] = {
            verb: {
                "operationId": path.ids[f"{path.rule}/{{id}}", verb],
                "parameters": {"id": "$response.body#/id"},
            }
            for verb in path.makes
        }
    for status in sorted({*_ALWAYS, *_refusals(path, method, profile)}):
        # Results of Bulk can have the status of a refusal: failOnErrors was reached.
        results = {"schema": {"anyOf": [named(name), named("Error")]}}
        responses[str(status)] = (
            {"description": _WORDS[status], "content": {path.media_type: results}}
            if str(status) in responses
            else {"$ref": f"#/components/responses/{status}"}
        )
    return dict(responses)


def _successes(path: Path, method: str, profile: Profile) -> Iterator[int]:
    usual_status = _usual(path, method)
    statuses = profile.wire.statuses
    general = statuses.get(EVERY, {}).get(method, usual_status)
    yield statuses.get(path.endpoint, {}).get(method, general)
    if method == "GET" and path.tag not in ("Changes", "Audit", "Requests"):
        yield 304
    if method in ("PUT", "PATCH"):
        yield 204
    if path.rule == "/Bulk":
        yield 202
        if profile.bulk.exceeded_status != 200:
            yield profile.bulk.exceeded_status


def _usual(path: Path, method: str) -> int:
    match method:
        case "DELETE":
            return 204
        case "POST" if path.rule.endswith("/Start"):
            return 202
        case "POST" if not path.sends:
            return 201
    return 200


def _refusals(path: Path, method: str, profile: Profile) -> Iterator[int]:
    if method in _WRITING:
        yield from (409, 412)
    if method == "GET":
        yield 412
    if path.tag in ("Me", "Changes", "Requests"):
        yield 501
    if profile.routing.media_types:
        yield 415
    if _can_repeat(path, method):
        yield 422


def _parameters(path: Path, method: str) -> Iterator[dict[str, object]]:
    if method == "GET" or path.tag == "Changes":
        for name, schema in path.query.items():
            yield _parameter(name, "query", schema, is_needed=name in path.needs)
    if path.tag not in _PLAIN:
        for name in ("attributes", "excludedAttributes"):
            if method == "GET" or (method != "DELETE" and not path.sends):
                yield _parameter(name, "query", {**TEXT, "examples": [path.name]})
    if "{id}" in path.rule and path.tag not in _UNVERSIONED:
        yield _parameter(_PRECONDITIONS[method], "header", {**TEXT, "examples": ['W/"1"']})
    if _can_repeat(path, method):
        yield _parameter("Idempotency-Key", "header", {**TEXT, "examples": ['"8e03978e"']})
    if path.rule == "/Bulk":
        yield _parameter("Prefer", "header", {**TEXT, "examples": ["respond-async"]})


def _can_repeat(path: Path, method: str) -> bool:
    """Return whether an Idempotency-Key makes the request repeatable (docs/guards.md)."""
    creates = not path.sends and not path.rule.endswith("/Start")
    return method == "POST" and (creates or path.rule == "/Bulk")


def _body(path: Path, method: str) -> str:
    match method:
        case "PATCH":
            return "PatchOp"
        case "PUT":
            return path.written
        case "POST" if not path.rule.endswith("/Start"):
            return path.sends or path.written
    return ""


def _parameter(
    name: str, place: str, schema: JsonSchema, *, is_needed: bool = False
) -> dict[str, object]:
    parameter: dict[str, object] = {"name": name, "in": place, "schema": schema}
    return {**parameter, "required": True} if is_needed or place == "path" else parameter
