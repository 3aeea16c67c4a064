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
class _Contents:
    live: dict[Key, Record] = field(default_factory=dict)
    used: set[Key] = field(default_factory=set)
    entries: set[tuple[Entry, Key]] = field(default_factory=set)
    edges: dict[tuple[Key, str, Key], Edge] = field(default_factory=dict)
    guards: dict[tuple[str, str], int] = field(default_factory=dict)
    pointers: dict[Key, frozenset[Pointer]] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    kept: dict[Key, _Kept] = field(default_factory=dict)

    def copy(self) -> "_Contents":
        return _Contents(
            dict(self.live),
            set(self.used),
            set(self.entries),
            dict(self.edges),
            dict(self.guards),
            dict(self.pointers),
            dict(self.numbers),
            {key: replace(kept, edges=list(kept.edges)) for key, kept in self.kept.items()},
        )


class FakeDirectory(FakeLists):
    """Keeps everything in dictionaries; `changes` are all writes asked for, in order."""

    def __init__(self) -> None:
        super().__init__()
        self._tenants: dict[str, _Contents] = {}
        self.changes: list[Creation | Update | Deletion] = []

    def read(self, tenant: str, key: Key) -> Record | None:
        return self.read_latest(tenant, [key]).get(key)

    def read_latest(self, tenant: str, keys: Iterable[Key]) -> Mapping[Key, Record]:
        contents = self._of(tenant)
        return {key: self._record_of(contents, key) for key in keys if key in contents.live}

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
        edges = sorted(
            (
                edge
                for (key, name, target), edge in self._of(tenant).edges.items()
                if (key, name) == (source, attribute)
                and (beyond is None or (target.id > beyond if is_up else target.id < beyond))
            ),
            key=lambda edge: edge.target.id,
            reverse=not is_up,
        )
        next_id = edges[limit - 1].target.id if len(edges) > limit else None
        return EdgePage(edges[:limit], next_id)

    def edges_of(
        self, tenant: str, sources: Iterable[Key], attribute: str, limit: int
    ) -> Mapping[Key, EdgePage]:
        return {
            key: self.edges(tenant, key, attribute, Direction.UP, None, limit) for key in sources
        }

    def edges_between(
        self, tenant: str, pairs: Iterable[tuple[Key, str]], attribute: str
    ) -> Mapping[tuple[Key, str], Edge]:
        wanted_pairs = set(pairs)
        return {
            (source, target.id): edge
            for (source, name, target), edge in self._of(tenant).edges.items()
            if name == attribute and (source, target.id) in wanted_pairs
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
        contents = self._of(tenant).copy()
        key = creation.key
        restores = creation.restores
        if (key in contents.used) != (restores is not None) or key in contents.live:
            raise Stale
        contents.used.add(key)
        body = deepcopy(dict(creation.body))
        version, created = (restores.version, restores.created) if restores else (0, creation.now)
        contents.live[key] = Record(key, version + 1, created, creation.now, body)
        self._enter(contents, key, creation.entries)
        self._move(contents, key, creation)
        self._point(contents, key, creation.pointers)
        if restores is not None:
            self._rejoin(contents, key)
        self._commit(tenant, contents, creation)
        return version + 1

    def kept(self, tenant: str, key: Key, now: str) -> Kept | None:
        contents = self._of(tenant)
        copy = contents.kept.get(key)
        if (
            copy is None
            or key in contents.live
            or copy.until <= datetime.fromisoformat(now).timestamp()
        ):
            return None
        nested = [(name, e) for source, name, e in copy.edges if source == key]
        parents = [(Link(s.type, n), s.id) for s, n, _ in copy.edges if s.type == key.type]
        return Kept(
            key,
            copy.record.version + 1,
            copy.record.created,
            copy.record.body,
            tuple((name, e) for name, e in nested if e.target.type == key.type),
            tuple(pair for pair in parents if pair[1] != key.id),
        )

    @staticmethod
    def _rejoin(contents: _Contents, key: Key) -> None:
        for source, name, edge in contents.kept.pop(key).edges:
            other_end = edge.target if source == key else source
            if other_end in contents.live:
                contents.edges.setdefault((source, name, edge.target), edge)
                grown = contents.live[source]
                contents.live[source] = replace(grown, version=grown.version + 1)
            elif other_end in contents.kept:
                contents.kept[other_end].edges.append((source, name, edge))

    def update(self, tenant: str, update: Update) -> int:
        contents = self._of(tenant).copy()
        before = contents.live.get(update.before.key)
        depends = update.body is not None or update.must_match
        if before is None or (depends and before.version != update.before.version):
            raise Stale
        body = before.body if update.body is None else deepcopy(dict(update.body))
        version = before.version + 1
        contents.live[before.key] = replace(
            before, version=version, last_modified=update.now, body=body
        )
        contents.entries -= {(e, before.key) for e in update.entries_before - update.entries_after}
        self._enter(contents, before.key, update.entries_after - update.entries_before)
        self._move(contents, before.key, update)
        if update.body is not None:
            self._point(contents, before.key, update.pointers_after)
        self._commit(tenant, contents, update)
        return version

    def delete(self, tenant: str, deletion: Deletion) -> None:
        contents = self._of(tenant).copy()
        key = deletion.before.key
        before = contents.live.get(key)
        if before is None:
            raise Stale
        is_other = before.version != deletion.before.version
        if is_other and (deletion.must_match or before.body != deletion.before.body):
            raise Stale
        if deletion.kept_until:
            edges = [(s, n, e) for (s, n, t), e in contents.edges.items() if key in (s, t)]
            contents.kept[key] = _Kept(before, deletion.kept_until, edges)
        self._end(contents, key, deletion.now, deletion.outlines)
        self._commit(tenant, contents, deletion)

    def _end(self, contents: _Contents, key: Key, now: str, outlines: Outlines) -> None:
        outline = outlines.get(key.type)
        for referrer in () if outline is None else outline.referrers:
            for source, pointers in list(contents.pointers.items()):
                if source.type != referrer.type or Pointer(referrer.attribute, key) not in pointers:
                    continue
                match referrer.on_delete:
                    case OnDelete.REFUSE:
                        raise Stale
                    case OnDelete.CASCADE:
                        self._end(contents, source, now, outlines)
                    case OnDelete.CLEAR:
                        self._clear(
                            contents, source, Pointer(referrer.attribute, key), now, outlines
                        )
        del contents.live[key]
        contents.pointers.pop(key, None)
        contents.entries -= {(entry, owner) for entry, owner in contents.entries if owner == key}
        for source, name, target in list(contents.edges):
            if key not in (source, target):
                continue
            del contents.edges[source, name, target]
            if source in contents.live:
                bereft = contents.live[source]
                contents.live[source] = replace(
                    bereft, version=bereft.version + 1, last_modified=now
                )

    @staticmethod
    def _clear(
        contents: _Contents, key: Key, pointer: Pointer, now: str, outlines: Outlines
    ) -> None:
        before = contents.live[key]
        container, name, _ = split_name(pointer.attribute)
        body = with_value(before.body, container, name, None)
        contents.live[key] = replace(
            before, version=before.version + 1, last_modified=now, body=body
        )
        contents.pointers[key] = pointers_in(outlines[key.type].references, body)
        contents.entries -= {
            (entry, owner)
            for entry, owner in contents.entries
            if owner == key and entry.attribute == f"{pointer.attribute}.value"
        }

    def _of(self, tenant: str) -> _Contents:
        if NAME.fullmatch(tenant) is None:
            raise ValueError("not a tenant name")
        return self._tenants.setdefault(tenant, _Contents())

    def _commit(
        self, tenant: str, contents: _Contents, change: Creation | Update | Deletion
    ) -> None:
        self._tenants[tenant] = contents
        self.changes.append(change)

    @staticmethod
    def _record_of(contents: _Contents, key: Key) -> Record:
        links: dict[Link, set[str]] = {}
        counts: dict[str, int] = {}
        for source, name, target in contents.edges:
            if target == key:
                links.setdefault(Link(source.type, name), set()).add(source.id)
            if source == key:
                counts[name] = counts.get(name, 0) + 1
        frozen = {link: frozenset(ids) for link, ids in links.items()}
        referrers = Counter(
            Link(source.type, pointer.attribute)
            for source, pointers in contents.pointers.items()
            for pointer in pointers
            if pointer.target == key
        )
        return replace(
            deepcopy(contents.live[key]), links=frozen, counts=counts, referrers=dict(referrers)
        )

    @staticmethod
    def _point(contents: _Contents, key: Key, pointers: frozenset[Pointer]) -> None:
        if any(pointer.target not in contents.live for pointer in pointers):
            raise Stale
        contents.pointers[key] = pointers

    @staticmethod
    def _enter(contents: _Contents, key: Key, entries: Iterable[Entry]) -> None:
        for entry in entries:
            if entry.is_unique and any(
                (entry, key.type) == (other_entry, owner.type)
                for other_entry, owner in contents.entries
            ):
                raise Uniqueness(f"The value of {entry.attribute} is already taken.")
            contents.entries.add((entry, key))

    @staticmethod
    def _move(contents: _Contents, key: Key, change: Creation | Update) -> None:
        for guard in change.guards:
            if contents.guards.get((key.type, guard.attribute), 0) != guard.state:
                raise Stale
            contents.guards[key.type, guard.attribute] = guard.state + 1
        for delta in change.edges:
            for target in delta.removed:
                if contents.edges.pop((key, delta.attribute, target), None) is None:
                    raise Stale
            for edge in delta.added:
                if edge.target == key:
                    raise InvalidValue("A resource cannot be related to itself.")
                place = (key, delta.attribute, edge.target)
                if edge.target not in contents.live or place in contents.edges:
                    raise Stale
                contents.edges[place] = replace(edge, since=change.now)
