"""Security event tokens (SETs): the claims that RFC 9967 defines for an entry of the change log."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from scim.moments import seconds_of
from scim.resource.body import schemas_of
from scim.resource.history.feed import Feed
from scim.resource.history.log_entry import ANSWER, CHANGE, LogEntry
from scim.resource.history.origin import Action
from scim.resource.record import Key
from scim.resource.secret import shown_of_earlier
from scim.schema.message_uri import PATCH_OP_URN
from scim.schema.resource_type import ResourceType
from scim.service.feed.ports import ChangeFeed
from scim.service.messages import etag_of

PREFIX: Final = "urn:ietf:params:scim:event:"
FEED_ADD: Final = f"{PREFIX}feed:add"
CREATE: Final = f"{PREFIX}prov:create"
PUT: Final = f"{PREFIX}prov:put"
PATCH: Final = f"{PREFIX}prov:patch"
DELETE: Final = f"{PREFIX}prov:delete"
ACTIVATE: Final = f"{PREFIX}prov:activate"
DEACTIVATE: Final = f"{PREFIX}prov:deactivate"
ASYNC: Final = f"{PREFIX}misc:asyncresp"
EVENT_URIS: Final = (
    FEED_ADD,
    *(f"{uri}:{form}" for uri in (CREATE, PATCH) for form in ("notice", "full")),
    f"{PUT}:notice",
    DELETE,
    ACTIVATE,
    DEACTIVATE,
    ASYNC,
)
"""The events a tenant's stream may contain (ServiceProviderConfig securityEvents.eventUris)."""

MOST_BYTES: Final = 200_000
"""The most bytes of an event that carries content; a larger one becomes a notice."""

Claims = dict[str, Any]
_OPS = {"+": "add", "-": "remove"}


def claims_of(
    entry: LogEntry, tenant: str, resource_type: ResourceType | None, feed: Feed, issuer: str
) -> Claims | None:
    """Return the claims of the SET that reports a change; None where there is nothing to report.

    An entry has the same `jti` whenever and however it is delivered. It depends on the time too: after the
    table was restored, versions are given again. `txn` is the request or job.
    """
    if entry.kind == ANSWER:
        return _answered(entry, tenant, feed, issuer)
    if entry.kind != CHANGE or entry.is_silent or resource_type is None:
        return None
    version_name = f"{tenant}#{entry.key.type}#{entry.key.id}#{entry.version}"
    if entry.is_timed:
        version_name += f"#{entry.at}"
    subject = {"format": "scim", "uri": f"{resource_type.endpoint}/{entry.key.id}"}
    external = entry.after.get("externalId") or entry.before.get("externalId")
    if isinstance(external, str):
        subject["externalId"] = external
    claims: Claims = {
        **_header(entry, tenant, feed, issuer, version_name),
        "sub_id": subject,
        "events": events_of(entry, resource_type, feed),
    }
    return {**claims, "txn": entry.origin.transaction} if entry.origin.transaction else claims


def _header(entry: LogEntry, tenant: str, feed: Feed, issuer: str, version_name: str) -> Claims:
    return {
        "iss": issuer,
        "iat": seconds_of(entry.at),
        "jti": hashlib.sha256(version_name.encode()).hexdigest()[:32],
        "aud": feed.audience or f"urn:serverless-scim:tenant:{tenant}",
    }


def _answered(entry: LogEntry, tenant: str, feed: Feed, issuer: str) -> Claims:
    """Return the claims that report the answer to one operation (RFC 9967 section 2.5.1.3)."""
    detail = dict(entry.detail)
    transaction = f"{entry.origin.transaction}:{detail.pop('index')}"
    return {
        **_header(entry, tenant, feed, issuer, f"{tenant}#{transaction}"),
        "sub_id": {"format": "scim", "uri": detail.pop("uri")},
        "txn": transaction,
        "events": {ASYNC: detail},
    }


def claims_within(
    entry: LogEntry, tenant: str, resource_type: ResourceType | None, feed: Feed, issuer: str
) -> Claims | None:
    """Return what `claims_of` returns, as a notice where the claims exceed MOST_BYTES.

    A notice that exceeds them, too, is without the `externalId`, which a SET may omit.
    """
    claims = claims_of(entry, tenant, resource_type, feed, issuer)
    if claims is not None and _is_too_large(claims):
        claims = claims_of(entry, tenant, resource_type, replace(feed, is_full=False), issuer)
    if claims is not None and _is_too_large(claims):
        claims["sub_id"].pop("externalId", None)
    return claims


def _is_too_large(claims: Claims) -> bool:
    return len(json.dumps(claims)) > MOST_BYTES


def names_of(claims: Claims) -> list[str]:
    """Return the short names of the events of a SET, such as `prov:patch:full`."""
    return [uri.removeprefix(PREFIX) for uri in claims["events"]]


