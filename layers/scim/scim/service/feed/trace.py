"""What happened to resources since the first of the writes to undo, according to the log."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from scim.resource.history.log_entry import CHANGE, LogEntry
from scim.resource.history.origin import Action
from scim.resource.record import Key
from scim.service.feed.ports import LoggedChanges

AT_ONCE: Final = 500
"""Log entries read at once."""
Edge = tuple[str, str, str]
"""The relation, and the type and id of its target."""


@dataclass(slots=True)
class Trace:
    """What happened to one resource since the first of the writes.

    `was` holds the attributes' earlier values, `holds` their current ones; `edges` were added or removed by
    the writes, `passed` added and removed again; `lost` and `lost_edges` were changed by others since. `version` is
    the latest version, `own` that of the last of the writes. `forgotten` are relations of which the log keeps only
    counts by now. `is_own_deletion` tells whether the writes deleted it, if `is_gone`.
    """

    key: Key
    is_made: bool = False
    is_gone: bool = False
    is_own_deletion: bool = False
    is_shared: bool = False
    version: int = 0
    own: int = 0
    was: dict[str, object] = field(default_factory=dict)
    holds: dict[str, object] = field(default_factory=dict)
    lost: dict[str, object] = field(default_factory=dict)
    edges: dict[Edge, str] = field(default_factory=dict)
    passed: set[Edge] = field(default_factory=set)
    lost_edges: dict[Edge, str] = field(default_factory=dict)
    forgotten: set[str] = field(default_factory=set)
    body: Mapping[str, object] = field(default_factory=dict)

    @property
    def is_to_delete(self) -> bool:
        """Tell whether the writes created it, and it exists."""
        return self.is_made and not self.is_gone

    @property
    def is_to_create(self) -> bool:
        """Tell whether the writes deleted it, and it existed before them."""
        return self.is_own_deletion and self.is_gone and not self.is_made

    def take(self, entry: LogEntry, *, is_own: bool) -> None:
        self.version = entry.version
        self.is_shared |= not is_own or entry.is_gap
        self.own = entry.version if is_own else self.own
        if entry.action == Action.CREATE:
            # A resource that exists again was restored: its deletion is already undone.
            self.is_made |= is_own and not self.is_gone
            self.is_gone = False
            if entry.since:
                return
        if entry.action == Action.DELETE:
            self.is_gone, self.is_own_deletion = True, is_own
            self.body = {**entry.before, **self.was}
            return
        for name in {**entry.before, **entry.after}:
            self._attribute(name, entry, is_own=is_own)
        for name, by in entry.relations.items():
            for sign in ("+", "-"):
                self._relation(name, sign, by[sign], is_own=is_own)

    def _attribute(self, name: str, entry: LogEntry, *, is_own: bool) -> None:
        self.holds[name] = entry.after.get(name)
        if is_own and name not in self.was:
            self.was[name] = entry.before.get(name)
        elif not is_own and name in self.was:
            self.lost[name] = self.was.pop(name)

    def _relation(
        self, name: str, sign: str, ids: int | Mapping[str, list[str]], *, is_own: bool
    ) -> None:
        """Take the ids, by type, of the edges added or removed, or only their number."""
        if isinstance(ids, int):
            self.forgotten |= {name} if ids and is_own else set()
            return
        for type_, of_type in ids.items():
            for id_ in of_type:
                self._edge((name, type_, id_), sign, is_own=is_own)

    def _edge(self, edge: Edge, sign: str, *, is_own: bool) -> None:
        before = self.edges.pop(edge, None)
        if is_own and before is None:
            self.edges[edge] = sign
        elif is_own and before == "+":
            self.passed.add(edge)
        elif not is_own and before is not None:
            self.lost_edges[edge] = before


def traces_of(log: LoggedChanges, tenant: str, is_write: Callable[[LogEntry], bool]) -> list[Trace]:
    """Return what happened to each resource that the writes changed; `is_write` tells them from others' writes."""
    traces: dict[Key, Trace] = {}
    for lane, end in enumerate(log.ends(tenant)):
        for entry in _entries(log, tenant, lane, end):
            is_own = is_write(entry)
            if is_own or entry.key in traces:
                trace = traces.setdefault(entry.key, Trace(entry.key))
                trace.take(log.with_edges(tenant, entry), is_own=is_own)
    return list(traces.values())


def _entries(log: LoggedChanges, tenant: str, lane: int, end: int) -> Iterator[LogEntry]:
    position = 0
    while position < end:
        pages = log.read(tenant, lane, position, AT_ONCE)
        if not pages:
            return
        for page in pages:
            position = page.end
            yield from (entry for entry in page.entries if entry.kind == CHANGE)
