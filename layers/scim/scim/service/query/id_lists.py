"""Ordered lists of ids, read only as far as needed: one list, the intersection of several, or their union."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol

from scim.resource.access_path import Direction, IdPage, just_before

LARGEST_PAGE = 1000

Fetch = Callable[[str | None, int], IdPage]
"""Reads up to the given number of ids beyond an id."""


class IdList(Protocol):
    """Ids in the order of a walk; each call asks for an id further on."""

    def reach(self, id_: str) -> str | None:
        """Return the first id at or beyond `id_`, None if there is none."""

    def go_beyond(self, id_: str | None) -> str | None:
        """Return the first id beyond `id_`; None asks for the first of all."""


class FixedIds:
    """Ids that are already known."""

    def __init__(self, ids: Iterable[str], direction: Direction) -> None:
        self._direction = direction
        self._ids = deque(sorted(ids, reverse=direction is Direction.DOWN))

    def reach(self, id_: str) -> str | None:
        while self._ids and self._direction.is_before(self._ids[0], id_):
            self._ids.popleft()
        return self._ids[0] if self._ids else None

    def go_beyond(self, id_: str | None) -> str | None:
        if id_ is not None and self.reach(id_) == id_:
            self._ids.popleft()
        return self._ids[0] if self._ids else None


class ReadIds:
    """Ids read from the store in pages, each larger than the one before."""

    def __init__(
        self, fetch: Fetch, direction: Direction, first_size: int, count: Callable[[int], None]
    ) -> None:
        self._fetch = fetch
        self._direction = direction
        self._size = first_size
        self._count = count
        self._ids: deque[str] = deque()
        self._last_id: str | None = None
        self._is_open = True

    def reach(self, id_: str) -> str | None:
        return self._first_fitting(lambda read_id: not self._direction.is_before(read_id, id_), id_)

    def go_beyond(self, id_: str | None) -> str | None:
        if id_ is None:
            return self._first_fitting(lambda _: True, None)
        return self._first_fitting(lambda read_id: self._direction.is_before(id_, read_id), id_)

    def _first_fitting(self, fits: Callable[[str], bool], start: str | None) -> str | None:
        while True:
            while self._ids and not fits(self._ids[0]):
                self._ids.popleft()
            if self._ids:
                return self._ids[0]
            if not self._is_open:
                return None
            self._read(start)

    def _read(self, start: str | None) -> None:
        """Read the next page: beyond what was read or, if that is further on, from `start`, inclusive."""
        last_id = self._last_id
        if start is None or (last_id is not None and not self._direction.is_before(last_id, start)):
            beyond = last_id
        else:
            beyond = just_before(start, self._direction)
        page = self._fetch(beyond, self._size)
        self._count(len(page.positions))
        self._ids.extend(page.ids)
        self._last_id = page.ids[-1] if page.positions else last_id
        self._is_open = page.has_more
        self._size = min(self._size * 4, LARGEST_PAGE)


class AnyIds:
    """The union of several lists, each id once."""

    def __init__(self, lists: Sequence[IdList], direction: Direction) -> None:
        self._lists = lists
        self._direction = direction

    def reach(self, id_: str) -> str | None:
        return self._nearest(ids.reach(id_) for ids in self._lists)

    def go_beyond(self, id_: str | None) -> str | None:
        return self._nearest(ids.go_beyond(id_) for ids in self._lists)

    def _nearest(self, ids: Iterable[str | None]) -> str | None:
        existing_ids = [id_ for id_ in ids if id_ is not None]
        return (min if self._direction is Direction.UP else max)(existing_ids, default=None)


class AllIds:
    """The intersection of several lists: each list skips to the id that another one has reached."""

    def __init__(self, lists: Sequence[IdList]) -> None:
        self._first, *self._others = lists

    def reach(self, id_: str) -> str | None:
        return self._common(self._first.reach(id_))

    def go_beyond(self, id_: str | None) -> str | None:
        return self._common(self._first.go_beyond(id_))

    def _common(self, candidate: str | None) -> str | None:
        while candidate is not None:
            furthest = self._furthest(candidate)
            if furthest == candidate:
                return candidate
            candidate = None if furthest is None else self._first.reach(furthest)
        return None

    def _furthest(self, candidate: str) -> str | None:
        """Return the candidate if all lists hold it, else the next id of a list that does not."""
        for ids in self._others:
            reached_id = ids.reach(candidate)
            if reached_id != candidate:
                return reached_id
        return candidate


def walked(ids: IdList, beyond: str | None) -> Iterator[str]:
    """Yield the ids beyond `beyond`."""
    id_ = ids.go_beyond(beyond)
    while id_ is not None:
        yield id_
        id_ = ids.go_beyond(id_)
