"""A directory as a token with filters sees it: resources outside the filters do not exist.

Every use case works on it as on the whole directory, so that none can bypass the filters. The ids
in an index are not filtered: read here, those outside do not exist, and every query is planned
together with the token's filter anyway (`scim.service.visibility.queries`).
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from scim.errors import Forbidden
from scim.resource.access_path import (
    AccessPath,
    Direction,
    EdgePage,
    IdPage,
    IndexValue,
    RecordPage,
    RelationTargets,
    WalkMark,
)
from scim.resource.budget import RequestBudget
from scim.resource.change import Creation, Deletion, Update
from scim.resource.record import Edge, Key, Record
from scim.schema.catalogue import RelationNames
from scim.service.ports import Reads, Writes
from scim.service.visibility.forwarded_reads import ForwardedReads
from scim.service.visibility.visible import VisibilityCache, VisibleLinks

if TYPE_CHECKING:
    from scim.service.visibility.filters import TokenFilters


class FilteredDirectory(ForwardedReads):
    """Implements the port `Directory` on `behind` and `writes`; one object serves one request.

    It skips at most `most` resources outside the filters, however few it finds inside, and no more
    than the `budget` has room for.
    """

    def __init__(
        self,
        behind: Reads,
        writes: Writes,
        filters: "TokenFilters",
        most: int,
        budget: RequestBudget | None = None,
    ) -> None:
        super().__init__(behind)
        self._writes = writes
        self.filters = filters
        self._most = most
        self._cache = VisibilityCache(behind, filters, most, budget)

    def read(self, tenant: str, key: Key) -> Record | None:
        if self.filters.sees_none(key.type):
            return None
        record = self.behind.read(tenant, key)
        visible = self._cache.visible_records(tenant, [] if record is None else [record])
        return next(iter(visible), None)

    def read_latest(self, tenant: str, keys: Iterable[Key]) -> Mapping[Key, Record]:
        return self._read_visible(tenant, keys, self.behind.read_latest)

    def read_many(self, tenant: str, keys: Iterable[Key]) -> Mapping[Key, Record]:
        return self._read_visible(tenant, keys, self.behind.read_many)

    def count(self, tenant: str, type_name: str) -> int:
        if self.filters.sees_all(type_name):
            return self.behind.count(tenant, type_name)
        return self.skipped(tenant, type_name, None, self._most)[1]

    def edges(
        self,
        tenant: str,
        source: Key,
        attribute: str,
        direction: Direction,
        beyond: str | None,
        limit: int,
    ) -> EdgePage:
        if not self._cache.visible_keys(tenant, [source]):
            return EdgePage()
        page = self.behind.edges(tenant, source, attribute, direction, beyond, limit)
        targets = [edge.target for edge in page.edges]
        return _visible_edges(page, self._cache.visible_keys(tenant, targets))

    def edges_of(
        self, tenant: str, sources: Iterable[Key], attribute: str, limit: int
    ) -> Mapping[Key, EdgePage]:
        keys = self._cache.visible_keys(tenant, sources)
        pages = self.behind.edges_of(tenant, sorted(keys), attribute, limit)
        targets = [edge.target for page in pages.values() for edge in page.edges]
        visible_targets = self._cache.visible_keys(tenant, targets)
        return {key: _visible_edges(page, visible_targets) for key, page in pages.items()}

    def edges_between(
        self, tenant: str, pairs: Iterable[tuple[Key, str]], attribute: str
    ) -> Mapping[tuple[Key, str], Edge]:
        edges = self.behind.edges_between(tenant, pairs, attribute)
        ends = [key for (source, _), edge in edges.items() for key in (source, edge.target)]
        visible_ends = self._cache.visible_keys(tenant, ends)
        return {
            (source, id_): edge
            for (source, id_), edge in edges.items()
            if source in visible_ends and edge.target in visible_ends
        }

    def create(self, tenant: str, creation: Creation) -> int:
        new_record = Record(creation.key, 1, creation.now, creation.now, creation.body)
        self._require_inside(new_record)
        version = self._writes.create(tenant, creation)
        self._cache.note(creation.key)
        return version

    def update(self, tenant: str, update: Update) -> int:
        if update.body is not None:
            self._require_inside(replace(update.before, body=update.body))
        return self._writes.update(tenant, replace(update, before=_as_stored(update.before)))

    def delete(self, tenant: str, deletion: Deletion) -> None:
        self._writes.delete(tenant, replace(deletion, before=_as_stored(deletion.before)))

    def records(
        self,
        tenant: str,
        type_name: str,
        direction: Direction,
        beyond: str | None,
        limit: int,
        related: RelationNames | None = None,
    ) -> RecordPage:
        """Return the visible records of a page; an empty page only at the end of the list."""
        while not self.filters.sees_none(type_name):
            page = self.behind.records(tenant, type_name, direction, beyond, limit, related)
            visible = self._cache.visible_records(tenant, page.records)
            if visible or not page.has_more:
                return RecordPage(visible, page.has_more)
            beyond = page.records[-1].key.id
        return RecordPage()

    def skipped(
        self, tenant: str, type_name: str, after: str | None, number: int
    ) -> tuple[str | None, int]:
        if self.filters.sees_all(type_name):
            return self.behind.skipped(tenant, type_name, after, number)
        last_id, remaining = after, number
        while remaining:
            page = self.records(tenant, type_name, Direction.UP, last_id, remaining)
            if page.records:
                last_id = page.records[-1].key.id
                remaining -= len(page.records)
            if not page.has_more:
                break
        return last_id, number - remaining

    def ids(
        self,
        tenant: str,
        path: AccessPath,
        direction: Direction,
        beyond: str | None,
        limit: int,
    ) -> IdPage:
        if self.filters.sees_none(path.type):
            return IdPage()
        source = [path.source] if isinstance(path, RelationTargets) else []
        if source and not self._cache.visible_keys(tenant, source):
            return IdPage()
        return self.behind.ids(tenant, path, direction, beyond, limit)

    def visible_ids(self, tenant: str, path: IndexValue, limit: int) -> list[str]:
        """Return up to `limit` visible ids that an index holds under a value."""
        ids = self.behind.ids(tenant, path, Direction.UP, None, self._most).ids
        visible_keys = self._cache.visible_keys(tenant, [Key(path.type, id_) for id_ in ids])
        return [id_ for id_ in ids if Key(path.type, id_) in visible_keys][:limit]

    def mark(self, tenant: str, mark: WalkMark) -> None:
        self.behind.mark(tenant, replace(mark, walk=self._walk_of_filters(mark.walk)))

    def mark_last(self, tenant: str, mark: WalkMark, first: tuple[int, str, int]) -> None:
        self.behind.mark_last(tenant, replace(mark, walk=self._walk_of_filters(mark.walk)), first)

    def page_markers(
        self, tenant: str, walk: str, index: int
    ) -> Sequence[tuple[int, Mapping[str, object]]]:
        return self.behind.page_markers(tenant, self._walk_of_filters(walk), index)

    def sealing_key(self, tenant: str) -> bytes:
        """Return a key for these filters alone: cursors of tokens with other filters do not open."""
        key = self.behind.sealing_key(tenant)
        return hashlib.sha512(key + self.filters.text.encode()).digest()

    def _walk_of_filters(self, walk: str) -> str:
        return hashlib.sha256(f"{walk} {self.filters.text}".encode()).hexdigest()[: len(walk)]

    def _read_visible(
        self,
        tenant: str,
        keys: Iterable[Key],
        read: Callable[[str, Iterable[Key]], Mapping[Key, Record]],
    ) -> Mapping[Key, Record]:
        filtered_keys = [key for key in keys if not self.filters.sees_none(key.type)]
        records = read(tenant, filtered_keys) if filtered_keys else {}
        visible = self._cache.visible_records(tenant, records.values())
        return {record.key: record for record in visible}

    def _require_inside(self, record: Record) -> None:
        if not self.filters.holds(record):
            raise Forbidden(
                f"The {record.key.type} would be outside the filter of these credentials;"
                " nothing was changed."
            )


def _visible_edges(page: EdgePage, visible_targets: frozenset[Key]) -> EdgePage:
    return EdgePage([edge for edge in page.edges if edge.target in visible_targets], page.beyond)


def _as_stored(record: Record) -> Record:
    """Return the record as stored."""
    links = record.links
    return replace(record, links=links.stored) if isinstance(links, VisibleLinks) else record
