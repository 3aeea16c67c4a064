"""`/Definitions`: the tenant's own definitions, for the tenant's administrators."""

from scim.errors import MethodNotAllowed
from scim.http.message.body import json_object
from scim.http.message.request import Request
from scim.http.message.response import Reply
from scim.profile.shipped import profile_or_default
from scim.schema.tenant_definitions import DefinitionVersion
from scim.service.definitions import (
    Author,
    DefinitionService,
    DefinitionStore,
    edition_of,
    replace_definitions,
)
from scim.service.messages import etag_of

PATH = "/Definitions"


def collection(definition_service: DefinitionService, request: Request) -> Reply:
    """Serve `/Definitions`: GET returns the current version, PUT replaces it as a whole."""
    if request.method != "PUT":
        return read_only_collection(definition_service.definition_store, request)
    caller = request.principal
    body = json_object(request, definition_service.limits.size)
    author = Author(caller.tenant, profile_or_default(caller.profile), caller.token_id)
    definition_version = replace_definitions(definition_service, author, body, request.precondition)
    return Reply(
        200,
        _json(definition_version, f"{request.base_url}{PATH}"),
        {"ETag": etag_of(definition_version.version)},
    )


def read_only_collection(definition_store: DefinitionStore, request: Request) -> Reply:
    """Serve `/Definitions` for reading: GET only."""
    _require(request, "GET", "PUT")
    if request.method == "PUT":
        raise MethodNotAllowed(
            "Replace definitions at /scim/v2/Definitions, without a tenant in the path.",
            ("GET",),
        )
    return _reply(definition_store.current(request.principal.tenant), request, PATH)


def item(definition_store: DefinitionStore, request: Request, version: str) -> Reply:
    """Serve `/Definitions/{version}`: GET returns a version; raises NotFound if it is not kept."""
    _require(request, "GET")
    definition_version = edition_of(definition_store, request.principal.tenant, version)
    return _reply(definition_version, request, f"{PATH}/{definition_version.version}")


def _reply(definition_version: DefinitionVersion, request: Request, path: str) -> Reply:
    headers = {"ETag": etag_of(definition_version.version)}
    request.precondition.require_match(definition_version.version)
    if request.precondition.is_unmodified(headers["ETag"]):
        return Reply(304, None, headers)
    return Reply(200, _json(definition_version, f"{request.base_url}{path}"), headers)


def _json(definition_version: DefinitionVersion, location: str) -> dict[str, object]:
    meta = {
        "resourceType": "Definitions",
        "lastModified": definition_version.created,
        "location": location,
        "version": etag_of(definition_version.version),
    }
    return {
        **definition_version.definitions.json(),
        "version": definition_version.version,
        "meta": {name: value for name, value in meta.items() if value},
    }


def _require(request: Request, *methods: str) -> None:
    if request.method not in methods:
        raise MethodNotAllowed(f"Definitions serve {' and '.join(methods)} here.", methods)
