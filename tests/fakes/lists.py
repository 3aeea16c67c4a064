"""The ordered lists of a directory in memory."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha512
from typing import Any

from scim.resource.access_path import (
    AccessPath,
    ChangedSince,
    Direction,
    IdPage,
    IndexRange,
    IndexValue,
    KeyRange,
    Limit,
    RecordPage,
    RelationTargets,
    WalkMark,
)
from scim.resource.record import Key, Link, Record
from scim.schema.catalogue import RelationNames

ESCAPED = str.maketrans({"\0": "\1\1", "\1": "\1\2"})
"""So that what ends a value sorts before all that values hold."""


@dataclass(frozen=True, slots=True)
class Spent:
    """What nothing costs."""

    round_trips: int = 0
    rcu: float = 0.0


class FakeLists:
    """Sorts everything anew for every call."""

    def __init__(self) -> None:
        self.built: set[tuple[str, str, str]] = set()
        self._marks: dict[tuple[str, str], dict[tuple[int, str], dict[str, object]]] = {}

    def _of(self, tenant: str) -> Any:
        raise NotImplementedError(tenant)

    def linked_after_deletion(self, tenant: str) -> frozenset[Key]:
        return frozenset()

    def records(
        self,
        tenant: str,
        type_name: str,
        direction: Direction,
        beyond: str | None,
        limit: int,
        related: RelationNames | None = None,
    ) -> RecordPage:
        keys: Iterable[Key] = self._of(tenant).live
        ids = [(key.id, key.id) for key in keys if key.type == type_name]
        page, has_more = _cut(ids, direction, beyond, limit)
        records = [self._record_of(self._of(tenant), Key(type_name, id_)) for _, id_ in page]
        return RecordPage([_narrowed(record, related) for record in records], has_more)

    def _record_of(self, contents: Any, key: Key) -> Record:
        raise NotImplementedError

    def skipped(
        self, tenant: str, type_name: str, after: str | None, number: int
    ) -> tuple[str | None, int]:
        records = self.records(tenant, type_name, Direction.UP, after, number).records
        return (records[-1].key.id if records else after), len(records)

    def ids(
        self,
        tenant: str,
        path: AccessPath,
        direction: Direction,
        beyond: str | None,
        limit: int,
    ) -> IdPage:
        positions = list(self._positions(self._of(tenant), path))
        return IdPage(*_cut(positions, direction, beyond, limit))

    @staticmethod
    def _positions(  # noqa: C901 - a case a kind
        contents: Any, path: AccessPath
    ) -> Iterator[tuple[str, str]]:
        match path:
            case IndexRange(type_name, attribute, key_range):
                for entry, key in contents.entries:
                    if (key.type, entry.attribute) == (type_name, attribute) and _is_in(
                        entry.value, key_range
                    ):
                        yield f"{entry.value.translate(ESCAPED)}\0{key.id}", key.id
            case IndexValue(type_name, attribute, value):
                for entry, key in contents.entries:
                    if (key.type, entry.attribute, entry.value) == (type_name, attribute, value):
                        yield key.id, key.id
            case RelationTargets(source, attribute, type_name):
                for owner, name, target in contents.edges:
                    if (owner, name, target.type) == (source, attribute, type_name):
                        yield target.id, target.id
            case ChangedSince(type_name, since, until):
                for key, record in contents.live.items():
                    hour = record.last_modified[:13]
                    if key.type == type_name and since <= hour <= (until or hour):
                        yield f"{hour}#{key.id}", key.id

    def mark(self, tenant: str, mark: WalkMark) -> None:
        position, place = mark.content["position"], (mark.index, mark.name)
        assert isinstance(position, tuple)
        markers = self._marks.setdefault((tenant, mark.walk), {})
        times = markers[place]["times"] if place in markers else 0
        assert isinstance(times, int)
        stored = {"position": [*position], "end": mark.end, "times": times + 1}
        markers[place] = {**mark.content, **stored}

    def mark_last(self, tenant: str, mark: WalkMark, first: tuple[int, str, int]) -> None:
        self.mark(tenant, mark)
        index, name, times = first
        markers = self._marks[tenant, mark.walk]
        if (index, name) in markers and markers[index, name]["times"] == times:
            del markers[index, name]

    def page_markers(
        self, tenant: str, walk: str, index: int
    ) -> Sequence[tuple[int, Mapping[str, object]]]:
        markers = self._marks.get((tenant, walk), {})
        nearest = max(
            (marker_index for marker_index, _ in markers if marker_index <= index), default=None
        )
        return [
            (marker_index, content)
            for (marker_index, _), content in markers.items()
            if marker_index == nearest
        ]

    def is_built(self, tenant: str, type_name: str, attribute: str) -> bool:
        return (tenant, type_name, attribute) in self.built

    def sealing_key(self, tenant: str) -> bytes:
        return sha512(tenant.encode()).digest()

    def spent(self) -> Spent:
        return Spent()


def _cut(
    places: list[tuple[str, str]], direction: Direction, beyond: str | None, limit: int
) -> tuple[list[tuple[str, str]], bool]:
    page = sorted(places, reverse=direction is Direction.DOWN)
    if beyond is not None:
        page = [p for p in page if (p[0] > beyond if direction is Direction.UP else p[0] < beyond)]
    return page[:limit], len(page) > limit


def _is_in(value: str, key_range: KeyRange) -> bool:
    if key_range.prefix is not None:
        return value.startswith(key_range.prefix)
    is_above, is_below = True, True
    if key_range.lower is not None:
        end, limit = key_range.lower
        is_above = value > end or (limit is Limit.WITH and value == end)
    if key_range.upper is not None:
        end, limit = key_range.upper
        is_below = value < end or (limit is Limit.WITH and value == end)
    return is_above and is_below


def _narrowed(record: Record, related: RelationNames | None) -> Record:
    if related is None:
        return record
    referrers = {Link(referrer.type, referrer.attribute) for referrer in related.referrers}
    return replace(
        record,
        links={link: ids for link, ids in record.links.items() if link in related.incoming},
        counts={name: n for name, n in record.counts.items() if name in related.relations},
        referrers={link: n for link, n in record.referrers.items() if link in referrers},
    )
