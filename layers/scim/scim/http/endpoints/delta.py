"""Delta query: `.deltaToken` and `.delta` below a type and at the root (draft-sehgal-scim-delta-query-02)."""

from collections.abc import Callable, Mapping, Sequence

from scim.errors import InvalidSyntax, InvalidValue, MethodNotAllowed
from scim.http.dialect.answers import PLAIN_WIRE, resource_in_form
from scim.http.message.body import json_object
from scim.http.message.links import with_links
from scim.http.message.query import lowered, query_of_body
from scim.http.message.request import Request
from scim.http.message.response import Reply
from scim.schema.message_uri import DELTA_REQUEST_URN, DELTA_TOKEN_URN, LIST_URN, SEARCH_URN
from scim.schema.resource_type import ResourceType
from scim.service.endpoint import Endpoint
from scim.service.feed.delta import delta, delta_token
from scim.service.feed.delta_responses import Response
from scim.service.feed.ports import ChangeFeed
from scim.service.visibility.deployment import Deployment

TypesOf = Callable[[Request], Sequence[ResourceType]]


def token(
    deployment: Deployment, change_feed: ChangeFeed, types_of: TypesOf, request: Request
) -> Reply:
    """Serve `.deltaToken`: GET returns a token for the changes from now on."""
    if request.method != "GET":
        raise MethodNotAllowed("Get a delta token with GET.", ("GET",))
    first_endpoint = _endpoints(deployment, types_of, request)[0]
    return Reply(200, {"schemas": [DELTA_TOKEN_URN], **delta_token(first_endpoint, change_feed)})


def changed(
    deployment: Deployment, change_feed: ChangeFeed, types_of: TypesOf, request: Request
) -> Reply:
    """Serve `.delta`: POST returns the changes since a token was issued."""
    if request.method != "POST":
        raise MethodNotAllowed("A delta query is a POST.", ("POST",))
    endpoints = _endpoints(deployment, types_of, request)
    members = lowered(json_object(request, deployment.max_body_bytes))
    schemas = members.get("schemas")
    if DELTA_REQUEST_URN not in (schemas if isinstance(schemas, list) else [schemas]):
        raise InvalidSyntax(f"schemas must contain {DELTA_REQUEST_URN}.")
    token_text = members.get("deltatoken")
    if not isinstance(token_text, str) or not token_text:
        raise InvalidValue("deltaToken must be a token from .deltaToken or nextDeltaToken.")
    query = query_of_body({**members, "schemas": [SEARCH_URN]})
    if query.sort_by or query.start_index is not None:
        raise InvalidValue("A delta query does not support sortBy or startIndex; use the cursor.")
    page = delta(endpoints, change_feed, token_text, query)
    body: dict[str, object] = {
        "schemas": [LIST_URN],
        "totalResults": len(page.resources),
        "itemsPerPage": len(page.resources),
    }
    following = {"nextCursor": page.next_cursor, "nextDeltaToken": page.next_token}
    body |= {name: value for name, value in following.items() if value is not None}
    resources = [_in_form(endpoints, response) for response in page.resources]
    return with_links(Reply(200, {**body, "Resources": resources}), endpoints)


def _in_form(endpoints: Sequence[Endpoint], response: Response) -> Response:
    """Return the response with its resource in the form in which the profile's clients read it."""
    resource, wire = response.get("data"), endpoints[0].profile.wire
    if wire == PLAIN_WIRE or not isinstance(resource, Mapping):
        return response
    (path,) = (
        endpoint.resource_type.endpoint
        for endpoint in endpoints
        if endpoint.resource_type.name == response["resourceType"]
    )
    return {**response, "data": resource_in_form(wire, path, resource)}


def _endpoints(deployment: Deployment, types_of: TypesOf, request: Request) -> list[Endpoint]:
    return deployment.endpoints(request.principal, request.base_url, types_of(request))
