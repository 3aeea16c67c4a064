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
        if self.filters.is_blind(key.type):
            return None
        record = self.behind.read(tenant, key)
        return next(iter(self._cache.inside(tenant, [] if record is None else [record])), None)

    def read_latest(self, tenant: str, keys: Iterable[Key]) -> Mapping[Key, Record]:
        return self._looked_up(tenant, keys, self.behind.read_latest)

    def read_many(self, tenant: str, keys: Iterable[Key]) -> Mapping[Key, Record]:
        return self._looked_up(tenant, keys, self.behind.read_many)

    def count(self, tenant: str, type_name: str) -> int:
        if self.filters.is_whole(type_name):
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
        if not self._cache.seen(tenant, [source]):
            return EdgePage()
        page = self.behind.edges(tenant, source, attribute, direction, beyond, limit)
        return _within(page, self._cache.seen(tenant, [edge.target for edge in page.edges]))

    def edges_of(
        self, tenant: str, sources: Iterable[Key], attribute: str, limit: int
    ) -> Mapping[Key, EdgePage]:
        keys = self._cache.seen(tenant, sources)
        pages = self.behind.edges_of(tenant, sorted(keys), attribute, limit)
        targets = [edge.target for page in pages.values() for edge in page.edges]
        inside = self._cache.seen(tenant, targets)
        return {key: _within(page, inside) for key, page in pages.items()}

    def edges_between(
        self, tenant: str, pairs: Iterable[tuple[Key, str]], attribute: str
    ) -> Mapping[tuple[Key, str], Edge]:
        found = self.behind.edges_between(tenant, pairs, attribute)
        ends = [key for (source, _), edge in found.items() for key in (source, edge.target)]
        inside = self._cache.seen(tenant, ends)
        return {
            (source, id_): edge
            for (source, id_), edge in found.items()
            if source in inside and edge.target in inside
        }

    def create(self, tenant: str, creation: Creation) -> int:
        new = Record(creation.key, 1, creation.now, creation.now, creation.body)
        self._require_inside(new)
        version = self._writes.create(tenant, creation)
        self._cache.note(creation.key)
        return version

    def update(self, tenant: str, update: Update) -> int:
        if update.body is not None:
            self._require_inside(replace(update.before, body=update.body))
        return self._writes.update(tenant, replace(update, before=_whole(update.before)))

    def delete(self, tenant: str, deletion: Deletion) -> None:
        self._writes.delete(tenant, replace(deletion, before=_whole(deletion.before)))

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
        while not self.filters.is_blind(type_name):
            page = self.behind.records(tenant, type_name, direction, beyond, limit, related)
            inside = self._cache.inside(tenant, page.records)
            if inside or not page.has_more:
                return RecordPage(inside, page.has_more)
            beyond = page.records[-1].key.id
        return RecordPage()

    def skipped(
        self, tenant: str, type_name: str, after: str | None, number: int
    ) -> tuple[str | None, int]:
        if self.filters.is_whole(type_name):
            return self.behind.skipped(tenant, type_name, after, number)
        place, left = after, number
        while left:
            page = self.records(tenant, type_name, Direction.UP, place, left)
            if page.records:
                place = page.records[-1].key.id
                left -= len(page.records)
            if not page.has_more:
                break
        return place, number - left

    def ids(
        self,
        tenant: str,
        path: AccessPath,
        direction: Direction,
        beyond: str | None,
        limit: int,
    ) -> IdPage:
        if self.filters.is_blind(path.type):
            return IdPage()
        if isinstance(path, RelationTargets) and not self._cache.seen(tenant, [path.source]):
            return IdPage()
        return self.behind.ids(tenant, path, direction, beyond, limit)

    def visible_ids(self, tenant: str, path: IndexValue, limit: int) -> list[str]:
        """Return up to `limit` visible ids that an index holds under a value."""
        found = self.behind.ids(tenant, path, Direction.UP, None, self._most).ids
        inside = self._cache.seen(tenant, [Key(path.type, id_) for id_ in found])
        return [id_ for id_ in found if Key(path.type, id_) in inside][:limit]

    def mark(self, tenant: str, mark: WalkMark) -> None:
        self.behind.mark(tenant, replace(mark, walk=self._own(mark.walk)))

    def mark_last(self, tenant: str, mark: WalkMark, first: tuple[int, str, int]) -> None:
        self.behind.mark_last(tenant, replace(mark, walk=self._own(mark.walk)), first)

    def page_markers(
        self, tenant: str, walk: str, index: int
    ) -> Sequence[tuple[int, Mapping[str, object]]]:
        return self.behind.page_markers(tenant, self._own(walk), index)

    def sealing_key(self, tenant: str) -> bytes:
        """Return a key for these filters alone: cursors of tokens with other filters do not open."""
        key = self.behind.sealing_key(tenant)
        return hashlib.sha512(key + self.filters.text.encode()).digest()

    def _own(self, walk: str) -> str:
        return hashlib.sha256(f"{walk} {self.filters.text}".encode()).hexdigest()[: len(walk)]

    def _looked_up(
        self,
        tenant: str,
        keys: Iterable[Key],
        read: Callable[[str, Iterable[Key]], Mapping[Key, Record]],
    ) -> Mapping[Key, Record]:
        wanted = [key for key in keys if not self.filters.is_blind(key.type)]
        found = read(tenant, wanted) if wanted else {}
        return {record.key: record for record in self._cache.inside(tenant, found.values())}

    def _require_inside(self, record: Record) -> None:
        if not self.filters.holds(record):
            raise Forbidden(
                f"The {record.key.type} would be outside the filter of these credentials;"
                " nothing was changed."
            )


def _within(page: EdgePage, inside: frozenset[Key]) -> EdgePage:
    return EdgePage([edge for edge in page.edges if edge.target in inside], page.beyond)


def _whole(record: Record) -> Record:
    """Return the record as stored."""
    links = record.links
    return replace(record, links=links.stored) if isinstance(links, VisibleLinks) else record
