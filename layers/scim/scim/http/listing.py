"""The query of a list request, from its URL or its body, and what the caller may ask of it."""

from dataclasses import replace

from scim.errors import Forbidden
from scim.http.body import json_object
from scim.http.desk import Desk
from scim.http.parameters import query_of_body, query_of_url
from scim.http.request import Request
from scim.permission import Permissions
from scim.service.query import Query

EXPLAIN = "explain"
"""The permission to be told how a query is answered; it is part of no other but `*`."""


def asked(desk: Desk, request: Request) -> Query:
    """Return what a GET asks in its URL, or a POST in its body.

    Raises Forbidden when it asks for an explanation without the permission.
    """
    if request.method == "GET":
        query = query_of_url(request.query)
    else:
        query = query_of_body(json_object(request, desk.max_body_bytes))
    if query.is_explained and not Permissions.shipped().is_granted(
        request.principal.scopes, EXPLAIN
    ):
        raise Forbidden("These credentials do not allow explain; leave it out.")
    return replace(query, walker=request.principal.token_id)
