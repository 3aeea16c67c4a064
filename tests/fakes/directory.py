"""A directory in memory that keeps the port's contract."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import datetime

from scim.errors import InvalidValue, Uniqueness
from scim.resource.access_path import Direction, EdgePage
from scim.resource.body import with_value
from scim.resource.change import Creation, Deletion, Update
from scim.resource.index_entries import pointers_in
from scim.resource.record import Edge, Entry, Kept, Key, Link, Pointer, Record, Stale
from scim.schema.outline import Outlines
from scim.schema.resource_type import OnDelete
from scim.schema.schema import split_name
from tests.fakes.lists import FakeLists

NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(slots=True)
class _Kept:
    record: Record
    until: int
    edges: list[tuple[Key, str, Edge]]


@dataclass(slots=True)
class _Tenant:
    live: dict[Key, Record] = field(default_factory=dict)
    used: set[Key] = field(default_factory=set)
    entries: set[tuple[Entry, Key]] = field(default_factory=set)
    edges: dict[tuple[Key, str, Key], Edge] = field(default_factory=dict)
    guards: dict[tuple[str, str], int] = field(default_factory=dict)
    pointers: dict[Key, frozenset[Pointer]] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    kept: dict[Key, _Kept] = field(default_factory=dict)

    def copy(self) -> "_Tenant":
        return _Tenant(
            dict(self.live),
            set(self.used),
            set(self.entries),
            dict(self.edges),
            dict(self.guards),
            dict(self.pointers),
            dict(self.numbers),
            {key: replace(each, edges=list(each.edges)) for key, each in self.kept.items()},
        )


class FakeDirectory(FakeLists):
    """Keeps everything in dictionaries; `changes` are all writes asked for, in order."""

    def __init__(self) -> None:
        super().__init__()
        self._tenants: dict[str, _Tenant] = {}
        self.changes: list[Creation | Update | Deletion] = []

    def read(self, tenant: str, key: Key) -> Record | None:
        return self.read_latest(tenant, [key]).get(key)

    def read_latest(self, tenant: str, keys: Iterable[Key]) -> Mapping[Key, Record]:
        held = self._of(tenant)
        return {key: self._shown(held, key) for key in keys if key in held.live}

    def read_many(self, tenant: str, keys: Iterable[Key]) -> Mapping[Key, Record]:
        return self.read_latest(tenant, keys)

    def read_named(self, tenant: str, keys: Iterable[Key]) -> Mapping[Key, Record]:
        return self.read_many(tenant, keys)

    def count(self, tenant: str, type_name: str) -> int:
        return sum(key.type == type_name for key in self._of(tenant).live)

    def edges(
        self,
        tenant: str,
        source: Key,
        attribute: str,
        direction: Direction,
        beyond: str | None,
        limit: int,
    ) -> EdgePage:
        is_up = direction is Direction.UP
        found = sorted(
            (
                edge
                for (key, name, target), edge in self._of(tenant).edges.items()
                if (key, name) == (source, attribute)
                and (beyond is None or (target.id > beyond if is_up else target.id < beyond))
            ),
            key=lambda edge: edge.target.id,
            reverse=not is_up,
        )
        more = found[limit - 1].target.id if len(found) > limit else None
        return EdgePage(found[:limit], more)

    def edges_of(
        self, tenant: str, sources: Iterable[Key], attribute: str, limit: int
    ) -> Mapping[Key, EdgePage]:
        return {
            key: self.edges(tenant, key, attribute, Direction.UP, None, limit) for key in sources
        }

    def edges_between(
        self, tenant: str, pairs: Iterable[tuple[Key, str]], attribute: str
    ) -> Mapping[tuple[Key, str], Edge]:
        asked = set(pairs)
        return {
            (source, target.id): edge
            for (source, name, target), edge in self._of(tenant).edges.items()
            if name == attribute and (source, target.id) in asked
        }

    def nesting(self, tenant: str, type_name: str, attribute: str, now: str) -> int:
        return self._of(tenant).guards.get((type_name, attribute), 0)

    def is_nested(self, tenant: str, type_name: str, attribute: str) -> bool:
        return bool(self._of(tenant).guards.get((type_name, attribute)))

    def settle(self, tenant: str, key: Key, now: str) -> None:
        """Nothing is ever under way here."""

    def next_number(self, tenant: str, type_name: str) -> int:
        numbers = self._of(tenant).numbers
        numbers[type_name] = numbers.get(type_name, 0) + 1
        return numbers[type_name]

    def create(self, tenant: str, creation: Creation) -> int:
        held = self._of(tenant).copy()
        key = creation.key
        restores = creation.restores
        if (key in held.used) != (restores is not None) or key in held.live:
            raise Stale
        held.used.add(key)
        body = deepcopy(dict(creation.body))
        version, created = (restores.version, restores.created) if restores else (0, creation.now)
        held.live[key] = Record(key, version + 1, created, creation.now, body)
        self._enter(held, key, creation.entries)
        self._move(held, key, creation)
        self._point(held, key, creation.pointers)
        if restores is not None:
            self._rejoin(held, key)
        self._commit(tenant, held, creation)
        return version + 1

    def kept(self, tenant: str, key: Key, now: str) -> Kept | None:
        held = self._of(tenant)
        each = held.kept.get(key)
        if (
            each is None
            or key in held.live
            or each.until <= datetime.fromisoformat(now).timestamp()
        ):
            return None
        nested = [(name, e) for source, name, e in each.edges if source == key]
        parents = [(Link(s.type, n), s.id) for s, n, _ in each.edges if s.type == key.type]
        return Kept(
            key,
            each.record.version + 1,
            each.record.created,
            each.record.body,
            tuple((name, e) for name, e in nested if e.target.type == key.type),
            tuple(pair for pair in parents if pair[1] != key.id),
        )

    @staticmethod
    def _rejoin(held: _Tenant, key: Key) -> None:
        for source, name, edge in held.kept.pop(key).edges:
            other = edge.target if source == key else source
            if other in held.live:
                held.edges.setdefault((source, name, edge.target), edge)
                grown = held.live[source]
                held.live[source] = replace(grown, version=grown.version + 1)
            elif other in held.kept:
                held.kept[other].edges.append((source, name, edge))

    def update(self, tenant: str, update: Update) -> int:
        held = self._of(tenant).copy()
        before = held.live.get(update.before.key)
        depends = update.body is not None or update.must_match
        if before is None or (depends and before.version != update.before.version):
            raise Stale
        body = before.body if update.body is None else deepcopy(dict(update.body))
        version = before.version + 1
        held.live[before.key] = replace(
            before, version=version, last_modified=update.now, body=body
        )
        held.entries -= {(e, before.key) for e in update.entries_before - update.entries_after}
        self._enter(held, before.key, update.entries_after - update.entries_before)
        self._move(held, before.key, update)
        if update.body is not None:
            self._point(held, before.key, update.pointers_after)
        self._commit(tenant, held, update)
        return version

    def delete(self, tenant: str, deletion: Deletion) -> None:
        held = self._of(tenant).copy()
        key = deletion.before.key
        before = held.live.get(key)
        if before is None:
            raise Stale
        is_other = before.version != deletion.before.version
        if is_other and (deletion.must_match or before.body != deletion.before.body):
            raise Stale
        if deletion.kept_until:
            edges = [(s, n, e) for (s, n, t), e in held.edges.items() if key in (s, t)]
            held.kept[key] = _Kept(before, deletion.kept_until, edges)
        self._end(held, key, deletion.now, deletion.outlines)
        self._commit(tenant, held, deletion)

    def _end(self, held: _Tenant, key: Key, now: str, outlines: Outlines) -> None:
        outline = outlines.get(key.type)
        for each in () if outline is None else outline.referrers:
            for source, pointers in list(held.pointers.items()):
                if source.type != each.type or Pointer(each.attribute, key) not in pointers:
                    continue
                match each.on_delete:
                    case OnDelete.REFUSE:
                        raise Stale
                    case OnDelete.CASCADE:
                        self._end(held, source, now, outlines)
                    case OnDelete.CLEAR:
                        self._clear(held, source, Pointer(each.attribute, key), now, outlines)
        del held.live[key]
        held.pointers.pop(key, None)
        held.entries -= {(entry, owner) for entry, owner in held.entries if owner == key}
        for source, name, target in list(held.edges):
            if key not in (source, target):
                continue
            del held.edges[source, name, target]
            if source in held.live:
                bereft = held.live[source]
                held.live[source] = replace(bereft, version=bereft.version + 1, last_modified=now)

    @staticmethod
    def _clear(held: _Tenant, key: Key, pointer: Pointer, now: str, outlines: Outlines) -> None:
        before = held.live[key]
        container, name, _ = split_name(pointer.attribute)
        body = with_value(before.body, container, name, None)
        held.live[key] = replace(before, version=before.version + 1, last_modified=now, body=body)
        held.pointers[key] = pointers_in(outlines[key.type].references, body)
        held.entries -= {
            (entry, owner)
            for entry, owner in held.entries
            if owner == key and entry.attribute == f"{pointer.attribute}.value"
        }

    def _of(self, tenant: str) -> _Tenant:
        if NAME.fullmatch(tenant) is None:
            raise ValueError("not a tenant name")
        return self._tenants.setdefault(tenant, _Tenant())

    def _commit(self, tenant: str, held: _Tenant, change: Creation | Update | Deletion) -> None:
        self._tenants[tenant] = held
        self.changes.append(change)

    @staticmethod
    def _shown(held: _Tenant, key: Key) -> Record:
        links: dict[Link, set[str]] = {}
        counts: dict[str, int] = {}
        for source, name, target in held.edges:
            if target == key:
                links.setdefault(Link(source.type, name), set()).add(source.id)
            if source == key:
                counts[name] = counts.get(name, 0) + 1
        frozen = {link: frozenset(ids) for link, ids in links.items()}
        referrers = Counter(
            Link(source.type, pointer.attribute)
            for source, pointers in held.pointers.items()
            for pointer in pointers
            if pointer.target == key
        )
        return replace(
            deepcopy(held.live[key]), links=frozen, counts=counts, referrers=dict(referrers)
        )

    @staticmethod
    def _point(held: _Tenant, key: Key, pointers: frozenset[Pointer]) -> None:
        if any(pointer.target not in held.live for pointer in pointers):
            raise Stale
        held.pointers[key] = pointers

    @staticmethod
    def _enter(held: _Tenant, key: Key, entries: Iterable[Entry]) -> None:
        for entry in entries:
            if entry.is_unique and any(
                (entry, key.type) == (other, owner.type) for other, owner in held.entries
            ):
                raise Uniqueness(f"The value of {entry.attribute} is already taken.")
            held.entries.add((entry, key))

    @staticmethod
    def _move(held: _Tenant, key: Key, change: Creation | Update) -> None:
        for guard in change.guards:
            if held.guards.get((key.type, guard.attribute), 0) != guard.state:
                raise Stale
            held.guards[key.type, guard.attribute] = guard.state + 1
        for delta in change.edges:
            for target in delta.removed:
                if held.edges.pop((key, delta.attribute, target), None) is None:
                    raise Stale
            for edge in delta.added:
                if edge.target == key:
                    raise InvalidValue("A resource cannot be related to itself.")
                place = (key, delta.attribute, edge.target)
                if edge.target not in held.live or place in held.edges:
                    raise Stale
                held.edges[place] = replace(edge, since=change.now)
