"""The OpenAPI document of one tenant's API (OpenAPI 3.1)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from scim.permission import Permissions
from scim.profile import Profile
from scim.schema.catalogue import Catalogue
from scim.schema.resource_type import ResourceType
from scim.service.endpoint import Bounds
from scim.service.openapi.examples import examples, refusal_example
from scim.service.openapi.messages import delta_schema, list_schema, message_schemas
from scim.service.openapi.operations import served
from scim.service.openapi.paths import (
    DOCUMENTS,
    MEDIA_TYPE,
    TAGS,
    other_paths,
    type_paths,
    with_ids,
)
from scim.service.openapi.schemas import (
    JsonSchema,
    declaration_schema,
    document_schema,
    named,
    resource_schema,
    written,
    written_schema,
)

Components = Mapping[str, Mapping[str, object]]
"""The schemas and responses of a document, by kind and name."""
_TITLE = "SCIM 2.0"
_REFUSALS = {
    400: "The request is malformed or invalid; scimType gives the reason.",
    401: "The request has no valid credentials.",
    403: "The caller does not have the required permission.",
    404: "There is no such resource or path.",
    405: "This path does not support the method; Allow lists the methods that it supports.",
    409: "The request conflicts with the current state, such as a unique value that is already taken.",
    412: "The version of the resource does not match the precondition.",
    413: "The request body, or something in it, is too large.",
    415: "The media type of the request body is not supported.",
    422: "The Idempotency-Key was used with another request.",
    429: "Too many requests; Retry-After gives the number of seconds to wait.",
    500: "The service failed.",
    501: "This deployment does not support the operation.",
    503: "The service is temporarily overloaded; Retry-After says when to retry.",
}


def openapi(
    profile: Profile,
    catalogue: Catalogue,
    permissions: Permissions,
    bounds: Bounds,
    me: str = "on",
    server: str = "",
) -> dict[str, object]:
    """Return the document for tenants with this profile and catalogue.

    `me` is `off`, `on` or `create`; `server` is the base URL of the paths, `./scim/v2` relative to the
    document where it is empty.
    """
    bounds = bounds.under(profile.paging)
    messages = message_schemas(profile, bounds)
    types = _with_free_names(catalogue.resource_types, messages)
    examples_by_schema = examples(profile, types)
    paths: dict[str, dict[str, object]] = {}
    for path in with_ids(type_paths(profile, types), other_paths(profile, me)):
        if item := served(path, profile, permissions, examples_by_schema):
            paths.setdefault(path.rule, {}).update(item)
    schemas: dict[str, JsonSchema] = {"Anything": {}, **messages}
    for schema in catalogue.schemas:
        if name := DOCUMENTS.get(schema.id):
            schemas[name] = document_schema(schema)
            schemas[written(name)] = declaration_schema(schema)
            schemas[f"{name}List"] = list_schema(profile, "", named(name))
    for type_ in types:
        id_kind = profile.wire.ids.get(type_.endpoint, "uuid")
        schemas[type_.name] = resource_schema(type_, id_kind)
        schemas[written(type_.name)] = written_schema(type_)
        schemas[f"{type_.name}List"] = list_schema(profile, type_.endpoint, _listed(profile, type_))
        if not type_.edges_of:
            schemas[f"{type_.name}Delta"] = delta_schema(profile)
    responses = {
        str(status): _response(profile, status, words) for status, words in _REFUSALS.items()
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": _TITLE,
            "version": profile.name,
            "description": "RFC 7643 and RFC 7644, as served to tenants with this profile.",
        },
        "servers": [{"url": server or "./scim/v2"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            **_used(paths, {"schemas": schemas, "responses": responses}),
        },
    }


def _with_free_names(
    types: Iterable[ResourceType], messages: Iterable[str]
) -> tuple[ResourceType, ...]:
    """Return the types, each with a name in the document under which it replaces no other component.

    A tenant can have a type named like a message, such as `Error`, like a list of another type, `UserList`, or like
    the tag of the service's own paths, `Audit`.
    """
    free_types: list[ResourceType] = []
    used = {"Anything", *TAGS, *messages}.union(*map(_components_of, DOCUMENTS.values()))
    for type_ in types:
        name = type_.name
        while not used.isdisjoint(_components_of(name)):
            name += "Resource"
        used |= _components_of(name)
        free_types.append(type_ if name == type_.name else replace(type_, name=name))
    return tuple(free_types)


def _components_of(name: str) -> set[str]:
    return {name, written(name), f"{name}List", f"{name}Delta"}


def _used(paths: object, components: Components) -> Components:
    """Return the components that the paths refer to, directly or through others."""
    used: set[tuple[str, str]] = set()
    pending = [paths]
    while pending:
        for kind, name in set(_referred(pending.pop())) - used:
            used.add((kind, name))
            pending.append(components[kind][name])
    return {
        kind: {name: value for name, value in components_by_name.items() if (kind, name) in used}
        for kind, components_by_name in components.items()
    }


def _referred(node: object) -> Iterator[tuple[str, str]]:
    match node:
        case {"$ref": str(reference)}:
            _, _, kind, name = reference.split("/")
            yield kind, name
        case dict():
            yield from (pair for value in node.values() for pair in _referred(value))
        case list():
            yield from (pair for value in node for pair in _referred(value))


def _listed(profile: Profile, resource_type: ResourceType) -> JsonSchema:
    """Return the schema of a type's resources in lists, where a profile may leave out attributes."""
    if not profile.wire.unlisted.get(resource_type.endpoint):
        return named(resource_type.name)
    id_kind = profile.wire.ids.get(resource_type.endpoint, "uuid")
    return {**resource_schema(resource_type, id_kind), "required": []}


def _response(profile: Profile, status: int, words: str) -> dict[str, object]:
    if status in profile.wire.errors.empty:
        return {"description": words}
    example = refusal_example(profile, status, words)
    return {
        "description": words,
        "content": {MEDIA_TYPE: {"schema": named("Error"), "example": example}},
    }
