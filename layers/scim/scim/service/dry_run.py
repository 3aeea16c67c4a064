"""A dry run of a write: it checks everything and stores nothing in the directory."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from scim.errors import Uniqueness
from scim.resource.access_path import AccessPath, Direction, EdgePage, IdPage, IndexValue
from scim.resource.change import Change, Creation, Deletion, Receipt, Update, counts_after
from scim.resource.imagined import (
    DELETED,
    NOTHING_IMAGINED,
    Imagined,
    Imagining,
    content_of,
    edges_after,
    imagined_after,
    links_moved,
    record_after,
    references_moved,
    resource_name,
    value_name,
)
from scim.resource.record import FIRST_VERSION, Entry, Key, Record, Stale
from scim.service.ports import Reads
from scim.service.visibility.forwarded_reads import ForwardedReads


class Imagination(Protocol):
    """Where a dry run notes what its changes would have left."""

    def read(self, names: Iterable[str]) -> Mapping[str, Imagined]:
        """Return what is noted under those of the names that have something."""

    def keep(self, imaginings: Sequence[Imagining], receipt: Receipt | None) -> None:
        """Note what a change leaves, with the receipt of its step, all or nothing.

        Raises Stale when content is based on an earlier revision, AlreadyMade when the step has a receipt.
        """

    def new_number(self) -> int:
        """Return a number that no resource has and that no other change of the dry run gets."""


class ImaginationInMemory:
    """Implements the port `Imagination` for the operations of one request."""

    def __init__(self) -> None:
        self._imagined: dict[str, Imagined] = {}
        self._last_number = 0

    def read(self, names: Iterable[str]) -> Mapping[str, Imagined]:
        return {name: self._imagined[name] for name in names if name in self._imagined}

    def keep(
        self,
        imaginings: Sequence[Imagining],
        receipt: Receipt | None,  # noqa: ARG002 - as the port
    ) -> None:
        for imagining in imaginings:
            earlier = self._imagined.get(imagining.name, NOTHING_IMAGINED)
            self._imagined[imagining.name] = imagined_after(earlier, imagining)

    def new_number(self) -> int:
        # The numbers of resources begin with 1.
        self._last_number -= 1
        return self._last_number


class DryRunDirectory(ForwardedReads):
    """Implements the port `Directory` over another directory, which does not change.

    Later operations see the resources as earlier ones would have left them, so that the operations
    of a bulk request or an import can be tried together. Of relations they see the values of the resource's own
    type, which could make a circle, and how many others there are. `changes` are the changes that would be
    made, in order.
    """

    def __init__(self, behind: Reads, imagination: Imagination) -> None:
        super().__init__(behind)
        self.changes: list[Change] = []
        self._imagination = imagination

    def read(self, tenant: str, key: Key) -> Record | None:
        return self.read_latest(tenant, [key]).get(key)

    def read_latest(self, tenant: str, keys: Iterable[Key]) -> Mapping[Key, Record]:
        all_keys = list(keys)
        stored = dict(self.behind.read_latest(tenant, all_keys)) if all_keys else {}
        for key, imagined in self._imagined(all_keys).items():
            record = record_after(key, stored.pop(key, None), imagined)
            if record is not None:
                stored[key] = record
        return stored

    def read_many(self, tenant: str, keys: Iterable[Key]) -> Mapping[Key, Record]:
        return self.read_latest(tenant, keys)

    def ids(
        self,
        tenant: str,
        path: AccessPath,
        direction: Direction,
        beyond: str | None,
        limit: int,
    ) -> IdPage:
        if isinstance(path, IndexValue):
            content = self._noted(value_name(path)).content
            if content is not None:
                holder = str(content["holder"])
                return IdPage([(holder, holder)] if holder else [])
        page = self.behind.ids(tenant, path, direction, beyond, limit)
        imagined = self._imagined(Key(path.type, id_) for id_ in page.ids)
        gone = {key.id for key, of_key in imagined.items() if of_key.content == DELETED}
        return replace(page, positions=[place for place in page.positions if place[1] not in gone])

    def edges(
        self,
        tenant: str,
        source: Key,
        attribute: str,
        direction: Direction,
        beyond: str | None,
        limit: int,
    ) -> EdgePage:
        page = self.behind.edges(tenant, source, attribute, direction, beyond, limit)
        return edges_after(source, attribute, page, self._noted(resource_name(source)))

    def edges_of(
        self, tenant: str, sources: Iterable[Key], attribute: str, limit: int
    ) -> Mapping[Key, EdgePage]:
        all_sources = list(sources)
        pages = dict(self.behind.edges_of(tenant, all_sources, attribute, limit))
        for source, imagined in self._imagined(all_sources).items():
            page = pages.get(source, EdgePage())
            pages[source] = edges_after(source, attribute, page, imagined)
        return pages

    def next_number(self, tenant: str, type_name: str) -> int:  # noqa: ARG002 - as the port
        """Return a number that no resource has: issuing a real number would write to the store."""
        return self._imagination.new_number()

    def create(self, tenant: str, creation: Creation) -> int:
        key, now, edges = creation.key, creation.now, creation.edges
        values = [*self._values_moved(tenant, key, frozenset(), creation.entries)]
        counts = counts_after({}, edges)
        record = Record(key, FIRST_VERSION, now, now, creation.body, counts=counts)
        content = content_of(record, {}, edges)
        # A restored resource has been deleted before.
        revision = self._noted(resource_name(key)).revision if creation.restores else 0
        imaginings = [
            *values,
            Imagining(resource_name(key), content, revision),
            *links_moved(key, edges),
            *references_moved(key.type, frozenset(), creation.pointers),
        ]
        self._keep(creation, imaginings)
        return FIRST_VERSION

    def update(self, tenant: str, update: Update) -> int:
        before, edges = update.before, update.edges
        key, version = before.key, before.version + 1
        imagined = self._current(tenant, before)
        values = [*self._values_moved(tenant, key, update.entries_before, update.entries_after)]
        after = replace(
            before,
            version=version,
            last_modified=update.now,
            body=before.body if update.body is None else update.body,
            counts=counts_after(before.counts, edges),
        )
        imaginings = [
            *values,
            Imagining(
                resource_name(key), content_of(after, imagined.nested, edges), imagined.revision
            ),
            *links_moved(key, edges),
            *references_moved(key.type, update.pointers_before, update.pointers_after),
        ]
        self._keep(update, imaginings)
        return version

    def delete(self, tenant: str, deletion: Deletion) -> None:
        key = deletion.before.key
        imagined = self._current(tenant, deletion.before)
        imaginings = [
            *self._values_moved(tenant, key, deletion.entries, frozenset()),
            Imagining(resource_name(key), DELETED, imagined.revision),
            *references_moved(key.type, deletion.pointers, frozenset()),
        ]
        self._keep(deletion, imaginings)

    def _keep(self, change: Change, imaginings: Sequence[Imagining]) -> None:
        self._imagination.keep(imaginings, change.receipt)
        self.changes.append(change)

    def _noted(self, name: str) -> Imagined:
        return self._imagination.read([name]).get(name, NOTHING_IMAGINED)

    def _imagined(self, keys: Iterable[Key]) -> dict[Key, Imagined]:
        names = {resource_name(key): key for key in keys}
        imagined = self._imagination.read(names) if names else {}
        return {names[name]: of_name for name, of_name in imagined.items()}

    def _current(self, tenant: str, before: Record) -> Imagined:
        """Return what is noted of a resource. Raises Stale when it has changed since it was read."""
        imagined = self._noted(resource_name(before.key))
        stored = self.behind.read_latest(tenant, [before.key]).get(before.key)
        record = record_after(before.key, stored, imagined)
        if record is None or record.version != before.version:
            raise Stale
        return imagined

    def _values_moved(
        self, tenant: str, key: Key, before: frozenset[Entry], after: frozenset[Entry]
    ) -> Iterator[Imagining]:
        """Yield the unique values that a resource gets and gives up. Raises Uniqueness when one is taken."""
        entries = sorted(entry for entry in before ^ after if entry.is_unique)
        paths = {entry: IndexValue(key.type, entry.attribute, entry.value) for entry in entries}
        imagined = self._imagination.read(map(value_name, paths.values())) if paths else {}
        for entry, path in paths.items():
            noted = imagined.get(value_name(path), NOTHING_IMAGINED)
            if noted.content is None:
                holders = self.behind.ids(tenant, path, Direction.UP, None, 1).ids
                holder = holders[0] if holders else ""
            else:
                holder = str(noted.content["holder"])
            if entry in after and holder not in ("", key.id):
                raise Uniqueness(f"The value of {entry.attribute} is already taken.")
            if entry in after or holder == key.id:
                content = {"holder": key.id if entry in after else ""}
                yield Imagining(value_name(path), content, noted.revision)
