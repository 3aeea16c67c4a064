"""Lists: the part of the directory that reads in order and stores page markers."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from scim.expiring_cache import ExpiringCache
from scim.resource.access_path import AccessPath, Direction, IdPage, RecordPage, WalkMark
from scim.resource.record import Key
from scim.schema.catalogue import RelationNames
from scim.schema.resource_type import Index, ResourceType
from scim.store.directory import backfill, page_markers, ranges
from scim.store.directory.read import reaped_keys_of
from scim.store.directory.resource_item import shown_attributes
from scim.store.dynamodb.capacity import Cost, Meter
from scim.store.dynamodb.table import Table

REMEMBERED = 60.0
"""Seconds for which a process caches a tenant's secret, and that an index is built.

Both are constant as long as the tenant exists. They end with `scim tenant erase`, which is for minutes after a
deletion; a later tenant of the name has others.
"""


class DynamoLists:
    """Implements the port `Lists`; see there for the rules. `clock` returns seconds that never go back."""

    def __init__(self, table: Table, meter: Meter, clock: Callable[[], float]) -> None:
        self.meter = meter
        self._table = table
        self._seals = ExpiringCache[str, bytes](clock)
        self._built = ExpiringCache[tuple[str, str, str], bool](clock)

    def records(
        self,
        tenant: str,
        type_name: str,
        direction: Direction,
        beyond: str | None,
        limit: int,
        related: RelationNames | None = None,
    ) -> RecordPage:
        """Return live records of a type in id order; relations that are not in `related` may be omitted."""
        attributes = None if related is None else shown_attributes(related)
        return ranges.records(self._table, tenant, type_name, direction, beyond, limit, attributes)

    def skipped(
        self, tenant: str, type_name: str, after: str | None, number: int
    ) -> tuple[str | None, int]:
        """Return the id of the last of up to `number` live records after `after`, and their number."""
        return ranges.skipped(self._table, tenant, type_name, after, number)

    def ids(
        self,
        tenant: str,
        path: AccessPath,
        direction: Direction,
        beyond: str | None,
        limit: int,
    ) -> IdPage:
        """Return up to `limit` positions of an access path, each with the id found there."""
        return ranges.ids(self._table, tenant, path, direction, beyond, limit)

    def linked_after_deletion(self, tenant: str) -> frozenset[Key]:
        """Return the deleted resources whose edges are not all removed."""
        return reaped_keys_of(self._table, tenant)

    def mark(self, tenant: str, mark: WalkMark) -> None:
        """Store the position of a walk at an index."""
        page_markers.mark(self._table, tenant, mark)

    def mark_last(self, tenant: str, mark: WalkMark, first: tuple[int, str, int]) -> None:
        """Store where a walk ended, and remove its first marker."""
        page_markers.mark_last(self._table, tenant, mark, first)

    def page_markers(
        self, tenant: str, walk: str, index: int
    ) -> Sequence[tuple[int, Mapping[str, object]]]:
        """Return all markers at the largest index up to `index`."""
        return page_markers.page_markers(self._table, tenant, walk, index)

    def sealing_key(self, tenant: str) -> bytes:
        """Return the tenant's secret for sealing cursors, up to REMEMBERED seconds old."""
        secret = self._seals.get(tenant)
        if secret is None:
            secret = page_markers.sealing_key(self._table, tenant)
            self._seals.keep(tenant, secret, REMEMBERED)
        return secret

    def spent(self) -> Cost:
        """Return the total cost of all calls so far."""
        return self.meter.reading()

    def is_built(self, tenant: str, type_name: str, attribute: str) -> bool:
        """Tell whether the build of a late index is complete; if so, this is up to REMEMBERED seconds old."""
        named = (tenant, type_name, attribute)
        if self._built.get(named):
            return True
        is_built = backfill.is_built(self._table, *named)
        if is_built:
            self._built.keep(named, value=True, seconds=REMEMBERED)
        return is_built

    def backfill(self, tenant: str, resource_type: ResourceType, index: Index) -> Iterator[int]:
        """Build a late index; yield the number of resources of each page."""
        return backfill.backfill(self._table, tenant, resource_type, index)
