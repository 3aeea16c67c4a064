"""Entries of a tenant's audit, as a response contains them: of the change log, of refusals and of acts."""

from collections.abc import Mapping, Sequence
from typing import Any

from scim.resource.history.act import Act
from scim.resource.history.log_entry import CHANGE, LogEntry
from scim.resource.history.refusal import Refusal
from scim.resource.secret import shown_of_earlier
from scim.schema.catalogue import Catalogue

Entry = Mapping[str, Any]


def change_entry(entry: LogEntry) -> Entry:
    """Return the entry of a change, or of another entry of the change log."""
    origin = entry.origin
    principal = {"token": origin.token, "owner": origin.owner, "subject": origin.subject}
    members: dict[str, Any] = {
        "at": entry.at,
        "kind": "change" if entry.kind == CHANGE else entry.kind,
        "operation": entry.action,
        "resource": f"{entry.key.type}/{entry.key.id}",
        "version": entry.version,
        "principal": _kept(principal),
        "address": origin.address,
        "transaction": origin.transaction,
        "before": entry.before,
        "after": entry.after,
        "relations": entry.relations,
        "detail": entry.detail,
    }
    return _kept(members) | {"principal": members["principal"]}


def refusal_entry(refusal: Refusal) -> Entry:
    """Return the entry of refused operations."""
    principal = {"token": refusal.token, "owner": refusal.owner}
    members: dict[str, Any] = {
        "at": refusal.at,
        "kind": "refusal",
        "operation": refusal.operation,
        "status": refusal.status,
        "count": refusal.count,
        "since": refusal.since,
        "client": refusal.client,
        "address": refusal.address,
        "why": refusal.why,
    }
    return _kept(members) | {"principal": _kept(principal)}


def act_entry(act: Act) -> Entry:
    """Return the entry of an act of an administrator."""
    members: dict[str, Any] = {
        "at": act.at,
        "kind": "act",
        "operation": act.operation,
        "outcome": act.outcome,
        "address": act.address,
        "transaction": act.transaction,
        "asked": act.asked,
        "why": act.why,
    }
    return _kept(members) | {"principal": {"actor": act.actor}}


def _kept(members: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value}


def without_values(entry: Entry) -> Entry:
    """Return the entry without the values before and after the change."""
    return {name: value for name, value in entry.items() if name not in ("before", "after")}


def without_hidden_values(entries: Sequence[Entry], catalogue: Catalogue) -> list[Entry]:
    """Return the entries without the values that no response contains.

    Of types and attributes that are no longer defined it is not known which these are, so none are returned.
    """
    return [_without_hidden_values(entry, catalogue) for entry in entries]


def _without_hidden_values(entry: Entry, catalogue: Catalogue) -> Entry:
    if "before" not in entry and "after" not in entry:
        return entry
    type_ = catalogue.resource_type(entry["resource"].partition("/")[0])
    visible_entry: dict[str, Any] = {}
    for name, value in entry.items():
        if name not in ("before", "after"):
            visible_entry[name] = value
        elif type_ is not None and (visible := shown_of_earlier(type_, value)):
            visible_entry[name] = visible
    return visible_entry
