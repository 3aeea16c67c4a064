"""Which resources the change log is behind of: the resources themselves against its marks."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from scim.resource.access_path import Direction
from scim.resource.history.log_entry import LogEntry
from scim.resource.history.origin import Action
from scim.resource.record import Key
from scim.store.directory.resource_item import attributed, record_of
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.values import Item, number, text
from scim.store.feed.logged import Logged, mark_in
from scim.store.keys.directory import LAST, index_hour, resource_key, type_partition
from scim.store.keys.feed import logged_key

AT_ONCE = 100
"""Resources that are compared at once."""
NO_END = "9999"
"""An `until` behind every change."""
_UNREADABLE = (LookupError, TypeError, ValueError)


class Unlogged(NamedTuple):
    """A resource as it is stored, living or deleted, and how far it is in the log."""

    key: Key
    row: Item
    mark: Logged

    def notice(self) -> LogEntry:
        """Return the entry of its last version, which says that versions before it may be missing.

        It has who made that version and all that the resource holds now, since nobody knows what of
        it has changed; of an item that this version cannot read it has neither.
        """
        version, at = number(self.row, "v"), text(self.row, "m")
        is_deleted = "d" in self.row
        bare = LogEntry(
            key=self.key,
            version=version,
            since=version - 1,
            at=at,
            action=Action.DELETE if is_deleted else Action.PATCH,
            is_gap=True,
        )
        try:
            origin, said, _ = attributed(self.row)
            body = {} if is_deleted else record_of(self.key.type, self.row).body
            known = replace(bare, origin=origin, after=dict(body))
        except _UNREADABLE:
            return bare
        is_new = self.mark.version == 0 and said == Action.CREATE
        return replace(known, action=said) if is_new or said == Action.PUT else known


def unlogged(
    table: Table,
    tenant: str,
    types: Iterable[str],
    span: tuple[str, str],
    is_deletion: Callable[[Key, Logged], bool],
) -> Iterator[Unlogged]:
    """Yield the resources, living or deleted, whose last version is not in the log.

    Of a deleted one `is_deletion` tells whether its last entry is that: what clears up behind it
    makes versions that are nobody's change.

    `span` is two times (RFC 3339): looked at are those that were changed in the hour of the first
    or later, and last at the second or before. byLastModified finds them: a new one may be missing
    there for a moment.
    """
    for type_name in types:
        for keys in _changed(table, tenant, type_name, span):
            items = table.items([resource_key(tenant, key) for key in keys])
            found = {Key(type_name, text(row, "sk")): row for row in items}
            marks = marks_of(table, tenant, found)
            for key, row in found.items():
                mark = marks.get(key, Logged())
                is_behind = mark.version < number(row, "v") and text(row, "m") <= span[1]
                if is_behind and not ("d" in row and is_deletion(key, mark)):
                    yield Unlogged(key, row, mark)


def _changed(
    table: Table, tenant: str, type_name: str, span: tuple[str, str]
) -> Iterator[list[Key]]:
    partition, after = type_partition(tenant, type_name), index_hour(span[0], "")
    end = index_hour(span[1], LAST)
    while True:
        page = table.indexed(partition, (after, end), Direction.UP, AT_ONCE)
        if page.items:
            yield [Key(type_name, text(row, "sk")) for row in page.items]
        if not page.has_more:
            return
        after = _behind(page.items[-1])


def _behind(row: Item) -> str:
    """Return the first sort key of the index behind that of a row."""
    return text(row, "gs") + "\0"


def marks_of(table: Table, tenant: str, keys: Iterable[Key]) -> dict[Key, Logged]:
    """Return how far the resources are in the log, those that are in it at all."""
    wanted = [logged_key(tenant, key) for key in keys]
    rows = table.items(wanted) if wanted else []
    return {Key(*text(row, "sk").split("#", 1)): mark_in(row) for row in rows}
