"""Reads forwarded to another directory; a subclass overrides those that it changes."""

from collections.abc import Iterable, Mapping, Sequence

from scim.resource.access_path import AccessPath, Direction, EdgePage, IdPage, RecordPage, WalkMark
from scim.resource.record import Edge, Kept, Key, Record
from scim.schema.catalogue import RelationNames
from scim.service.ports import Reads, Spending


class ForwardedReads:
    """Implements the port `Reads` on `behind`."""

    def __init__(self, behind: Reads) -> None:
        self.behind = behind

    def read(self, tenant: str, key: Key) -> Record | None:
        return self.behind.read(tenant, key)

    def read_latest(self, tenant: str, keys: Iterable[Key]) -> Mapping[Key, Record]:
        return self.behind.read_latest(tenant, keys)

    def read_many(self, tenant: str, keys: Iterable[Key]) -> Mapping[Key, Record]:
        return self.behind.read_many(tenant, keys)

    def read_named(self, tenant: str, keys: Iterable[Key]) -> Mapping[Key, Record]:
        # Not the remembered records of `behind`: a subclass that changes `read_many` changes these, too.
        return self.read_many(tenant, keys)

    def records(
        self,
        tenant: str,
        type_name: str,
        direction: Direction,
        beyond: str | None,
        limit: int,
        related: RelationNames | None = None,
    ) -> RecordPage:
        return self.behind.records(tenant, type_name, direction, beyond, limit, related)

    def skipped(
        self, tenant: str, type_name: str, after: str | None, number: int
    ) -> tuple[str | None, int]:
        return self.behind.skipped(tenant, type_name, after, number)

    def count(self, tenant: str, type_name: str) -> int:
        return self.behind.count(tenant, type_name)

    def ids(
        self,
        tenant: str,
        path: AccessPath,
        direction: Direction,
        beyond: str | None,
        limit: int,
    ) -> IdPage:
        return self.behind.ids(tenant, path, direction, beyond, limit)

    def edges(
        self,
        tenant: str,
        source: Key,
        attribute: str,
        direction: Direction,
        beyond: str | None,
        limit: int,
    ) -> EdgePage:
        return self.behind.edges(tenant, source, attribute, direction, beyond, limit)

    def edges_of(
        self, tenant: str, sources: Iterable[Key], attribute: str, limit: int
    ) -> Mapping[Key, EdgePage]:
        return self.behind.edges_of(tenant, sources, attribute, limit)

    def edges_between(
        self, tenant: str, pairs: Iterable[tuple[Key, str]], attribute: str
    ) -> Mapping[tuple[Key, str], Edge]:
        return self.behind.edges_between(tenant, pairs, attribute)

    def linked_after_deletion(self, tenant: str) -> frozenset[Key]:
        return self.behind.linked_after_deletion(tenant)

    def nesting(self, tenant: str, type_name: str, attribute: str, now: str) -> int:
        return self.behind.nesting(tenant, type_name, attribute, now)

    def is_nested(self, tenant: str, type_name: str, attribute: str) -> bool:
        return self.behind.is_nested(tenant, type_name, attribute)

    def settle(self, tenant: str, key: Key, now: str) -> None:
        self.behind.settle(tenant, key, now)

    def kept(self, tenant: str, key: Key, now: str) -> Kept | None:
        return self.behind.kept(tenant, key, now)

    def next_number(self, tenant: str, type_name: str) -> int:
        return self.behind.next_number(tenant, type_name)

    def is_built(self, tenant: str, type_name: str, attribute: str) -> bool:
        return self.behind.is_built(tenant, type_name, attribute)

    def spent(self) -> Spending:
        return self.behind.spent()

    def mark(self, tenant: str, mark: WalkMark) -> None:
        self.behind.mark(tenant, mark)

    def mark_last(self, tenant: str, mark: WalkMark, first: tuple[int, str, int]) -> None:
        self.behind.mark_last(tenant, mark, first)

    def page_markers(
        self, tenant: str, walk: str, index: int
    ) -> Sequence[tuple[int, Mapping[str, object]]]:
        return self.behind.page_markers(tenant, walk, index)

    def sealing_key(self, tenant: str) -> bytes:
        return self.behind.sealing_key(tenant)
