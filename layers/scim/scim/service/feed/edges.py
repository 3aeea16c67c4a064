"""The ids behind a large change, whose event gives only counts."""

from scim.resource.history.log_entry import LogEntry
from scim.resource.record import Key
from scim.service.feed.ports import ChangeFeed

_OPS = {"+": "add", "-": "remove"}


def edges_behind(
    change_feed: ChangeFeed, tenant: str, key: Key, journal: str
) -> list[dict[str, object]]:
    """Return what one change added to and removed from a resource's relations, sorted by relation.

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
