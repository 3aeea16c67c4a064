"""Converts records of the table's stream to entries: the item of a resource before and after a change."""

import json
from base64 import b64decode
from collections.abc import Mapping
from typing import Any

from scim.resource.history.log_entry import Attributes, LogEntry, LogPage
from scim.resource.history.origin import Action
from scim.resource.record import Key
from scim.store.directory.attribution import attribution_in
from scim.store.dynamodb.values import Item, binary, decoded_item, inflated, number, text
from scim.store.feed.change_log import page_in
from scim.store.keys.feed import resource_partition

Image = Mapping[str, Mapping[str, Any]]
_NOTHING: Attributes = {}


def entry_of(record: Mapping[str, Any]) -> tuple[str, LogEntry] | None:
    """Return the tenant and the entry of a stream record, in the form that Lambda delivers.

    Return None if the record is not a new version of a resource. Raises TypeError, KeyError, ValueError or
    UnknownCodec for an item that this version cannot read.
    """
    change = record["dynamodb"]
    new = item_of(change.get("NewImage", {}))
    old = item_of(change.get("OldImage", {}))
    partition = resource_partition(text(new, "pk")) if new.get("k") == "resource" else None
    # A change of a tombstone is the reaper's, unless the resource is restored.
    if partition is None or ("d" in old and "d" in new) or number(new, "v") == number(old, "v"):
        return None
    return partition[0], _entry(Key(partition[1], text(new, "sk")), old, new)


def logged_in(record: Mapping[str, Any]) -> tuple[str, int, LogPage]:
    """Return the tenant, the lane and the entries of a stream record of the log itself."""
    item = item_of(record["dynamodb"]["NewImage"])
    _, tenant, _, lane = text(item, "pk").split("#")
    return tenant, int(lane), page_in(item)


def item_of(image: Image) -> Item:
    """Return an item of an event, in which binary values are base64."""
    return decoded_item({name: _with_bytes(typed) for name, typed in image.items()})


def _entry(key: Key, old: Item, new: Item) -> LogEntry:
    by = attribution_in(new)
    begins, ends = "j" in new and "j" not in old, "j" in old and "j" not in new
    old_body, new_body = _body(old), _body(new)
    is_counted = any(
        isinstance(ids, int) for changes in by.relations.values() for ids in changes.values()
    )
    return LogEntry(
        key=key,
        version=number(new, "v"),
        since=number(old, "v"),
        at=text(new, "m"),
        action=_action(old, new, by.action),
        origin=by.origin,
        before={name: value for name, value in old_body.items() if new_body.get(name) != value},
        after={name: value for name, value in new_body.items() if old_body.get(name) != value},
        relations={} if begins else by.relations,
        journal=text(old, "j") if ends and is_counted else "",
        secrets=by.secrets,
    )


def _action(old: Item, new: Item, attributed_action: str) -> str:
    if not old or "d" in old:
        return Action.CREATE
    if "d" in new:
        return Action.DELETE
    return Action.PUT if attributed_action == Action.PUT else Action.PATCH


def _body(item: Item) -> Attributes:
    if "z" not in item:
        return _NOTHING
    body: Attributes = json.loads(inflated(binary(item, "z")))
    return body


def _with_bytes(typed: Mapping[str, Any]) -> Mapping[str, Any]:
    match typed:
        case {"B": str(encoded)}:
            return {"B": b64decode(encoded)}
        case {"BS": list(several)}:
            return {"BS": [b64decode(encoded) for encoded in several]}
        case _:
            return typed
