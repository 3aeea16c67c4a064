"""Finds resources whose last version is not in the change log, by comparing them with their marks."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from scim.resource.access_path import Direction
from scim.resource.history.log_entry import LogEntry
from scim.resource.history.origin import Action
from scim.resource.record import Key
from scim.store.directory.attribution import attribution_in
from scim.store.directory.resource_item import record_of
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.values import Item, number, text
from scim.store.feed.logged import Logged, mark_in
from scim.store.keys.directory import LAST, index_hour, resource_key, type_partition
from scim.store.keys.feed import logged_key

AT_ONCE = 100
"""Resources that are compared at once."""
NO_END = "9999"
"""An `until` after every change."""
_UNREADABLE = (LookupError, TypeError, ValueError)


class Unlogged(NamedTuple):
    """A resource as it is stored, live or deleted, and its mark in the log."""

    key: Key
    row: Item
    mark: Logged

    def notice(self) -> LogEntry:
        """Return an entry for its last version, flagged as a gap: earlier versions may be missing.

        The entry has who made that version, and the whole content of the resource, because it is unknown what
        has changed. If this version cannot read the item, the entry has neither.
        """
        version, modified_at = number(self.row, "v"), text(self.row, "m")
        is_deleted = "d" in self.row
        bare_notice = LogEntry(
            key=self.key,
            version=version,
            since=version - 1,
            at=modified_at,
            action=Action.DELETE if is_deleted else Action.PATCH,
            is_gap=True,
        )
        try:
            by = attribution_in(self.row)
            body = {} if is_deleted else record_of(self.key.type, self.row).body
            notice = replace(bare_notice, origin=by.origin, after=dict(body))
        except _UNREADABLE:
            return bare_notice
        is_new = self.mark.version == 0 and by.action == Action.CREATE
        return replace(notice, action=by.action) if is_new or by.action == Action.PUT else notice


def unlogged(
    table: Table,
    tenant: str,
    types: Iterable[str],
    span: tuple[str, str],
    is_deletion: Callable[[Key, Logged], bool],
) -> Iterator[Unlogged]:
    """Yield the resources, live or deleted, whose last version is not in the log.

    For a deleted resource, `is_deletion` tells whether its last entry is the deletion: the versions after
    that are the reaper's, not changes by a client.

    `span` is two times (RFC 3339). The resources compared were changed in the hour of the first or later, and
    last at the second or before. They come from byLastModified, where a new one may be missing for a moment.
    """
    for type_name in types:
        for keys in _changed(table, tenant, type_name, span):
            items = table.items([resource_key(tenant, key) for key in keys])
            rows = {Key(type_name, text(row, "sk")): row for row in items}
            marks = marks_of(table, tenant, rows)
            for key, row in rows.items():
                mark = marks.get(key, Logged())
                is_behind = mark.version < number(row, "v") and text(row, "m") <= span[1]
                if is_behind and not ("d" in row and is_deletion(key, mark)):
                    yield Unlogged(key, row, mark)


def _changed(
    table: Table, tenant: str, type_name: str, span: tuple[str, str]
) -> Iterator[list[Key]]:
    partition, position = type_partition(tenant, type_name), index_hour(span[0], "")
    end = index_hour(span[1], LAST)
    while True:
        page = table.indexed(partition, (position, end), Direction.UP, AT_ONCE)
        if page.items:
            yield [Key(type_name, text(row, "sk")) for row in page.items]
        if not page.has_more:
            return
        position = _behind(page.items[-1])


def _behind(row: Item) -> str:
    """Return the first sort key of the index after that of a row."""
    return text(row, "gs") + "\0"


def marks_of(table: Table, tenant: str, keys: Iterable[Key]) -> dict[Key, Logged]:
    """Return the marks of those of the resources that are in the log."""
    item_keys = [logged_key(tenant, key) for key in keys]
    rows = table.items(item_keys) if item_keys else []
    return {Key(*text(row, "sk").split("#", 1)): mark_in(row) for row in rows}
