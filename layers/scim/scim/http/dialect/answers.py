"""The form of responses for profiles whose clients expect other JSON than the RFCs define."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import NamedTuple

from scim.errors import InvalidCursor, ScimError, TooMany
from scim.http.message.request import whole_number
from scim.http.message.response import Reply, refusal
from scim.profile import Profile
from scim.profile.parts import EVERY, PagingRules, Wire
from scim.schema.message_uri import DRY_RUN_URN
from scim.service.endpoint import Endpoint
from scim.service.messages import Listing, Query

PLAIN_WIRE = Wire()
_RESOURCES = "Resources"
_OPERATIONS = "Operations"


class RequestSummary(NamedTuple):
    """The request behind a response: the endpoint, such as `/Users`, with method and query.

    A delta query `asks_for_changes`; its response is no list of the endpoint's resources.
    """

    endpoint: str
    method: str
    query: Mapping[str, str] = MappingProxyType({})
    asks_for_changes: bool = False


def rendered(profile: Profile, request: RequestSummary, reply: Reply) -> Reply:
    """Return the reply to a request in the form of the profile's `wire`."""
    wire = profile.wire
    status = _status(wire, request, reply.status)
    headers = {
        name: value for name, value in reply.headers.items() if wire.has_version or name != "ETag"
    }
    if reply.body is None:
        return replace(reply, status=status, headers=headers)
    raw = _text(_message(profile, request, reply.body))
    return replace(reply, status=status, headers=headers, body=None, raw=raw)


def rendered_refusal(wire: Wire, error: ScimError) -> Reply:
    """Return the reply that an error stands for, in the form of `wire`."""
    reply = refusal(error)
    if wire == PLAIN_WIRE or reply.body is None:
        return reply
    errors, kind = wire.errors, error.kind or ""
    status = errors.statuses.get(kind, error.status)
    if status in errors.empty:
        return replace(reply, status=status, body=None)
    body: dict[str, object] = {
        **reply.body,
        "status": status if errors.numeric_status else str(status),
    }
    if kind in errors.details:
        body["detail"] = errors.details[kind].format(subject=error.subject)
    scim_type = _first_value(errors.scim_types, (kind, str(status))) or error.scim_type
    if scim_type is not None:
        body["scimType"] = scim_type
    error_type = _first_value(errors.types, (kind, error.scim_type or "", str(status)))
    if error_type is not None:
        body["errorType"] = error_type
    raw = _text(_ordered(body, wire.order))
    return replace(reply, status=status, body=None, raw=raw)


def wanting_all(endpoint: Endpoint, query: Query) -> Query:
    """Return the query, with the largest page size if the response is a bare array of all matches.

    Raises InvalidCursor for a cursor where the response is a bare array, which cannot have the next one.
    """
    if query.cursor is not None and _is_bare(endpoint):
        raise InvalidCursor(
            "This list has no cursors; ask for its parts with startIndex and count."
        )
    if not _is_whole(endpoint, query):
        return query
    return replace(query, count=endpoint.bounds.max_page_size)


def require_all(endpoint: Endpoint, query: Query, listing: Listing) -> None:
    """Raise TooMany when a bare array omits resources, because it cannot tell the client so."""
    if _is_whole(endpoint, query) and len(listing.resources) < listing.total:
        raise TooMany(
            f"There are {listing.total} resources, more than one array holds here;"
            " ask for some of them with startIndex and count."
        )


def _is_bare(endpoint: Endpoint) -> bool:
    return endpoint.resource_type.endpoint in endpoint.profile.wire.bare_lists


def _is_whole(endpoint: Endpoint, query: Query) -> bool:
    return _is_bare(endpoint) and (query.count, query.start_index) == (None, None)


def _first_value(values: Mapping[str, object], names: Iterable[str]) -> object:
    return next((values[name] for name in names if name in values), None)


