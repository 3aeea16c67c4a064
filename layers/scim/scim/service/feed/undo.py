"""Undo of writes: operations computed from the log that revert what nobody has changed since.

Each operation names the version it is based on. Where somebody else has since changed the same attribute
or edge, or a resource that is to be deleted, it names the version of the undone write: the service
refuses it with 412, which reports the conflict and changes nothing.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Final

from scim.resource.body import schemas_of
from scim.resource.history.log_entry import LogEntry
from scim.resource.record import Key
from scim.schema.catalogue import Catalogue
from scim.schema.message_uri import PATCH_OP_URN
from scim.schema.resource_type import ResourceType
from scim.schema.schema import AttributeType
from scim.service.bulk.waves import Mark, unique_values
from scim.service.feed.ports import LoggedChanges
from scim.service.feed.recreations import Recreations
from scim.service.feed.trace import Edge, Trace, traces_of
from scim.service.feed.undo_order import (
    Claim,
    Operation,
    names_freed_first,
    referred_ids,
    referrers_first,
)
from scim.service.messages import etag_of

_UNDONE: Final = {"+": "remove", "-": "add"}


@dataclass(frozen=True, slots=True)
class UndoneWrites:
    """The writes to undo: those of a request or job, or those of a token in a span of time.

    `token` is the id of one token, or an owner with all its tokens: those of a client or an issuer last an hour each.
    `since` (inclusive) and `until` (exclusive) are RFC 3339.
    """

    transaction: str = ""
    token: str = ""
    since: str = ""
    until: str = ""

    def hold(self, entry: LogEntry) -> bool:
        """Tell whether an entry is one of these writes."""
        if self.transaction:
            return entry.origin.transaction == self.transaction
        moment = datetime.fromisoformat(entry.at)
        is_within = (
            datetime.fromisoformat(self.since) <= moment < datetime.fromisoformat(self.until)
        )
        return self.token in (entry.origin.token, entry.origin.owner) and is_within


@dataclass(frozen=True, slots=True)
class Moved:
    """The restored resources, and the created ones that are deleted before others are changed back.

    Both change the groups that they are in by themselves, which makes new versions of these.
    """

    restored: frozenset[Key]
    leaving: frozenset[Key]

    def changes(self, trace: Trace) -> bool:
        """Tell whether the resource has another version by then than the log says."""
        targets = {_target_of(edge) for edge in (*trace.edges, *trace.passed)}
        return trace.key in self.restored or not targets.isdisjoint(self.restored | self.leaving)

    def edges_of(self, trace: Trace) -> dict[Edge, str]:
        """Return the edges to change back: also those that return with a restored resource."""
        returning = {
            edge: "+" for edge in sorted(trace.passed) if _target_of(edge) in self.restored
        }
        return {
            edge: sign
            for edge, sign in (returning | trace.edges).items()
            if sign == "-" or _target_of(edge) not in self.leaving
        }


def _target_of(edge: Edge) -> Key:
    _, type_name, id_ = edge
    return Key(type_name, id_)


def undoing(
    log: LoggedChanges,
    tenant: str,
    writes: UndoneWrites,
    catalogue: Catalogue,
    is_kept: Callable[[Key], bool],
) -> list[Operation]:
    """Return the operations of a BulkRequest that undo the writes, in the order to perform them.

    A created resource is deleted and a changed one changed back. A deleted resource is restored if
    the tenant keeps it; otherwise it is created again, with a new id and without what the log does
    not hold: its secrets and its members.
    """
    served = [
        (trace, type_)
        for trace in traces_of(log, tenant, writes.hold)
        if (type_ := catalogue.resource_type(trace.key.type)) is not None
    ]
    created = [(trace, type_) for trace, type_ in served if trace.is_to_delete]
    deleted = [(trace, type_) for trace, type_ in served if trace.is_to_create]
    recreations = Recreations([trace.key for trace, _ in deleted], catalogue)
    restored = frozenset(key for key in recreations.keys if is_kept(key))
    # Where others have deleted what the writes changed, the service says so: there is no such resource.
    changed = [
        (trace, type_)
        for trace, type_ in served
        if not trace.is_made and (trace.key in restored or trace.key not in recreations.keys)
    ]
    made_again = [_made_again(trace, type_, recreations, restored) for trace, type_ in deleted]
    taken = {value for claim in made_again for value in claim.takes}
    taken |= {value for trace, type_ in changed for value in unique_values(type_, trace.was)}
    moved = Moved(restored, _freeing(created, taken, referred_ids(served)))
    changed_back = [_changed_back(trace, type_, recreations, moved) for trace, type_ in changed]
    removed = [_deleted(trace, type_, moved) for trace, type_ in referrers_first(created)]
    return names_freed_first([*made_again, *chain.from_iterable(changed_back), *removed])


def _freeing(
    created: Sequence[tuple[Trace, ResourceType]],
    taken: AbstractSet[Mark],
    referred: AbstractSet[str],
) -> frozenset[Key]:
    """Return the created resources whose deletion frees a value that is taken again.

    Deleting one of these first changes the groups that it is in, but no resource that refers to it.
    What others have changed last is not deleted: it leaves no group and frees nothing.
    """
    return frozenset(
        trace.key
        for trace, type_ in created
        if trace.own == trace.version
        and trace.key.id not in referred
        and not taken.isdisjoint(unique_values(type_, trace.holds))
    )


def _deleted(trace: Trace, resource_type: ResourceType, moved: Moved) -> Claim:
    operation: Operation = {"method": "DELETE", "path": _path(trace, resource_type)}
    # If others have changed it since, deleting it would lose their changes.
    if trace.is_shared or not moved.changes(trace):
        version = trace.own if trace.is_shared else trace.version
        operation["version"] = etag_of(version)
    frees = unique_values(resource_type, trace.holds) if trace.key in moved.leaving else ()
    return Claim(operation, frees=frozenset(frees))


def _made_again(
    trace: Trace,
    resource_type: ResourceType,
    recreations: Recreations,
    restored: AbstractSet[Key],
) -> Claim:
    # What is restored is as it was when it was deleted; its earlier changes are undone after that.
    values = {**trace.body, **trace.holds} if trace.key in restored else trace.body
    body = {name: value for name, value in trace.body.items() if value is not None}
    # Clients cannot set ids: a resource that is no longer kept gets a new one.
    data = {"schemas": schemas_of(resource_type, body), "id": trace.key.id, **body}
    operation = {
        "method": "POST",
        "path": resource_type.endpoint,
        "bulkId": recreations.bulk_id(trace.key),
        "data": recreations.linked(resource_type, data),
    }
    return Claim(operation, takes=frozenset(unique_values(resource_type, values)))


def _changed_back(
    trace: Trace,
    resource_type: ResourceType,
    recreations: Recreations,
    moved: Moved,
) -> Iterator[Claim]:
    """Yield a PATCH of what can be changed back, and one with the old version of what others changed since."""
    path = f"{resource_type.endpoint}/{recreations.reference(trace.key)}"
    unshared = {name: value for name, value in trace.was.items() if value != trace.holds.get(name)}

    def changes(earlier: Mapping[str, object], edges: Mapping[Edge, str]) -> list[Operation]:
        attributes = _attributes(earlier, trace.holds)
        linked = _linked(attributes, resource_type, recreations)
        return [*linked, *_edges(edges, recreations)]

    if undone := changes(unshared, moved.edges_of(trace)):
        # A restored resource frees nothing before it is there again.
        current = {} if trace.key in moved.restored else trace.holds
        freed = {name: current.get(name) for name in unshared}
        version = None if moved.changes(trace) else trace.version
        frees = frozenset(unique_values(resource_type, freed))
        placeholder = _placeholder(resource_type, trace.key, frees, unshared)
        yield Claim(
            _patch(path, undone, version),
            takes=frozenset(unique_values(resource_type, unshared)),
            frees=frees,
            placeholder=_patch(path, placeholder, version) if placeholder else None,
            after_placeholder=_patch(path, undone, None if version is None else version + 1),
        )
    if conflicts := changes(trace.lost, trace.lost_edges):
        yield Claim(_patch(path, conflicts, trace.own))
    for name in trace.forgotten:
        # No resource has version 0: what cannot be changed back is refused and thus reported.
        yield Claim(_patch(path, [{"op": "remove", "path": name}], 0))


def _placeholder(
    resource_type: ResourceType,
    key: Key,
    frees: AbstractSet[Mark],
    changed: Mapping[str, object],
) -> list[Operation]:
    """Return what replaces unique values by one that nobody else has; nothing if that does not free all of them."""
    attributes = sorted({attribute for _, _, attribute, _ in frees})
    refs = [resource_type.named(attribute) for attribute in attributes if attribute in changed]
    texts = [ref for ref in refs if ref and ref.leaf.type is AttributeType.STRING]
    if len(texts) < len(attributes) or any(ref.attribute.multi_valued for ref in texts):
        return []
    return [{"op": "replace", "path": str(ref), "value": key.id} for ref in texts]


def _patch(path: str, operations: Sequence[Operation], version: int | None) -> Operation:
    """Return a PATCH of a resource, of any version if `version` is None."""
    precondition = {} if version is None else {"version": etag_of(version)}
    data = {"schemas": [PATCH_OP_URN], "Operations": operations}
    return {"method": "PATCH", "path": path, **precondition, "data": data}


def _linked(
    operations: Iterator[Operation], resource_type: ResourceType, recreations: Recreations
) -> Iterator[Operation]:
    for operation in operations:
        if "value" in operation:
            path, value = operation["path"], operation["value"]
            value = recreations.linked_value(resource_type, path, value)
            yield {**operation, "value": value}
        else:
            yield operation


def _attributes(
    earlier: Mapping[str, object], present: Mapping[str, object]
) -> Iterator[Operation]:
    for name, before in earlier.items():
        now = present.get(name)
        if ":" in name:  # an extension: one operation for each of its attributes
            old, new = _parts(before), _parts(now)
            for part in {**old, **new}:
                if old.get(part) != new.get(part):
                    yield _attribute(f"{name}:{part}", old.get(part), new.get(part))
        else:
            yield _attribute(name, before, now)


def _attribute(path: str, before: object, now: object) -> Operation:
    if before is None:
        return {"op": "remove", "path": path}
    if isinstance(before, Mapping) and isinstance(now, Mapping):
        # `replace` merges (RFC 7644 section 3.5.2.3): null removes a sub-attribute.
        before = {**dict.fromkeys(now), **before}
    return {"op": "replace", "path": path, "value": before}


def _edges(edges: Mapping[Edge, str], recreations: Recreations) -> Iterator[Operation]:
    for (name, type_, id_), sign in edges.items():
        if _UNDONE[sign] == "add":
            value = {"value": recreations.reference(Key(type_, id_)), "type": type_}
            yield {"op": "add", "path": name, "value": [value]}
        else:
            yield {"op": "remove", "path": f'{name}[value eq "{id_}"]'}


def _parts(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _path(trace: Trace, resource_type: ResourceType) -> str:
    return f"{resource_type.endpoint}/{trace.key.id}"
