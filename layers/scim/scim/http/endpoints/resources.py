"""The endpoints of resource types: collections, items and searches, of one type and of all.

The first request of a method imports the modules that serve it, so that a cold start imports only
what its own request needs. A repeated import takes a microsecond, so the modules that all queries
need are cached.
"""

from collections.abc import Callable, Sequence
from functools import cache

from scim.errors import Forbidden, MethodNotAllowed
from scim.http.dialect.answers import require_all, wanting_all
from scim.http.dialect.numeric_ids import with_ids_in_digits
from scim.http.message.body import json_object
from scim.http.message.request import Request, names_asked
from scim.http.message.response import (
    Reply,
    created_reply,
    list_reply,
    resource_reply,
    without_resource,
)
from scim.permission import Permissions
from scim.schema.resource_type import ResourceType
from scim.service.endpoint import Endpoint
from scim.service.messages import Listing, Query
from scim.service.resources.read import read
from scim.service.visibility.deployment import Deployment

LAST_OPERATION = 1.0
"""No operation of a PATCH starts in the last seconds before the response is due."""


def collection(deployment: Deployment, resource_type: ResourceType, request: Request) -> Reply:
    """Serve `/Users`: GET lists, POST creates."""
    endpoint = deployment.endpoint(request.principal, request.base_url, resource_type)
    match request.method:
        case "GET":
            return _found(endpoint, _query_of()(deployment, request))
        case "POST":
            return _created(deployment, endpoint, request)
        case _:
            raise MethodNotAllowed("A collection serves GET and POST.", ("GET", "POST"))


def item(deployment: Deployment, resource_type: ResourceType, request: Request, id_: str) -> Reply:
    """Serve `/Users/{id}`: GET, PUT, PATCH and DELETE."""
    budget = deployment.bounds.budget(lambda: request.time_left() < LAST_OPERATION)
    endpoint = deployment.endpoint(request.principal, request.base_url, resource_type, budget)
    match request.method:
        case "GET":
            projection = endpoint.projection(*names_asked(request.query))
            answer = read(endpoint, id_, request.precondition, projection)
            return _linked(resource_reply(answer), [endpoint])
        case "PUT":
            return _replaced(deployment, endpoint, request, id_)
        case "PATCH":
            return _modified(deployment, endpoint, request, id_)
        case "DELETE":
            from scim.service.resources.delete import delete  # noqa: PLC0415 - see above

            delete(endpoint, id_, request.precondition)
            return Reply(204)
        case _:
            allowed = ("GET", "PUT", "PATCH", "DELETE")
            raise MethodNotAllowed("A resource serves GET, PUT, PATCH and DELETE.", allowed)


def _created(deployment: Deployment, endpoint: Endpoint, request: Request) -> Reply:
    from scim.service.resources.create import create  # noqa: PLC0415 - see above

    body = _body(deployment, request)
    answer = create(endpoint, body, endpoint.projection(*names_asked(request.query)))
    return _linked(created_reply(answer), [endpoint])


def _replaced(deployment: Deployment, endpoint: Endpoint, request: Request, id_: str) -> Reply:
    from scim.service.resources.replace import replace  # noqa: PLC0415 - see above

    body = _body(deployment, request)
    projection = endpoint.projection(*names_asked(request.query))
    answer = replace(endpoint, id_, body, request.precondition, projection)
    return _linked(resource_reply(answer), [endpoint])


def _modified(deployment: Deployment, endpoint: Endpoint, request: Request, id_: str) -> Reply:
    from scim.patch.request import request_of  # noqa: PLC0415 - see above
    from scim.service.resources.modify import modify  # noqa: PLC0415 - see above

    body = _body(deployment, request)
    most_operations = deployment.bounds.patch_operations
    patch = request_of(body, deployment.profile, most_operations, endpoint.budget)
    projection = endpoint.projection(*names_asked(request.query))
    answer = modify(endpoint, id_, patch, request.precondition, projection)
    reply = resource_reply(without_resource(answer) if patch.is_silent else answer)
    return _linked(reply, [endpoint])


def search_type(deployment: Deployment, resource_type: ResourceType, request: Request) -> Reply:
    """Serve `/Users/.search`: POST queries in the same way as GET (RFC 7644 section 3.4.3)."""
    if request.method != "POST":
        raise MethodNotAllowed("A search is a POST.", ("POST",))
    return _found(
        deployment.endpoint(request.principal, request.base_url, resource_type),
        _query_of()(deployment, request),
    )


@cache
def _query_of() -> Callable[[Deployment, Request], Query]:
    from scim.http.message.query import query_of  # noqa: PLC0415 - see above

    return query_of


@cache
def _search() -> Callable[[Sequence[Endpoint], Query], Listing]:
    from scim.service.query.search import search  # noqa: PLC0415 - see above

    return search


def _found(endpoint: Endpoint, query: Query) -> Reply:
    """Return the query's matches, as a list or as a BulkRequest that creates them again."""
    listing = _search()([endpoint], wanting_all(endpoint, query))
    require_all(endpoint, query, listing)
    if not query.is_exported:
        return _linked(list_reply(listing), [endpoint])
    from scim.service.bulk.request import request_to_make  # noqa: PLC0415 - few clients use it

    bulk_request = request_to_make(endpoint.resource_type, listing.resources)
    return _linked(Reply(200, bulk_request, tolerated=listing.tolerated), [endpoint])


def _body(deployment: Deployment, request: Request) -> dict[str, object]:
    body = json_object(request, deployment.max_body_bytes)
    return with_ids_in_digits(body) if deployment.profile.wire.ids else body


def listable_types(deployment: Deployment, request: Request) -> Sequence[ResourceType]:
    """Return the types whose resources the caller may list. Raises Forbidden if there are none."""
    permissions, scopes = Permissions.shipped(), request.principal.scopes
    types = [
        resource_type
        for resource_type in deployment.catalogue.stored_types
        if permissions.allows(scopes, "GET", resource_type.endpoint)
    ]
    if not types:
        raise Forbidden("These credentials may list no resources of any type.")
    return types


def search_everything(deployment: Deployment, request: Request) -> Reply:
    """Serve `/` and `/.search`: GET and POST search all types that the caller may list."""
    if request.method not in ("GET", "POST"):
        raise MethodNotAllowed("A search is a GET or a POST.", ("GET", "POST"))
    types = listable_types(deployment, request)
    query = _query_of()(deployment, request)
    endpoints = deployment.endpoints(request.principal, request.base_url, types)
    return _linked(list_reply(_search()(endpoints, query)), endpoints)


def _linked(reply: Reply, endpoints: Sequence[Endpoint]) -> Reply:
    """Return the response, with links to the relations that it omits, if any."""
    if not [endpoint for endpoint in endpoints if endpoint.unshown]:
        return reply
    from scim.http.message.links import with_links  # noqa: PLC0415 - few responses are too large

    return with_links(reply, endpoints)
