"""What takes back writes: operations computed from the log, for what nobody has changed since.

An operation names the version that it knows. Where somebody else has changed the same attribute or
edge, or the whole resource comes or goes, it names the version of then: it is refused with 412,
which tells of it and changes nothing.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from scim.resource.body import schemas_of
from scim.resource.history.log_entry import CHANGE, LogEntry
from scim.resource.record import Key
from scim.schema.catalogue import Catalogue
from scim.schema.resource_type import ResourceType
from scim.service.feed.events import PATCH_URN
from scim.service.feed.ports import LoggedChanges
from scim.service.feed.trace import Edge, Trace
from scim.service.messages import etag_of

AT_ONCE: Final = 500
"""Entries that are read at once."""
_BULK_ID: Final = "bulkId:"
_UNDONE: Final = {"+": "remove", "-": "add"}

Operation = dict[str, Any]


@dataclass(frozen=True, slots=True)
class UndoneWrites:
    """Whose writes are taken back: those of a request or job, or of a token in a span of time.

    `since` and `until` are RFC 3339; what happened at `until` is not meant.
    """

    transaction: str = ""
    token: str = ""
    since: str = ""
    until: str = ""

    def hold(self, entry: LogEntry) -> bool:
        """Tell whether an entry is one of them."""
        if self.transaction:
            return entry.origin.transaction == self.transaction
        at = datetime.fromisoformat(entry.at)
        is_within = datetime.fromisoformat(self.since) <= at < datetime.fromisoformat(self.until)
        return entry.origin.token == self.token and is_within


def undoing(
    log: LoggedChanges,
    tenant: str,
    writes: UndoneWrites,
    catalogue: Catalogue,
    is_kept: Callable[[Key], bool],
) -> list[Operation]:
    """Return the operations of a BulkRequest that take the writes back, in the order they need.

    What was made is deleted, what was changed is changed back; what was deleted and is kept is
    restored, all else is made again, under a new id and without what the log does not hold: its
    secrets and its members.
    """
    traces: dict[Key, Trace] = {}
    for lane, end in enumerate(log.ends(tenant)):
        for entry in _entries(log, tenant, lane, end):
            is_own = writes.hold(entry)
            if is_own or entry.key in traces:
                trace = traces.setdefault(entry.key, Trace(entry.key))
                trace.take(log.with_edges(tenant, entry), is_own=is_own)
    known = [(each, catalogue.resource_type(each.key.type)) for each in traces.values()]
    served = [(each, type_) for each, type_ in known if type_ is not None]
    again = {each.key.id for each, _ in served if each.is_gone and not each.is_made and each.own}
    restored = {each.key.id for each, _ in served if each.key.id in again and is_kept(each.key)}
    made = [(each, type_) for each, type_ in served if each.is_made and not each.is_gone]
    kept = [(each, type_) for each, type_ in served if not each.is_made and not each.is_gone]
    return [
        *(_made_again(each, type_, again) for each, type_ in served if each.key.id in again),
        *(
            operation
            for each, type_ in kept
            for operation in _changed_back(each, type_, again, restored)
        ),
        *(_deleted(each, type_) for each, type_ in _referrers_first(made)),
    ]


def _entries(log: LoggedChanges, tenant: str, lane: int, end: int) -> Iterator[LogEntry]:
    position = 0
    while position < end:
        stretches = log.read(tenant, lane, position, AT_ONCE)
        if not stretches:
            return
        for stretch in stretches:
            position = stretch.position + len(stretch.entries)
            yield from (each for each in stretch.entries if each.kind == CHANGE)


def _deleted(trace: Trace, resource_type: ResourceType) -> Operation:
    # Who changed it since would lose that with it.
    version = trace.own if trace.is_shared else trace.version
    return {"method": "DELETE", "path": _path(trace, resource_type), "version": etag_of(version)}


def _made_again(trace: Trace, resource_type: ResourceType, again: AbstractSet[str]) -> Operation:
    body = {name: each for name, each in trace.body.items() if each is not None}
    # No client gives an id: what is not kept any more is made under a new one.
    data = {"schemas": schemas_of(resource_type, body), "id": trace.key.id, **body}
    return {
        "method": "POST",
        "path": resource_type.endpoint,
        "bulkId": trace.key.id,
        "data": _linked(data, again),
    }


def _changed_back(
    trace: Trace,
    resource_type: ResourceType,
    again: AbstractSet[str],
    restored: AbstractSet[str],
) -> Iterator[Operation]:
    """Yield what can be changed back, and as of then what others have changed since."""
    # What is restored comes back to where it was by itself, which makes a version.
    moves_on = not restored.isdisjoint(id_ for _, _, id_ in trace.edges)
    rest = {name: each for name, each in trace.was.items() if each != trace.holds.get(name)}
    for was, edges, version in (
        (rest, trace.edges, trace.version),
        (trace.lost, trace.lost_edges, trace.own),
    ):
        operations = [*_attributes(was, trace.holds), *_edges(edges)]
        if operations:
            data = {"schemas": [PATCH_URN], "Operations": operations}
            named = {} if moves_on and version == trace.version else {"version": etag_of(version)}
            yield {
                "method": "PATCH",
                "path": _path(trace, resource_type),
                **named,
                "data": _linked(data, again),
            }
    for name in trace.forgotten:
        # No resource has this version: what cannot be changed back is refused, and told.
        data = {"schemas": [PATCH_URN], "Operations": [{"op": "remove", "path": name}]}
        path = _path(trace, resource_type)
        yield {"method": "PATCH", "path": path, "version": etag_of(0), "data": data}


def _attributes(was: Mapping[str, object], holds: Mapping[str, object]) -> Iterator[Operation]:
    for name, before in was.items():
        now = holds.get(name)
        if ":" in name:  # an extension: its attributes, each on its own
            old, new = _parts(before), _parts(now)
            both = {
                each: old.get(each) for each in {**old, **new} if old.get(each) != new.get(each)
            }
            yield from _attributes_of(name, both, new)
        else:
            yield _attribute(name, before, now)


def _attributes_of(
    uri: str, was: Mapping[str, object], holds: Mapping[str, object]
) -> Iterator[Operation]:
    for name, before in was.items():
        yield _attribute(f"{uri}:{name}", before, holds.get(name))


def _attribute(path: str, before: object, now: object) -> Operation:
    if before is None:
        return {"op": "remove", "path": path}
    if isinstance(before, Mapping) and isinstance(now, Mapping):
        # To replace merges (RFC 7644 section 3.5.2.3): null is what has to go.
        before = {**dict.fromkeys(now), **before}
    return {"op": "replace", "path": path, "value": before}


def _edges(edges: Mapping[Edge, str]) -> Iterator[Operation]:
    for (name, type_, id_), sign in edges.items():
        if _UNDONE[sign] == "add":
            yield {"op": "add", "path": name, "value": [{"value": id_, "type": type_}]}
        else:
            yield {"op": "remove", "path": f'{name}[value eq "{id_}"]'}


def _referrers_first(
    made: Sequence[tuple[Trace, ResourceType]],
) -> Iterator[tuple[Trace, ResourceType]]:
    """Yield resources before those that they refer to, whose deletion would change them."""
    by_id = {trace.key.id: (trace, type_) for trace, type_ in made}
    referrers: dict[str, list[str]] = {}
    for trace, _ in made:
        targets = {id_ for _, _, id_ in trace.edges} | set(_values_in(trace.holds))
        for target in targets & by_id.keys() - {trace.key.id}:
            referrers.setdefault(target, []).append(trace.key.id)
    done = set[str]()
    for first in by_id:
        waiting = [(first, False)]
        while waiting:
            id_, is_ready = waiting.pop()
            if is_ready:
                yield by_id[id_]
            elif id_ not in done:
                done.add(id_)
                waiting.append((id_, True))
                waiting += [(each, False) for each in referrers.get(id_, ()) if each not in done]


def _values_in(value: object) -> Iterator[str]:
    match value:
        case {"value": str(text)}:
            yield text
        case Mapping():
            for each in value.values():
                yield from _values_in(each)
        case list():
            for each in value:
                yield from _values_in(each)


def _linked(value: Any, again: AbstractSet[str]) -> Any:
    """Return a value that names what is made again by its bulkId."""
    match value:
        case {"value": str(text), **rest} if text in again:
            return {"value": f"{_BULK_ID}{text}", **rest}
        case Mapping():
            return {name: _linked(each, again) for name, each in value.items()}
        case list():
            return [_linked(each, again) for each in value]
    return value


def _parts(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _path(trace: Trace, resource_type: ResourceType) -> str:
    return f"{resource_type.endpoint}/{trace.key.id}"
