"""The query of a list request, from its URL or its body, and what the caller may ask of it."""

from dataclasses import replace

from scim.errors import Forbidden
from scim.http.message.body import json_object
from scim.http.message.parameters import (
    SEARCH_URN,
    domain_in,
    lowered,
    query_by_attribute,
    query_of_body,
    query_of_url,
)
from scim.http.message.request import Request
from scim.permission import Permissions
from scim.service.query_part import Query
from scim.service.visibility.deployment import Desk

EXPLAIN = "explain"
"""The permission to be told how a query is answered; it is part of no other but `*`."""


def asked(desk: Desk, request: Request) -> Query:
    """Return what a GET asks in its URL, or a POST in its body.

    Raises Forbidden when it asks for an explanation without the permission.
    """
    paging, domains = desk.profile.paging, desk.profile.domains
    sent: dict[str, object]
    if request.method == "GET":
        sent = dict(request.query)
        query = query_of_url(request.query)
    else:
        sent = lowered(json_object(request, desk.max_body_bytes))
        by_attribute = paging.searches_by_attribute and "attribute" in sent
        if paging.bare_search:
            sent.setdefault("schemas", [SEARCH_URN])
        query = query_by_attribute(sent, request.query) if by_attribute else query_of_body(sent)
    domain = domain_in(sent, domains.parameter) if domains.names else None
    caller = request.principal
    # An explanation counts what was read, also what the caller's filters leave out.
    may_ask = not caller.filters and Permissions.shipped().is_granted(caller.scopes, EXPLAIN)
    if query.is_explained and not may_ask:
        raise Forbidden("These credentials do not allow explain; leave it out.")
    return replace(
        query,
        walker=caller.token_id,
        domain=domain,
        sort_by=query.sort_by or paging.sort_by,
        is_exported=query.is_exported and paging.bulk_export,
    )
