"""Page markers: where the walks of one client by startIndex are, several of them at once if need be.

A request says at which index it goes on, not which walk it belongs to. So every page leaves a
marker of its own under the index behind it, and where several stand at one index the earliest
position counts: that may repeat somebody, it never misses anybody. Markers of walks that have
come to their end do not count any more, so a walk that begins afterwards repeats nobody.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce

from scim.service.endpoint import Endpoint
from scim.service.query.matches import Position
from scim.service.query.walk import Walk


@dataclass(frozen=True, slots=True)
class Beginning:
    """The first marker of a walk: its index, its name, and when it was left.

    `times` is how often it was left, 0 where the walk may be one of several; `index` is 0 where
    these began at different ones. What began before `floor` at that index has come to its end.
    """

    index: int
    name: str
    times: int
    since: str
    floor: str = ""


@dataclass(frozen=True, slots=True)
class PageMarker:
    """The match before an index, how many there are in all, and the walk that got there.

    `is_done` tells that the walk ended there.
    """

    index: int
    position: Position
    total: int
    beginning: Beginning
    is_done: bool = False

    @property
    def is_first(self) -> bool:
        return self.beginning.index == self.index


@dataclass(frozen=True, slots=True)
class PageMarkers:
    """The markers of one client's walks of one query, on the way to be cut into pages.

    `time` is the present, `now` the same in seconds since 1970; what is remembered now may be
    forgotten at `end`.
    """

    endpoint: Endpoint
    walk: Walk
    walker: str
    time: str
    now: int
    end: int

    def at(self, start: int) -> PageMarker | None:
        """Return the marker at an index, else the nearest before it: of several the earliest."""
        directory, tenant = self.endpoint.directory, self.endpoint.tenant
        found = directory.page_markers(tenant, self.walker, start)
        markers = [each for index, content in found if (each := _read(index, content, self.now))]
        if not markers:
            return None
        kept = _under_way(markers)
        earliest = reduce(self._earlier, kept)
        beginning = _joined(kept)
        if earliest.index != start:
            # Who jumps may be somebody else than who walked here.
            beginning = replace(beginning, times=0)
        return replace(earliest, beginning=beginning)

    def leave(self, index: int, position: Position, total: int, before: PageMarker | None) -> None:
        """Remember where the next page begins; `before` is where this one did."""
        name = self._name(position, before)
        beginning = Beginning(index, name, 1, self.time) if before is None else before.beginning
        content = _content(PageMarker(index, position, total, beginning))
        directory, tenant = self.endpoint.directory, self.endpoint.tenant
        directory.mark(tenant, self.walker, index, name, content, self.end)

    def leave_last(
        self, index: int, position: Position, total: int, before: PageMarker | None
    ) -> None:
        """Remember that a walk ended before an index; nobody needs to wait for it any longer."""
        name = self._name(position, before)
        beginning = Beginning(index, name, 0, self.time) if before is None else before.beginning
        content = _content(PageMarker(index, position, total, beginning, is_done=True))
        directory, tenant = self.endpoint.directory, self.endpoint.tenant
        if before is not None and beginning.index and beginning.times:
            first = beginning.index, beginning.name, beginning.times
            directory.mark_last(tenant, self.walker, index, name, content, self.end, first)
        else:
            directory.mark(tenant, self.walker, index, name, content, self.end)

    def _earlier(self, one: PageMarker, other: PageMarker) -> PageMarker:
        return other if self.walk.precedes(other.position, one.position) else one

    def _name(self, position: Position, before: PageMarker | None) -> str:
        """Return the name of a marker: walks that are at the same place leave the same."""
        began = 0 if before is None else before.beginning.index
        # Counted anew once what was counted may be forgotten.
        period = self.now // max(self.end - self.now, 1)
        told = [position, began, before is None, period]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]


def _under_way(markers: Sequence[PageMarker]) -> list[PageMarker]:
    """Return the markers of walks that may not have come to their end, or else all."""
    going = [each for each in markers if not each.is_done] or list(markers)
    floors: dict[int, str] = {}
    for each in going:
        began = each.beginning
        floors[began.index] = max(floors.get(began.index, ""), began.floor)
    return [
        each
        for each in going
        if not each.beginning.index or each.beginning.since >= floors[each.beginning.index]
    ]


def _joined(markers: Sequence[PageMarker]) -> Beginning:
    """Return the beginning of what goes on from these markers, whichever of them it belongs to."""
    begun = [each.beginning for each in markers]
    since = max(each.since for each in begun)
    if len({each.index for each in begun}) > 1:
        return Beginning(0, "", 0, since)
    if all(each.is_first for each in markers):
        are_single = all(each.times == 1 for each in begun)
        floor = min(each.since for each in begun) if are_single else ""
    else:
        floor = max(each.floor for each in begun)
    is_single = len(begun) == 1 and begun[0].times == 1
    return Beginning(begun[0].index, begun[0].name, int(is_single), since, floor)


def _content(marker: PageMarker) -> dict[str, object]:
    began = marker.beginning
    return {
        "position": marker.position,
        "total": marker.total,
        "began": [began.index, began.name, began.times, began.since, began.floor],
        "done": marker.is_done,
    }


def _read(index: int, content: Mapping[str, object], now: int) -> PageMarker | None:
    match content:
        case {"position": [*parts], "total": int(total), "end": int(end), **rest} if end >= now:
            beginning, is_done = _beginning(index, rest), rest.get("done") is True
            return PageMarker(index, tuple(map(str, parts)), total, beginning, is_done)
        case _:
            return None


def _beginning(index: int, content: Mapping[str, object]) -> Beginning:
    match content:
        case {"began": [int(at), str(name), int(times), str(since), str(floor)]}:
            left = content.get("times")
            if at == index and isinstance(left, int):
                times = left
            return Beginning(at, name, times, since, floor)
        case _:
            return Beginning(0, "", 0, "")
