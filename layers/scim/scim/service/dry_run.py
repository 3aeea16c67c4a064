"""A dry run of a write: it checks everything and stores nothing."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from scim.resource.access_path import AccessPath, Direction, IdPage, IndexValue
from scim.resource.change import Creation, Deletion, Receipt, Update, counts_after
from scim.resource.record import Entry, Key, Link, Pointer, Record, Stale
from scim.service.jobs.step_writes import Change, DryRunValues, DryRunWrites
from scim.service.ports import Directory
from scim.service.visibility.forwarded_reads import ForwardedReads

_NOWHERE = Receipt("", 0, 0, {})


class DryRunDirectory(ForwardedReads):
    """Implements the port `Directory` over another directory, which does not change.

    Later operations see the resources as earlier ones would have left them, so that the operations
    of a bulk request can be tried together. Of relations and of references from other resources only the
    counts are updated.
    `changes` are the changes that would be made, in order.
    """

    def __init__(self, behind: Directory) -> None:
        super().__init__(behind)
        self.changes: list[Change] = []
        self._after: dict[Key, Record | None] = {}
        self._taken: dict[tuple[str, Entry], str] = {}
        self._freed: set[tuple[str, Entry]] = set()

    def read(self, tenant: str, key: Key) -> Record | None:
        return self._after[key] if key in self._after else self.behind.read(tenant, key)

    def read_latest(self, tenant: str, keys: Iterable[Key]) -> Mapping[Key, Record]:
        all_keys = list(keys)
        unchanged_keys = [key for key in all_keys if key not in self._after]
        stored = dict(self.behind.read_latest(tenant, unchanged_keys)) if unchanged_keys else {}
        changed = {key: self._after[key] for key in all_keys if key in self._after}
        return stored | {key: record for key, record in changed.items() if record is not None}

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
        page = self.behind.ids(tenant, path, direction, beyond, limit)
        deleted_keys = {key for key, record in self._after.items() if record is None}
        positions = [
            (position, id_)
            for position, id_ in page.positions
            if Key(path.type, id_) not in deleted_keys
        ]
        if isinstance(path, IndexValue):
            entry = Entry(path.attribute, path.value, is_unique=True)
            holder = self._taken.get((path.type, entry))
            if holder is not None:
                positions = [(holder, holder)]
            elif (path.type, entry) in self._freed:
                positions = []
        return replace(page, positions=positions)

    def next_number(self, tenant: str, type_name: str) -> int:  # noqa: ARG002 - as the port
        """Return 0, a number no resource has: issuing a real number would write to the store."""
        return 0

    def create(self, tenant: str, creation: Creation) -> int:
        version = self._checked(creation.key.type).create(tenant, creation)
        self._take(creation.key, creation.entries, frozenset())
        counts = counts_after({}, creation.edges)
        now = creation.now
        after = Record(creation.key, version, now, now, creation.body, counts=counts)
        self._after[creation.key] = after
        self._point(tenant, creation.key.type, creation.pointers, frozenset())
        return version

    def update(self, tenant: str, update: Update) -> int:
        before = self._found(tenant, update.before)
        version = self._checked(before.key.type).update(tenant, update)
        self._take(before.key, update.entries_after, update.entries_before)
        body = before.body if update.body is None else update.body
        counts = counts_after(before.counts, update.edges)
        self._after[before.key] = replace(
            before, version=version, last_modified=update.now, body=body, counts=counts, text=""
        )
        self._point(tenant, before.key.type, update.pointers_after, update.pointers_before)
        return version

    def delete(self, tenant: str, deletion: Deletion) -> None:
        before = self._found(tenant, deletion.before)
        self._checked(before.key.type).delete(tenant, deletion)
        self._take(before.key, frozenset(), deletion.entries)
        self._after[before.key] = None
        self._point(tenant, before.key.type, frozenset(), deletion.pointers)

    def _found(self, tenant: str, before: Record) -> Record:
        record = self.read_latest(tenant, [before.key]).get(before.key)
        if record is None or record.version != before.version:
            raise Stale
        return before

    def _checked(self, type_name: str) -> DryRunWrites:
        values = DryRunValues(
            lambda entry: (type_name, entry) not in self._taken,
            lambda entry: self._freed.add((type_name, entry)),
            lambda entry: (type_name, entry) in self._freed,
        )

        def note(change: Change) -> Receipt:
            self.changes.append(change)
            return _NOWHERE

        return DryRunWrites(self, note, values)

    def _point(
        self, tenant: str, type_name: str, after: Collection[Pointer], before: Collection[Pointer]
    ) -> None:
        """Count on the targets that a resource of the type refers to those `after`, no longer to those `before`."""
        for pointer in {*after} ^ {*before}:
            target = self.read_latest(tenant, [pointer.target]).get(pointer.target)
            if target is None:
                continue
            link = Link(type_name, pointer.attribute)
            number = target.referrers.get(link, 0) + (1 if pointer in after else -1)
            others = {name: count for name, count in target.referrers.items() if name != link}
            self._after[target.key] = replace(
                target, referrers={**others, link: number} if number else others
            )

    def _take(self, key: Key, after: Iterable[Entry], before: Iterable[Entry]) -> None:
        freed = {(key.type, entry) for entry in before if entry.is_unique}
        taken = {(key.type, entry) for entry in after if entry.is_unique}
        stays = {entry: id_ for entry, id_ in self._taken.items() if entry not in freed}
        self._taken = stays | dict.fromkeys(taken, key.id)
        self._freed -= taken
