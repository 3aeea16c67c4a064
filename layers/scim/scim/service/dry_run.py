"""A dry run of a write: it checks everything, stores nothing, and reports what would change."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from scim.patch.key import ValueKey
from scim.patch.operation import PatchOperation
from scim.patch.target import Target
from scim.resource.access_path import AccessPath, Direction, IdPage
from scim.resource.change import Creation, Deletion, EdgeDelta, Receipt, Update
from scim.resource.projection import Projection
from scim.resource.record import Entry, Key, Record, Stale
from scim.resource.secret import without_parts
from scim.schema.resource_type import AttributeRef
from scim.service.endpoint import Endpoint
from scim.service.jobs.step_writes import Change, DryRunWrites
from scim.service.ports import Directory
from scim.service.resources.view import plain_view
from scim.service.visibility.forwarded_reads import ForwardedReads
from scim.service.visibility.references import without_unseen
from scim.service.visibility.restrict import visible_count

_NOWHERE = Receipt("", 0, 0, {})
_NOT_COMPARED = frozenset({"schemas", "id", "meta"})


class DryRunDirectory(ForwardedReads):
    """Implements the port `Directory` over another directory, which does not change.

    Later operations see the resources as earlier ones would have left them, so that the operations
    of a bulk request can be tried together. Of relations only the counts are updated.
    `changes` are the changes that would be made, in order.
    """

    def __init__(self, behind: Directory) -> None:
        super().__init__(behind)
        self.changes: list[Change] = []
        self._after: dict[Key, Record | None] = {}
        self._taken: set[tuple[str, Entry]] = set()

    def read(self, tenant: str, key: Key) -> Record | None:
        return self._after[key] if key in self._after else self.behind.read(tenant, key)

    def read_latest(self, tenant: str, keys: Iterable[Key]) -> Mapping[Key, Record]:
        wanted = list(keys)
        real = [key for key in wanted if key not in self._after]
        found = dict(self.behind.read_latest(tenant, real)) if real else {}
        changed = {key: self._after[key] for key in wanted if key in self._after}
        return found | {key: record for key, record in changed.items() if record is not None}

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
        gone = {key.id for key, record in self._after.items() if record is None}
        return replace(page, positions=[each for each in page.positions if each[1] not in gone])

    def next_number(self, tenant: str, type_name: str) -> int:  # noqa: ARG002 - as the port
        """Return 0, a number no resource has: issuing a real number would write to the store."""
        return 0

    def create(self, tenant: str, creation: Creation) -> int:
        version = self._checked(creation.key.type).create(tenant, creation)
        self._take(creation.key, creation.entries, frozenset())
        counts = {delta.attribute: len(delta.added) for delta in creation.edges}
        now = creation.now
        after = Record(creation.key, version, now, now, creation.body, counts=counts)
        self._after[creation.key] = after
        return version

    def update(self, tenant: str, update: Update) -> int:
        before = self._found(tenant, update.before)
        version = self._checked(before.key.type).update(tenant, update)
        self._take(before.key, update.entries_after, update.entries_before)
        body = before.body if update.body is None else update.body
        counts = dict(before.counts)
        for delta in update.edges:
            grown = len(delta.added) - len(delta.removed)
            counts[delta.attribute] = counts.get(delta.attribute, 0) + grown
        after = replace(before, version=version, last_modified=update.now, body=body, text="")
        self._after[before.key] = replace(after, counts=counts)
        return version

    def delete(self, tenant: str, deletion: Deletion) -> None:
        before = self._found(tenant, deletion.before)
        self._checked(before.key.type).delete(tenant, deletion)
        self._take(before.key, frozenset(), deletion.entries)
        self._after[before.key] = None

    def _found(self, tenant: str, before: Record) -> Record:
        found = self.read_latest(tenant, [before.key]).get(before.key)
        if found is None or found.version != before.version:
            raise Stale
        return before

    def _checked(self, type_name: str) -> DryRunWrites:
        def is_free(entry: Entry) -> bool:
            return (type_name, entry) not in self._taken

        def note(change: Change) -> Receipt:
            self.changes.append(change)
            return _NOWHERE

        return DryRunWrites(self, note, is_free)

    def _take(self, key: Key, after: Iterable[Entry], before: Iterable[Entry]) -> None:
        gone = {(key.type, entry) for entry in before if entry.is_unique}
        come = {(key.type, entry) for entry in after if entry.is_unique}
        self._taken = (self._taken - gone) | come


def change_json(endpoint: Endpoint, change: Change) -> dict[str, object] | None:
    """Return what a change does, as far as the caller of the endpoint may see it; None if it sees nothing of it.

    `diff` lists each changed attribute with its value `before` and `after`, and for a relation the
    ids `added` and `removed`. For a deletion it lists only the sizes of the relations.
    """
    key, before, after = key_of(change), None, None
    if isinstance(change, Creation):
        after = Record(key, 1, change.now, change.now, change.body)
    elif isinstance(change, Update):
        before, body = change.before, change.body
        after = before if body is None else replace(before, body=body, text="")
        if not change.edges and _looks_the_same(endpoint, before, after):
            return None
    shown: dict[str, object] = {"resourceType": key.type, "operation": _operation(change)}
    if not isinstance(change, Creation):
        shown |= {"id": key.id, "location": endpoint.location_of(*key)}
    if isinstance(change, Deletion):
        counts = {
            name: visible_count(endpoint, change.before, name) for name in change.before.counts
        }
        sizes = [{"path": name, "removed": number} for name, number in counts.items() if number]
        return {**shown, "diff": sizes}
    diff = [*_differences(_flat(endpoint, before), _flat(endpoint, after))]
    return {**shown, "diff": [*diff, *map(_of_relation, change.edges)]}


def _looks_the_same(endpoint: Endpoint, before: Record, after: Record) -> bool:
    """Return whether only values changed that name what the caller does not see; a secret is no such value."""
    # One at a time: both have the same key.
    (seen_before,), (seen_after,) = (without_unseen(endpoint, [each]) for each in (before, after))
    return seen_before.body == seen_after.body


def key_of(change: Change) -> Key:
    """Return the key of the resource that a change creates, updates or deletes."""
    return change.key if isinstance(change, Creation) else change.before.key


def _operation(change: Change) -> str:
    return {Creation: "create", Update: "update", Deletion: "delete"}[type(change)]


def _of_relation(delta: EdgeDelta) -> dict[str, object]:
    added = [edge.target.id for edge in delta.added]
    return {
        "path": delta.attribute,
        **({"added": added} if added else {}),
        **({"removed": [key.id for key in delta.removed]} if delta.removed else {}),
    }


def _flat(endpoint: Endpoint, record: Record | None) -> dict[str, object]:
    """Return the attributes the caller may see by path; each attribute of an extension has its own path."""
    if record is None:
        return {}
    type_ = endpoint.resource_type
    links = endpoint.catalogue.back_links_of(type_.name)
    unseen = [relation.attribute for relation in type_.relations] + [x.attribute for x in links]
    (seen,) = without_unseen(endpoint, [record])
    shown = Projection.of(type_, excluded_attributes=unseen).shown(plain_view(endpoint, seen))
    flat: dict[str, object] = {}
    for name, value in shown.items():
        if name.startswith("urn:") and isinstance(value, Mapping):
            flat |= {f"{name}:{part}": each for part, each in value.items()}
        elif name not in _NOT_COMPARED:
            flat[name] = value
    return flat


def _differences(
    before: Mapping[str, object], after: Mapping[str, object]
) -> Iterable[dict[str, object]]:
    for path in sorted(before.keys() | after.keys()):
        held = {"before": before.get(path), "after": after.get(path)}
        if held["before"] != held["after"]:
            yield {"path": path, **{name: v for name, v in held.items() if v is not None}}


def operations_json(operations: Iterable[PatchOperation]) -> list[dict[str, object]]:
    """Return the plain operations of a PATCH as JSON, without secret values."""
    return [
        {
            "op": str(each.op),
            **({} if each.path is None else {"path": str(each.path)}),
            **({} if (value := _value_shown(each)) is None else {"value": value}),
        }
        for each in operations
    ]


def _value_shown(operation: PatchOperation) -> object:
    match operation.path:
        case (
            Target(ref=ref) | ValueKey(name=AttributeRef() as ref) | ValueKey(meant=Target(ref=ref))
        ):
            hidden = (
                []
                if ref.sub
                else [sub.name for sub in ref.attribute.sub_attributes if sub.is_secret]
            )
            is_secret = ref.leaf.is_secret
            return None if is_secret else without_parts(operation.value, hidden)
        case _:
            return None
