"""A dry run of a write: it checks everything and stores nothing in the directory."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from scim.errors import Uniqueness
from scim.resource.access_path import AccessPath, Direction, EdgePage, IdPage, IndexValue
from scim.resource.change import Change, Creation, Deletion, Receipt, Update, counts_after
from scim.resource.overlay import (
    DELETED_MARKER,
    NO_OVERLAY_ENTRY,
    OverlayChange,
    OverlayEntry,
    content_of,
    edges_after,
    entry_after,
    links_moved,
    record_after,
    references_moved,
    resource_name,
    value_name,
)
from scim.resource.record import FIRST_VERSION, Entry, Key, Record, Stale
from scim.service.ports import Reads
from scim.service.visibility.forwarded_reads import ForwardedReads


class Overlay(Protocol):
    """What the changes of a dry run would have left, which its reads see over what is stored."""

    def read(self, names: Iterable[str]) -> Mapping[str, OverlayEntry]:
        """Return the entries of those of the names that have one."""

    def keep(self, overlay_changes: Sequence[OverlayChange], receipt: Receipt | None) -> None:
        """Store what a change leaves, with the receipt of its step, all or nothing.

        Raises Stale when content is based on an earlier revision, AlreadyMade when the step has a receipt.
        """

    def new_number(self) -> int:
        """Return a number that no resource has and that no other change of the dry run gets."""


class OverlayInMemory:
    """Implements the port `Overlay` for the operations of one request."""

    def __init__(self) -> None:
        self._entries: dict[str, OverlayEntry] = {}
        self._last_number = 0

    def read(self, names: Iterable[str]) -> Mapping[str, OverlayEntry]:
        return {name: self._entries[name] for name in names if name in self._entries}

    def keep(
        self,
        overlay_changes: Sequence[OverlayChange],
        receipt: Receipt | None,  # noqa: ARG002 - as the port
    ) -> None:
        for overlay_change in overlay_changes:
            earlier = self._entries.get(overlay_change.name, NO_OVERLAY_ENTRY)
            self._entries[overlay_change.name] = entry_after(earlier, overlay_change)

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

    def __init__(self, behind: Reads, overlay: Overlay) -> None:
        super().__init__(behind)
        self.changes: list[Change] = []
        self._overlay = overlay

    def read(self, tenant: str, key: Key) -> Record | None:
        return self.read_latest(tenant, [key]).get(key)

    def read_latest(self, tenant: str, keys: Iterable[Key]) -> Mapping[Key, Record]:
        all_keys = list(keys)
        stored = dict(self.behind.read_latest(tenant, all_keys)) if all_keys else {}
        for key, entry in self._entries(all_keys).items():
            record = record_after(key, stored.pop(key, None), entry)
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
            content = self._entry(value_name(path)).content
            if content is not None:
                holder = str(content["holder"])
                return IdPage([(holder, holder)] if holder else [])
        page = self.behind.ids(tenant, path, direction, beyond, limit)
        entries = self._entries(Key(path.type, id_) for id_ in page.ids)
        deleted = {key.id for key, entry in entries.items() if entry.content == DELETED_MARKER}
        return replace(
            page, positions=[place for place in page.positions if place[1] not in deleted]
        )

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
        return edges_after(source, attribute, page, self._entry(resource_name(source)))

    def edges_of(
        self, tenant: str, sources: Iterable[Key], attribute: str, limit: int
    ) -> Mapping[Key, EdgePage]:
        all_sources = list(sources)
        pages = dict(self.behind.edges_of(tenant, all_sources, attribute, limit))
        for source, entry in self._entries(all_sources).items():
            page = pages.get(source, EdgePage())
            pages[source] = edges_after(source, attribute, page, entry)
        return pages

    def next_number(self, tenant: str, type_name: str) -> int:  # noqa: ARG002 - as the port
        """Return a number that no resource has: issuing a real number would write to the store."""
        return self._overlay.new_number()

    def create(self, tenant: str, creation: Creation) -> int:
        key, now, edges = creation.key, creation.now, creation.edges
        values = [*self._values_moved(tenant, key, frozenset(), creation.entries)]
        counts = counts_after({}, edges)
        record = Record(key, FIRST_VERSION, now, now, creation.body, counts=counts)
        content = content_of(record, {}, edges)
        # A restored resource has been deleted before.
        revision = self._entry(resource_name(key)).revision if creation.restores else 0
        overlay_changes = [
            *values,
            OverlayChange(resource_name(key), content, revision),
            *links_moved(key, edges),
            *references_moved(key.type, frozenset(), creation.pointers),
        ]
        self._keep(creation, overlay_changes)
        return FIRST_VERSION

    def update(self, tenant: str, update: Update) -> int:
        before, edges = update.before, update.edges
        key, version = before.key, before.version + 1
        entry = self._current_entry(tenant, before)
        values = [*self._values_moved(tenant, key, update.entries_before, update.entries_after)]
        after = replace(
            before,
            version=version,
            last_modified=update.now,
            body=before.body if update.body is None else update.body,
            counts=counts_after(before.counts, edges),
        )
        overlay_changes = [
            *values,
            OverlayChange(
                resource_name(key), content_of(after, entry.nested, edges), entry.revision
            ),
            *links_moved(key, edges),
            *references_moved(key.type, update.pointers_before, update.pointers_after),
        ]
        self._keep(update, overlay_changes)
        return version

    def delete(self, tenant: str, deletion: Deletion) -> None:
        key = deletion.before.key
        entry = self._current_entry(tenant, deletion.before)
        overlay_changes = [
            *self._values_moved(tenant, key, deletion.entries, frozenset()),
            OverlayChange(resource_name(key), DELETED_MARKER, entry.revision),
            *references_moved(key.type, deletion.pointers, frozenset()),
        ]
        self._keep(deletion, overlay_changes)

    def _keep(self, change: Change, overlay_changes: Sequence[OverlayChange]) -> None:
        self._overlay.keep(overlay_changes, change.receipt)
        self.changes.append(change)

    def _entry(self, name: str) -> OverlayEntry:
        return self._overlay.read([name]).get(name, NO_OVERLAY_ENTRY)

    def _entries(self, keys: Iterable[Key]) -> dict[Key, OverlayEntry]:
        names = {resource_name(key): key for key in keys}
        entries = self._overlay.read(names) if names else {}
        return {names[name]: entry for name, entry in entries.items()}

    def _current_entry(self, tenant: str, before: Record) -> OverlayEntry:
        """Return the entry of a resource. Raises Stale when it has changed since it was read."""
        entry = self._entry(resource_name(before.key))
        stored = self.behind.read_latest(tenant, [before.key]).get(before.key)
        record = record_after(before.key, stored, entry)
        if record is None or record.version != before.version:
            raise Stale
        return entry

    def _values_moved(
        self, tenant: str, key: Key, before: frozenset[Entry], after: frozenset[Entry]
    ) -> Iterator[OverlayChange]:
        """Yield the unique values that a resource gets and gives up. Raises Uniqueness when one is taken."""
        entries = sorted(entry for entry in before ^ after if entry.is_unique)
        paths = {entry: IndexValue(key.type, entry.attribute, entry.value) for entry in entries}
        overlay_entries = self._overlay.read(map(value_name, paths.values())) if paths else {}
        for entry, path in paths.items():
            overlay_entry = overlay_entries.get(value_name(path), NO_OVERLAY_ENTRY)
            if overlay_entry.content is None:
                holders = self.behind.ids(tenant, path, Direction.UP, None, 1).ids
                holder = holders[0] if holders else ""
            else:
                holder = str(overlay_entry.content["holder"])
            if entry in after and holder not in ("", key.id):
                raise Uniqueness(f"The value of {entry.attribute} is already taken.")
            if entry in after or holder == key.id:
                content = {"holder": key.id if entry in after else ""}
                yield OverlayChange(value_name(path), content, overlay_entry.revision)
