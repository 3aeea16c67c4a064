"""The ids behind a large change, of which an event tells the numbers only."""

from scim.resource.history.log_entry import LogEntry
from scim.resource.record import Key
from scim.service.feed.ports import ChangeFeed

_OPS = {"+": "add", "-": "remove"}


def edges_behind(
    changes: ChangeFeed, tenant: str, key: Key, journal: str
) -> list[dict[str, object]]:
    """Return what came to a resource's relations and went with one change, in the order it was made.

    Nothing for a change that is none, and 30 days after it.
    """
    entry = LogEntry(key, version=0, since=0, at="", action="", journal=journal)
    relations = changes.log.with_edges(tenant, entry).relations
    return [
        {"op": _OPS[sign], "path": name, "value": id_, "type": type_}
        for name, by in sorted(relations.items())
        for sign in ("+", "-")
        for type_, ids in by[sign].items()
        for id_ in ids
    ]
