"""A GET as an operation of `/Bulk`, for profiles that have it."""

from dataclasses import replace
from urllib.parse import parse_qsl

from scim.errors import Forbidden, MethodNotAllowed
from scim.http.message.query import asked, projection_of
from scim.http.message.request import Request
from scim.http.message.response import listed
from scim.permission import Permissions
from scim.service.bulk.operation import Operation
from scim.service.bulk.response import Outcome
from scim.service.endpoint import Endpoint
from scim.service.precondition import Precondition
from scim.service.query.search import search
from scim.service.resources.read import read
from scim.service.visibility.deployment import Desk


def looked(desk: Desk, request: Request, endpoint: Endpoint, operation: Operation) -> Outcome:
    """Return what the operation finds: a resource, or a list where its path names none.

    Raises NotFound, Forbidden, and what a query deserves.
    """
    type_ = endpoint.resource_type
    if type_.edges_of is not None:
        raise MethodNotAllowed(f"GET is not for {type_.endpoint} here.", ("POST", "DELETE"))
    sent = {name.lower(): value for name, value in parse_qsl(operation.query)}
    if operation.id is None:
        _require_listing(request, type_.endpoint)
        query = asked(desk, replace(request, method="GET", query=sent))
        listing = listed(search([endpoint], query)).body or {}
        resources = listing.get("Resources")
        plain = [dict(each) for each in resources] if isinstance(resources, list) else []
        return Outcome(operation, 200, shown={**listing, "Resources": plain})
    answer = read(endpoint, operation.id, Precondition(), projection_of(type_, sent))
    return Outcome(operation, 200, answer.location, answer.etag, shown=answer.resource)


def _require_listing(request: Request, path: str) -> None:
    if not Permissions.shipped().allows(request.principal.scopes, "GET", path):
        raise Forbidden(f"These credentials do not allow GET on {path}.")
