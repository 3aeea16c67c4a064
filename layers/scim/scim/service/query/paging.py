"""Pages of a walk, by startIndex (RFC 7644 section 3.4.2.4) and by cursor (RFC 9865).

A page marker records the match after which the next page begins. So a walk costs what its pages
hold, and it misses no match that exists all the time while others are created and deleted.
A cursor names the next page and the previous one.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from scim.errors import InvalidCount
from scim.immutable import immutable
from scim.moments import seconds_of
from scim.service.endpoint import Endpoint
from scim.service.messages import Query
from scim.service.query.cursor import Cursor, CursorCipher
from scim.service.query.matches import Position
from scim.service.query.page_markers import PageMarker, PageMarkers
from scim.service.query.walk import Slice, Walk


@immutable
class Page:
    """The resources shown on a page, and what the response says about the walk around them."""

    shown: tuple[Mapping[str, object], ...]
    total: int
    start_index: int | None = None
    next_cursor: str | None = None
    previous_cursor: str | None = None


@immutable
class Pages:
    """A walk cut into pages; `identity` is what all requests of one walk have in common.

    `now` and `end` are in seconds since 1970; what is stored now may be deleted at `end`.
    """

    endpoint: Endpoint
    walk: Walk
    identity: Sequence[object]
    time: str
    now: int
    end: int

    @property
    def name(self) -> str:
        """The name of the walk in markers and cursors; a walk that fits into one page needs none."""
        return hashlib.sha256(json.dumps(self.identity).encode()).hexdigest()[:32]


def pages_of(endpoints: Sequence[Endpoint], query: Query, walk: Walk) -> Pages:
    """Return the walk, ready to be cut into pages."""
    endpoint = endpoints[0]
    time = endpoint.clock.now()
    now = seconds_of(time)
    types = [endpoint.resource_type.name for endpoint in endpoints]
    # Page size and projection may change on the way: they do not move the matches.
    identity = [types, query.filter, query.sort_by, query.sort_order, walk.order, query.walker]
    if query.domain is not None:
        identity.append(query.domain)
    return Pages(endpoint, walk, identity, time, now, now + endpoint.bounds.cursor_seconds)


FURTHEST = 10**11
"""Larger start indexes are treated as this one: no walk gets that far, and keys have room for it."""


def page_by_index(pages: Pages, query: Query) -> Page:
    """Return the page that begins at startIndex; a value below 1 means 1."""
    bounds = pages.endpoint.bounds
    start_index = max(query.start_index or 1, 1)
    start = min(start_index, FURTHEST)
    size = bounds.page_of(query.count)
    if size == 0:
        return Page((), _total(pages), start_index)
    marker = _markers(pages, query).at(start) if start > 1 else None
    part = _slice_at_index(pages, marker, start, size)
    delivered = start - 1 + len(part.matches)
    total = part.total or 0
    if part.has_more:
        # The walk continues, whatever has been created or deleted since its matches were counted.
        total = max(total, delivered + 1)
    elif part.matches or (marker is not None and marker.index == start):
        total = delivered
    if part.has_more and part.matches:
        _markers(pages, query).leave(delivered + 1, part.matches[-1].position, total, marker)
    elif part.matches and start > 1:
        markers = _markers(pages, query)
        markers.leave_last(delivered + 1, part.matches[-1].position, total, marker)
    return Page(part.shown, total, start_index)


def _slice_at_index(pages: Pages, marker: PageMarker | None, start: int, size: int) -> Slice:
    """Return the matches of the page, with the total number of matches."""
    walk = pages.walk
    if marker is not None:
        part = walk.onward(marker.position, start - marker.index, size)
        return replace(part, total=marker.total)
    if not walk.is_counted:
        return walk.first_and_total(start - 1, size)
    if start == 1:
        part = walk.onward(None, 0, size)
        return replace(part, total=walk.count() if part.has_more else len(part.matches))
    total = walk.count()
    if start > total:
        return Slice((), has_more=False, total=total)
    part = walk.onward(None, start - 1, size)
    return replace(part, total=total)


def _total(pages: Pages) -> int:
    if pages.walk.is_counted:
        return pages.walk.count()
    return pages.walk.first_and_total(0, 0).total or 0


def _markers(pages: Pages, query: Query) -> PageMarkers:
    """Return the markers of the client's own walks, apart from those of other clients."""
    name = f"{pages.name} {query.walker}"
    walker = hashlib.sha256(name.encode()).hexdigest()[:32]
    return PageMarkers(pages.endpoint, pages.walk, walker, pages.time, pages.now, pages.end)


def page_by_cursor(pages: Pages, query: Query) -> Page:
    """Return the page at the cursor, the first page for an empty cursor.

    A page for a count of 0 has only the total, and no cursor, because it leads nowhere. Raises
    InvalidCursor, ExpiredCursor and InvalidCount.
    """
    size = _size(pages, query.count)
    cipher: CursorCipher | None = None
    cursor: Cursor | None = None
    if query.cursor:
        cipher = _cipher(pages)
        cursor = cipher.opened(query.cursor, pages.now)
    if size == 0:
        return Page((), _total(pages))
    part = _slice_at_cursor(pages, cursor, size)
    total = part.total or 0

    def sealed(position: Position | None, *, goes_back: bool = False) -> str:
        counted_total = None if pages.walk.is_counted else total
        return (cipher or _cipher(pages)).sealed(
            Cursor(position, pages.end, counted_total, goes_back)
        )

    came_back = cursor is not None and cursor.goes_back
    has_next = came_back or part.has_more
    has_previous = (
        part.has_more if came_back else cursor is not None and cursor.position is not None
    )
    last_position = part.matches[-1].position if part.matches else None
    return Page(
        part.shown,
        total,
        next_cursor=sealed(last_position) if has_next else None,
        previous_cursor=(
            sealed(part.matches[0].position, goes_back=True)
            if has_previous and part.matches
            else None
        ),
    )


def _slice_at_cursor(pages: Pages, cursor: Cursor | None, size: int) -> Slice:
    walk = pages.walk
    if cursor is None and not walk.is_counted:
        return walk.first_and_total(0, size)
    if cursor is not None and cursor.goes_back and cursor.position is not None:
        part = walk.back(cursor.position, size)
    else:
        part = walk.onward(None if cursor is None else cursor.position, 0, size)
    if not walk.is_counted:
        return replace(part, total=None if cursor is None else cursor.total)
    is_all = cursor is None and not part.has_more
    return replace(part, total=len(part.matches) if is_all else walk.count())


def _size(pages: Pages, count: int | None) -> int:
    """Return the page size for a `count`; a negative one means 0 (RFC 9865 section 2)."""
    bounds = pages.endpoint.bounds
    size = bounds.page_of(count)
    if count is not None and count > bounds.max_page_size:
        raise InvalidCount(f"count must be between 0 and {bounds.max_page_size} with a cursor.")
    return size


def _cipher(pages: Pages) -> CursorCipher:
    tenant = pages.endpoint.tenant
    return CursorCipher(pages.endpoint.directory.sealing_key(tenant), tenant, pages.name)