def _status(wire: Wire, request: RequestSummary, status: int) -> int:
    """Return the status that the profile has instead of a success status; other statuses stay."""
    if not 200 <= status < 300:
        return status
    default = wire.statuses.get(EVERY, {}).get(request.method, status)
    return wire.statuses.get(request.endpoint, {}).get(request.method, default)


def _message(profile: Profile, request: RequestSummary, body: Mapping[str, object]) -> object:
    wire, resources = profile.wire, body.get(_RESOURCES)
    if request.endpoint == "/Bulk":
        names = {_OPERATIONS: wire.bulk_key}
        return _ordered({names.get(name, name): body[name] for name in body}, wire.order)
    if not isinstance(resources, Sequence):
        return resource_in_form(wire, request.endpoint, _with_own_status(wire, request, body))
    if request.asks_for_changes:
        return _list(wire, body, [_ordered(change, wire.order) for change in resources])
    unlisted = wire.unlisted.get(request.endpoint, frozenset())
    elements = [
        {name: value for name, value in resource.items() if name not in unlisted}
        for resource in (
            resource_in_form(wire, request.endpoint, resource) for resource in resources
        )
    ]
    if request.endpoint in wire.bare_lists:
        return elements
    page = body if wire.page == "held" else _page_as_requested(profile.paging, request, body)
    return _list(wire, page, elements)


def _list(
    wire: Wire, page: Mapping[str, object], elements: Sequence[Mapping[str, object]]
) -> dict[str, object]:
    members = {wire.list_key if name == _RESOURCES else name: page[name] for name in page}
    return _ordered({**members, wire.list_key: elements}, wire.order)


def _with_own_status(
    wire: Wire, request: RequestSummary, body: Mapping[str, object]
) -> Mapping[str, object]:
    """Return the body; that of a dry run has the status that the profile has for the write."""
    status = body.get("status")
    if DRY_RUN_URN not in str(body.get("schemas")) or not isinstance(status, str):
        return body
    return {**body, "status": str(_status(wire, request, int(status)))}


def _page_as_requested(
    paging: PagingRules, request: RequestSummary, body: Mapping[str, object]
) -> dict[str, object]:
    """Return the list message with the requested count as `itemsPerPage`, and `startIndex` only if requested."""
    page = dict(body)
    count_text = request.query.get("count")
    count = paging.default_size if count_text is None else whole_number("count", count_text)
    if request.method == "GET" and count is not None:
        page["itemsPerPage"] = min(max(count, 0), paging.most or count)
    if "startindex" not in request.query:
        page.pop("startIndex", None)
    return page


def resource_in_form(wire: Wire, endpoint: str, body: Mapping[str, object]) -> dict[str, object]:
    """Return a resource of the endpoint in the form of the profile's `wire`."""
    members = dict(body)
    if isinstance(meta := members.get("meta"), Mapping):
        members["meta"] = _meta(wire, meta)
    if wire.ids.get(endpoint) == "number" and isinstance(id_ := members.get("id"), str):
        members["id"] = int(id_) if id_.isdecimal() else id_
    for name, order in wire.parts.items():
        if name in members:
            members[name] = _parts(members[name], order)
    return _ordered(members, wire.order)


def _meta(wire: Wire, meta: Mapping[str, object]) -> dict[str, object]:
    members = {name: value for name, value in meta.items() if wire.has_version or name != "version"}
    for name in ("created", "lastModified"):
        time_text = members.get(name)
        if isinstance(time_text, str):
            members[name] = time_text.removesuffix("Z") + wire.time_zone
    return members


def _parts(value: object, order: Sequence[str]) -> object:
    if isinstance(value, Mapping):
        return _ordered(value, order)
    return (
        [_parts(element, order) for element in value] if isinstance(value, list | tuple) else value
    )


def _ordered(body: Mapping[str, object], order: Sequence[str]) -> dict[str, object]:
    """Return the members in the given order; members not named come at the `*`, or at the end."""
    rank = {name: number for number, name in enumerate(order)}
    others = rank.get(EVERY, len(order))
    return dict(sorted(body.items(), key=lambda member: rank.get(member[0], others)))


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=dict)
