"""The form of responses for profiles whose clients expect other JSON than the RFCs define."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import NamedTuple

from scim.errors import ScimError
from scim.http.message.request import whole_number
from scim.http.message.response import Reply, refusal
from scim.profile import Profile
from scim.profile.parts import EVERY, PagingRules, Wire

PLAIN_WIRE = Wire()
_RESOURCES = "Resources"
_OPERATIONS = "Operations"


class Asked(NamedTuple):
    """The request behind a response: the endpoint, such as `/Users`, with method and query."""

    endpoint: str
    method: str
    query: Mapping[str, str] = MappingProxyType({})


def rendered(profile: Profile, asked: Asked, reply: Reply) -> Reply:
    """Return the reply to a request in the form of the profile's `wire`."""
    wire = profile.wire
    status = _status(wire, asked, reply.status)
    kept = {
        name: value for name, value in reply.headers.items() if wire.has_version or name != "ETag"
    }
    if reply.body is None:
        return replace(reply, status=status, headers=kept)
    raw = _text(_message(profile, asked, reply.body))
    return replace(reply, status=status, headers=kept, body=None, raw=raw)


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
    scim_type = _first(errors.scim_types, (kind, str(status))) or error.scim_type
    if scim_type is not None:
        body["scimType"] = scim_type
    error_type = _first(errors.types, (kind, error.scim_type or "", str(status)))
    if error_type is not None:
        body["errorType"] = error_type
    raw = _text(_ordered(body, wire.order))
    return replace(reply, status=status, body=None, raw=raw)


def _first(said: Mapping[str, object], names: Iterable[str]) -> object:
    return next((said[name] for name in names if name in said), None)


def _status(wire: Wire, asked: Asked, status: int) -> int:
    """Return the status that the profile has instead of a success status; other statuses stay."""
    if not 200 <= status < 300:
        return status
    usual = wire.statuses.get(EVERY, {}).get(asked.method, status)
    return wire.statuses.get(asked.endpoint, {}).get(asked.method, usual)


def _message(profile: Profile, asked: Asked, body: Mapping[str, object]) -> object:
    wire, resources = profile.wire, body.get(_RESOURCES)
    if asked.endpoint == "/Bulk":
        named = {_OPERATIONS: wire.bulk_key}
        return _ordered({named.get(name, name): body[name] for name in body}, wire.order)
    if not isinstance(resources, Sequence):
        return _resource(wire, asked.endpoint, body)
    unlisted = wire.unlisted.get(asked.endpoint, frozenset())
    shown = [
        {name: value for name, value in each.items() if name not in unlisted}
        for each in (_resource(wire, asked.endpoint, each) for each in resources)
    ]
    if asked.endpoint in wire.bare_lists:
        return shown
    page = dict(body) if wire.page == "held" else _as_asked(profile.paging, asked, body)
    page = {wire.list_key if name == _RESOURCES else name: page[name] for name in page}
    return _ordered({**page, wire.list_key: shown}, wire.order)


def _as_asked(paging: PagingRules, asked: Asked, body: Mapping[str, object]) -> dict[str, object]:
    """Return the list message with the requested count as `itemsPerPage`, and `startIndex` only if requested."""
    page = dict(body)
    sent = asked.query.get("count")
    count = paging.default_size if sent is None else whole_number("count", sent)
    if asked.method == "GET" and count is not None:
        page["itemsPerPage"] = min(max(count, 0), paging.most or count)
    if "startindex" not in asked.query:
        page.pop("startIndex", None)
    return page


def _resource(wire: Wire, endpoint: str, body: Mapping[str, object]) -> dict[str, object]:
    shown = dict(body)
    if isinstance(meta := shown.get("meta"), Mapping):
        shown["meta"] = _meta(wire, meta)
    if wire.ids.get(endpoint) == "number" and isinstance(id_ := shown.get("id"), str):
        shown["id"] = int(id_) if id_.isdecimal() else id_
    for name, order in wire.parts.items():
        if name in shown:
            shown[name] = _parts(shown[name], order)
    return _ordered(shown, wire.order)


def _meta(wire: Wire, meta: Mapping[str, object]) -> dict[str, object]:
    shown = {name: value for name, value in meta.items() if wire.has_version or name != "version"}
    for name in ("created", "lastModified"):
        time = shown.get(name)
        if isinstance(time, str):
            shown[name] = time.removesuffix("Z") + wire.time_zone
    return shown


def _parts(value: object, order: Sequence[str]) -> object:
    if isinstance(value, Mapping):
        return _ordered(value, order)
    return [_parts(each, order) for each in value] if isinstance(value, list | tuple) else value


def _ordered(body: Mapping[str, object], order: Sequence[str]) -> dict[str, object]:
    """Return the members in the given order; members not named come at the `*`, or at the end."""
    rank = {name: number for number, name in enumerate(order)}
    others = rank.get(EVERY, len(order))
    return dict(sorted(body.items(), key=lambda member: rank.get(member[0], others)))


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=dict)
