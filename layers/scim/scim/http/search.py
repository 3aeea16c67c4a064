"""Queries at the root: every resource type in one list (RFC 7644 sections 3.4.2.1 and 3.4.3)."""

from scim.errors import MethodNotAllowed
from scim.http.body import json_object
from scim.http.desk import Desk
from scim.http.parameters import query_of_body, query_of_url
from scim.http.reply import Reply, listed
from scim.http.request import Request
from scim.service.search import search


def search_everything(desk: Desk, request: Request) -> Reply:
    """Serve `/` by GET and `/.search` by POST."""
    match request.method:
        case "GET":
            query = query_of_url(request.query)
        case "POST":
            query = query_of_body(json_object(request, desk.max_body_bytes))
        case _:
            raise MethodNotAllowed("A search is a GET or a POST.", ("GET", "POST"))
    types = desk.catalogue.resource_types
    return listed(search([desk.endpoint(request, each) for each in types], query))
