"""Queries at the root: every resource type in one list (RFC 7644 sections 3.4.2.1 and 3.4.3)."""

from scim.errors import Forbidden, MethodNotAllowed
from scim.http.message.query import asked
from scim.http.message.request import Request
from scim.http.message.response import Reply, listed
from scim.permission import Permissions
from scim.service.query.search import search
from scim.service.visibility.deployment import Desk


def search_everything(desk: Desk, request: Request) -> Reply:
    """Serve `/` by GET and `/.search` by POST: the types the caller may list."""
    if request.method not in ("GET", "POST"):
        raise MethodNotAllowed("A search is a GET or a POST.", ("GET", "POST"))
    permissions, scopes = Permissions.shipped(), request.principal.scopes
    types = [
        each
        for each in desk.catalogue.stored_types
        if permissions.allows(scopes, "GET", each.endpoint)
    ]
    if not types:
        raise Forbidden("These credentials may list no resources of any type.")
    query = asked(desk, request)
    return listed(
        search([desk.endpoint(request.principal, request.base_url, each) for each in types], query)
    )
