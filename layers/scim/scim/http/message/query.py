"""The query of a list request, from its URL or its SearchRequest body (RFC 7644 sections 3.4.2 and 3.4.3)."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
)

from scim.errors import Forbidden, InvalidCount, InvalidFilter, InvalidSyntax, InvalidValue
from scim.expectation import WithNumbers, expectation_of
from scim.http.message.body import json_object
from scim.http.message.request import Request, names_in, whole_number
from scim.immutable import renewed
from scim.permission import EXPLAIN, Permissions
from scim.profile import Tolerance
from scim.profile.parts import PagingRules
from scim.schema.message_uri import SEARCH_URN, needed_to_read
from scim.service.messages import Query
from scim.service.visibility.deployment import Deployment

_USUAL = PagingRules(bulk_export=True)
"""The rules for a query when the caller's profile is not known."""
_NAME = re.compile(r"[A-Za-z$][A-Za-z0-9_.:$-]*", re.ASCII)
_DOMAIN = re.compile(r"[^/\\\s]{1,128}")


_Names = Annotated[
    list[str] | None, BeforeValidator(lambda sent: [sent] if isinstance(sent, str) else sent)
]
"""Attribute names as an array, or as text with commas as in a URL."""


class SearchRequest(WithNumbers):
    """The body of POST /.search; unknown names are ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    schemas: list[str]
    attributes: _Names = None
    excluded_attributes: _Names = Field(default=None, alias="excludedattributes")
    filter: str | None = None
    sort_by: str | None = Field(default=None, alias="sortby")
    sort_order: str | None = Field(default=None, alias="sortorder")
    start_index: int | None = Field(default=None, alias="startindex")
    count: int | None = None
    cursor: str | None = None
    explain: bool = False
    bulk_import_format: bool = Field(default=False, alias="bulkimportformat")


_MEMBERS = frozenset(field.alias or name for name, field in SearchRequest.model_fields.items())


def query_of_url(
    query: Mapping[str, str],
    paging: PagingRules = _USUAL,
    walker: str = "",
    domain: str | None = None,
) -> Query:
    """Return the query in a URL; raises InvalidValue, which names the invalid parameter."""
    return Query(
        filter=query.get("filter"),
        attributes=names_in(query.get("attributes")),
        excluded_attributes=names_in(query.get("excludedattributes")),
        sort_by=query.get("sortby") or paging.sort_by,
        sort_order=query.get("sortorder"),
        start_index=_whole("startIndex", query),
        count=_count(query),
        cursor=query.get("cursor"),
        is_explained=query.get("explain", "").lower() == "true",
        is_exported=paging.bulk_export and query.get("bulkimportformat", "").lower() == "true",
        walker=walker,
        domain=domain,
    )


def query_of_body(body: Mapping[str, object]) -> Query:
    """Return the query in a SearchRequest; raises InvalidSyntax or InvalidValue, which names the member."""
    try:
        search_request = SearchRequest.model_validate(lowered(body))
    except ValidationError as error:
        first_error = error.errors(include_url=False, include_input=False)[0]
        member = ".".join(str(part) for part in first_error["loc"])
        refusal = InvalidCount if member == "count" and "cursor" in lowered(body) else InvalidValue
        raise refusal(f"SearchRequest {member}: {expectation_of(first_error)}.") from error
    if SEARCH_URN.lower() not in map(str.lower, search_request.schemas):
        raise InvalidSyntax(f"schemas must contain {SEARCH_URN}.")
    return Query(
        filter=search_request.filter or None,
        attributes=names_in(search_request.attributes),
        excluded_attributes=names_in(search_request.excluded_attributes),
        sort_by=search_request.sort_by or None,
        sort_order=search_request.sort_order or None,
        start_index=search_request.start_index,
        count=search_request.count,
        cursor=search_request.cursor,
        is_explained=search_request.explain,
        is_exported=search_request.bulk_import_format,
    )


def query_by_attribute(body: Mapping[str, object], url: Mapping[str, str]) -> Query:
    """Return the query for resources whose attribute has a value; the names are in lower case.

    The body names attribute and value. The rest of the query is in the URL, or in the body as in a
    SearchRequest.

    Raises InvalidValue when the body has no such pair, or there is a filter too, and the errors of
    the rest.
    """
    attribute, value = body.get("attribute"), body.get("value")
    if not isinstance(attribute, str) or _NAME.fullmatch(attribute) is None:
        raise InvalidValue("attribute must be the name of an attribute.")
    if not isinstance(value, str):
        raise InvalidValue("value must be a string.")
    query = query_of_url(url) if (_MEMBERS - {"schemas"}).isdisjoint(body) else query_of_body(body)
    if query.filter is not None:
        raise InvalidValue("Send attribute and value, or filter, but not both.")
    return replace(query, filter=f"{attribute} eq {json.dumps(value, ensure_ascii=False)}")


def domain_in(members: Mapping[str, object], parameter: str) -> str | None:
    """Return the domain that a query asks for, None for all; raises InvalidValue if it is no domain name."""
    value = members.get(parameter.lower())
    if value is None or value == "":
        return None
    if not isinstance(value, str) or _DOMAIN.fullmatch(value) is None:
        raise InvalidValue(f"{parameter} must be the name of a domain.")
    return value


def lowered(body: Mapping[str, object]) -> dict[str, object]:
    """Return the body with its names in lower case, because their case has no meaning."""
    return {name.lower(): value for name, value in body.items()}


def _count(query: Mapping[str, str]) -> int | None:
    try:
        return _whole("count", query)
    except InvalidValue as error:
        if "cursor" in query:
            raise InvalidCount(error.detail) from error
        raise


def _whole(name: str, query: Mapping[str, str]) -> int | None:
    text = query.get(name.lower())
    return None if text is None else whole_number(name, text)


def query_of(deployment: Deployment, request: Request) -> Query:
    """Return the query in the URL of a GET or in the body of a POST.

    Raises Forbidden when it asks for an explanation and the caller lacks the permission.
    """
    caller = request.principal
    walker = f"{caller.owner or caller.token_id} {caller.filters}"
    query_in = _query_in_url if request.method == "GET" else _query_in_search
    query = query_in(deployment, request, walker)
    if query.is_explained:
        # An explanation counts all that was read, including what the caller's filters exclude.
        may_explain = Permissions.shipped().is_granted(caller.scopes, EXPLAIN)
        if caller.filters or not may_explain:
            raise Forbidden("These credentials do not allow explain; leave it out.")
    return query


def _query_in_url(deployment: Deployment, request: Request, walker: str) -> Query:
    paging, domains = deployment.profile.paging, deployment.profile.domains
    domain = domain_in(request.query, domains.parameter) if domains.names else None
    return query_of_url(request.query, paging, walker, domain)


def _query_in_search(deployment: Deployment, request: Request, walker: str) -> Query:
    paging, domains = deployment.profile.paging, deployment.profile.domains
    members = lowered(json_object(request, deployment.max_body_bytes))
    by_attribute = paging.searches_by_attribute and "attribute" in members
    if paging.bare_search:
        members.setdefault("schemas", [SEARCH_URN])
    tolerated = frozenset[Tolerance]()
    needed_tolerances = needed_to_read(members.get("schemas"), SEARCH_URN, deployment.profile)
    if needed_tolerances and not _MEMBERS.isdisjoint(members):
        members["schemas"], tolerated = [SEARCH_URN], needed_tolerances
    query = query_by_attribute(members, request.query) if by_attribute else query_of_body(members)
    return renewed(
        query,
        sort_by=query.sort_by or paging.sort_by,
        is_exported=query.is_exported and paging.bulk_export,
        walker=walker,
        domain=domain_in(members, domains.parameter) if domains.names else None,
        tolerated=tolerated,
    )


def refuse_filter(request: Request) -> None:
    """Raise InvalidFilter if a list that cannot filter is asked to (RFC 7644 section 3.4.2.2)."""
    if "filter" in request.query:
        raise InvalidFilter("This list takes no filter; leave it out.")


def paging_number(request: Request, name: str, default: int) -> int:
    """Return `startIndex` or `count` of the URL; raises InvalidValue if it is not a whole number."""
    number = _whole(name, request.query)
    least = 1 if name == "startIndex" else 0
    return default if number is None else max(number, least)
