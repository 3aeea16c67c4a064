"""A GET as an operation of `/Bulk`, for profiles that have it."""

from dataclasses import replace
from urllib.parse import parse_qsl

from scim.errors import Forbidden, MethodNotAllowed
from scim.http.desk import Desk
from scim.http.listing import asked
from scim.http.parameters import names_in
from scim.http.reply import listed
from scim.http.request import Request
from scim.permission import Permissions
from scim.resource.projection import Projection
from scim.service.bulk.operation import Operation
from scim.service.bulk.outcome import Outcome
from scim.service.endpoint import Endpoint
from scim.service.precondition import Precondition
from scim.service.read import read
from scim.service.search import search


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
    projection = Projection.of(
        type_, names_in(sent.get("attributes")), names_in(sent.get("excludedattributes"))
    )
    answer = read(endpoint, operation.id, Precondition(), projection)
    return Outcome(operation, 200, answer.location, answer.etag, shown=answer.resource)


def _require_listing(request: Request, path: str) -> None:
    permissions = Permissions.shipped()
    if not permissions.is_granted(request.principal.scopes, permissions.needed(path)["GET"]):
        raise Forbidden(f"These credentials do not allow GET on {path}.")
