"""Page markers: how far one client's walks by startIndex have come, even several at once.

A request gives the index at which it continues, not the walk it belongs to. So every page leaves a
marker of its own at the index after it. If there are several at one index, the earliest
position counts: that may repeat a match but never misses one. Markers of walks that have
ended do not count any more, so a walk that begins later repeats nothing.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce

from scim.resource.access_path import WalkMark
from scim.service.endpoint import Endpoint
from scim.service.query.matches import Position
from scim.service.query.walk import Walk


@dataclass(frozen=True, slots=True)
class Beginning:
    """The first marker of a walk: its index, its name, and when it was left.

    `times` is how often it was left, 0 if the walk may be one of several; `index` is 0 if
    these began at different indexes. Walks that began before `floor` at that index have ended.
    """

    index: int
    name: str
    times: int
    since: str
    floor: str = ""


@dataclass(frozen=True, slots=True)
class PageMarker:
    """The match before an index, the total number of matches, and the walk that got there.

    `is_done` tells whether the walk ended there.
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
    """The markers of one client's walks of one query, used to cut the walk into pages.

    `time` is the current time, `now` the same in seconds since 1970; markers left now may be
    deleted at `end`.
    """

    endpoint: Endpoint
    walk: Walk
    walker: str
    time: str
    now: int
    end: int

    def at(self, start: int) -> PageMarker | None:
        """Return the marker at an index, else the nearest before it; of several, the earliest position."""
        directory, tenant = self.endpoint.directory, self.endpoint.tenant
        contents = directory.page_markers(tenant, self.walker, start)
        markers = [
            marker for index, content in contents if (marker := _read(index, content, self.now))
        ]
        if not markers:
            return None
        live_markers = _live_markers(markers)
        earliest = reduce(self._earlier, live_markers)
        beginning = _joined(live_markers)
        if earliest.index != start:
            # A client that jumps may not be the one that walked here.
            beginning = replace(beginning, times=0)
        return replace(earliest, beginning=beginning)

    def leave(self, index: int, position: Position, total: int, before: PageMarker | None) -> None:
        """Store where the next page begins; `before` is the marker at which this one began."""
        name = self._name(position, before)
        beginning = Beginning(index, name, 1, self.time) if before is None else before.beginning
        content = _content(PageMarker(index, position, total, beginning))
        mark = WalkMark(self.walker, index, name, content, self.end)
        self.endpoint.directory.mark(self.endpoint.tenant, mark)

    def leave_last(
        self, index: int, position: Position, total: int, before: PageMarker | None
    ) -> None:
        """Store that a walk ended before an index; no other walk needs to take it into account."""
        name = self._name(position, before)
        beginning = Beginning(index, name, 0, self.time) if before is None else before.beginning
        content = _content(PageMarker(index, position, total, beginning, is_done=True))
        mark = WalkMark(self.walker, index, name, content, self.end)
        directory, tenant = self.endpoint.directory, self.endpoint.tenant
        if before is not None and beginning.index and beginning.times:
            first_mark = beginning.index, beginning.name, beginning.times
            directory.mark_last(tenant, mark, first_mark)
        else:
            directory.mark(tenant, mark)

    def _earlier(self, one: PageMarker, other: PageMarker) -> PageMarker:
        return other if self.walk.precedes(other.position, one.position) else one

    def _name(self, position: Position, before: PageMarker | None) -> str:
        """Return the name of a marker: walks at the same position share it."""
        first_index = 0 if before is None else before.beginning.index
        # A new name per period: earlier counts may be deleted.
        period = self.now // max(self.end - self.now, 1)
        parts = [position, first_index, before is None, period]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def _live_markers(markers: Sequence[PageMarker]) -> list[PageMarker]:
    """Return the markers of walks that may not have ended; if all have ended, return theirs."""
    live_markers = [marker for marker in markers if not marker.is_done] or list(markers)
    floors: dict[int, str] = {}
    for marker in live_markers:
        beginning = marker.beginning
        floors[beginning.index] = max(floors.get(beginning.index, ""), beginning.floor)
    return [
        marker
        for marker in live_markers
        if not marker.beginning.index or marker.beginning.since >= floors[marker.beginning.index]
    ]


def _joined(markers: Sequence[PageMarker]) -> Beginning:
    """Return the beginning of a walk that continues from one of these markers, whichever it is."""
    beginnings = [marker.beginning for marker in markers]
    since = max(beginning.since for beginning in beginnings)
    if len({beginning.index for beginning in beginnings}) > 1:
        return Beginning(0, "", 0, since)
    if all(marker.is_first for marker in markers):
        are_single = all(beginning.times == 1 for beginning in beginnings)
        floor = min(beginning.since for beginning in beginnings) if are_single else ""
    else:
        floor = max(beginning.floor for beginning in beginnings)
    is_single = len(beginnings) == 1 and beginnings[0].times == 1
    return Beginning(beginnings[0].index, beginnings[0].name, int(is_single), since, floor)


def _content(marker: PageMarker) -> dict[str, object]:
    beginning = marker.beginning
    return {
        "position": marker.position,
        "total": marker.total,
        "began": [
            beginning.index,
            beginning.name,
            beginning.times,
            beginning.since,
            beginning.floor,
        ],
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
        case {"began": [int(first_index), str(name), int(times), str(since), str(floor)]}:
            stored_times = content.get("times")
            if first_index == index and isinstance(stored_times, int):
                times = stored_times
            return Beginning(first_index, name, times, since, floor)
        case _:
            return Beginning(0, "", 0, "")