def events_of(entry: LogEntry, resource_type: ResourceType, feed: Feed) -> dict[str, Any]:
    """Return the events of one change of one resource, by URI."""
    if entry.action == Action.DELETE:
        return {DELETE: {}}
    version = {"version": etag_of(entry.version)}
    attributes = {**version, "attributes": _changed(entry), **_counts(entry)}
    events: dict[str, Any] = {}
    if entry.is_gap:
        # Earlier versions are not in the feed: the receiver has to read the resource.
        events[FEED_ADD] = {}
    is_full = feed.is_full and not entry.is_gap and not _counts(entry)
    if entry.action == Action.CREATE:
        # Only the names of secrets exist; their values were not stored. They are not `attributes`, which RFC 9967
        # section 2.4 forbids beside `data`.
        named = {"secrets": list(entry.secrets)} if entry.secrets else {}
        data = {**version, "data": _created(entry, resource_type), **named}
        events |= {f"{CREATE}:full": data} if is_full else {f"{CREATE}:notice": attributes}
    elif is_full and (operations := _operations(entry, resource_type)):
        patch = {"schemas": [PATCH_OP_URN], "Operations": operations}
        events[f"{PATCH}:full"] = {**version, "data": patch}
    else:
        events[f"{PATCH}:notice"] = attributes
    if entry.action == Action.PUT:
        events[f"{PUT}:notice"] = attributes
    if entry.action != Action.CREATE and (activation := _activation(entry)):
        events[activation] = {}
    return events


def _activation(entry: LogEntry) -> str | None:
    """Return the event of a change of `active`, None for a change that neither ends nor begins it."""
    was, is_now = entry.before.get("active"), entry.after.get("active")
    if is_now is False and was is not False:
        return DEACTIVATE
    if was is not is_now and (was is False or is_now is True):
        return ACTIVATE
    return None


def edges_behind(
    change_feed: ChangeFeed, tenant: str, key: Key, journal: str
) -> list[dict[str, object]]:
    """Return what a large change, whose event gives only counts, did to a resource's relations, sorted by relation.

    Each entry has op, path, value and type. Empty for an unknown change, and 30 days after a known one.
    """
    entry = LogEntry(key, version=0, since=0, at="", action="", journal=journal)
    relations = change_feed.log.with_edges(tenant, entry).relations
    return [
        {"op": _OPS[sign], "path": name, "value": id_, "type": type_}
        for name, by in sorted(relations.items())
        for sign in ("+", "-")
        for type_, ids in by[sign].items()
        for id_ in ids
    ]


def _changed(entry: LogEntry) -> list[str]:
    return sorted({*entry.before, *entry.after, *entry.relations, *entry.secrets})


def _counts(entry: LogEntry) -> dict[str, Any]:
    """Return how many edges were added and removed, for relations with too many changes to list."""
    counted = {
        name: {"added": by["+"], "removed": by["-"]}
        for name, by in entry.relations.items()
        if isinstance(by["+"], int)
    }
    if not counted:
        return {}
    where = f"/Events?of={entry.key.type}/{entry.key.id}&change={entry.journal}"
    return {"count": counted, **({"$ref": where} if entry.journal else {})}


def _created(entry: LogEntry, resource_type: ResourceType) -> dict[str, object]:
    resource: dict[str, object] = {
        "schemas": schemas_of(resource_type, entry.after),
        "id": entry.key.id,
        **entry.after,
        **{name: _values(by["+"]) for name, by in entry.relations.items() if by["+"]},
    }
    # As in a PatchOp, what is returned on request is there too: receivers cannot ask for it.
    return shown_of_earlier(resource_type, resource)


def _operations(entry: LogEntry, resource_type: ResourceType) -> list[dict[str, object]]:
    """Return the visible change as PATCH operations (RFC 7644 section 3.5.2).

    There are none if only values changed that are never returned.
    """
    before, after = (
        shown_of_earlier(resource_type, attributes) for attributes in (entry.before, entry.after)
    )
    operations: list[dict[str, object]] = [
        {"op": "replace", "path": name, "value": value}
        for name, value in after.items()
        if before.get(name) != value
    ]
    operations += _removals(before, after)
    for name, by in entry.relations.items():
        if by["+"]:
            operations.append({"op": "add", "path": name, "value": _values(by["+"])})
        operations += [
            {"op": "remove", "path": f'{name}[value eq "{id_}"]'}
            for ids in by["-"].values()
            for id_ in ids
        ]
    return operations


def _removals(
    before: Mapping[str, object], after: Mapping[str, object], prefix: str = ""
) -> Iterator[dict[str, object]]:
    """Yield an operation for each value that is gone, also for parts: `replace` keeps those its value lacks."""
    for name, value in before.items():
        path, new_value = f"{prefix}{name}", after.get(name)
        if new_value is None:
            yield {"op": "remove", "path": path}
        elif isinstance(value, Mapping) and isinstance(new_value, Mapping):
            yield from _removals(value, new_value, f"{path}{':' if ':' in name else '.'}")


def _values(targets: Mapping[str, list[str]]) -> list[dict[str, object]]:
    return [{"value": id_, "type": type_} for type_, ids in targets.items() for id_ in ids]
