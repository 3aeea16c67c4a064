"""Which resources the change log is behind of: the resources themselves against its marks."""

from collections.abc import Callable, Iterable, Iterator

from scim.resource.access_path import Direction
from scim.resource.record import Key
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.values import Item, number, text
from scim.store.feed.logged import Logged, mark_in
from scim.store.keys.directory import index_hour, resource_key, type_partition
from scim.store.keys.feed import logged_key

AT_ONCE = 100
"""Resources that are compared at once."""
_LAST_HOUR = "9999"


def unlogged(
    table: Table,
    tenant: str,
    types: Iterable[str],
    since: str,
    is_deletion: Callable[[Key, Logged], bool],
) -> Iterator[Key]:
    """Yield the resources, living or deleted, whose last version is not in the log.

    Of a deleted one `is_deletion` tells whether its last entry is that: what clears up behind it
    makes versions that are nobody's change.

    Looked at are those that were changed in the hour of `since` (RFC 3339) or later, and what is
    changed meanwhile. byLastModified finds them: a new one may be missing there for a moment.
    """
    for type_name in types:
        for keys in _changed(table, tenant, type_name, since):
            items = table.items([resource_key(tenant, key) for key in keys])
            found = {Key(type_name, text(row, "sk")): row for row in items}
            marks = marks_of(table, tenant, found)
            for key, row in found.items():
                mark = marks.get(key, Logged())
                is_behind = mark.version < number(row, "v")
                if is_behind and not ("d" in row and is_deletion(key, mark)):
                    yield key


def _changed(table: Table, tenant: str, type_name: str, since: str) -> Iterator[list[Key]]:
    partition, after = type_partition(tenant, type_name), index_hour(since, "")
    while True:
        page = table.indexed(partition, (after, _LAST_HOUR), Direction.UP, AT_ONCE)
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
