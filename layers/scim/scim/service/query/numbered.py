"""Pages by startIndex (RFC 7644 section 3.4.2.4).

A mark remembers behind which hit the next page begins, so that a walk costs what its pages
hold, and neither misses nor repeats what is there all the time while others come and go.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from scim.service.messages import Query
from scim.service.query.hit import Position
from scim.service.query.paging import Page, Pages
from scim.service.query.walk import Leg

FURTHEST = 10**11
"""What is further on is as far as this: no walk gets there, and keys have room for it."""


@dataclass(frozen=True, slots=True)
class _Mark:
    """What is remembered of a walk: the hit before an index, and how many hits there are."""

    index: int
    position: Position
    total: int


def numbered(pages: Pages, query: Query) -> Page:
    """Return the page that begins at startIndex; what is less than 1 means 1."""
    bounds = pages.endpoint.bounds
    asked = max(query.start_index or 1, 1)
    start = min(asked, FURTHEST)
    size = bounds.page_of(query.count)
    if size == 0:
        return Page((), _total(pages), asked)
    walker = _walker(pages, query)
    mark = _mark(pages, walker, start) if start > 1 else None
    leg = _leg_at_index(pages, mark, start, size)
    delivered = start - 1 + len(leg.hits)
    total = leg.total or 0
    if leg.has_more:
        # The walk goes on, whatever has come and gone since its hits were counted.
        total = max(total, delivered + 1)
    elif leg.hits or (mark is not None and mark.index == start):
        total = delivered
    is_end_remembered = start > 1 or len(leg.hits) == size > 1
    if leg.hits and (leg.has_more or is_end_remembered):
        content = {"position": leg.hits[-1].position, "total": total}
        pages.endpoint.directory.mark(
            pages.endpoint.tenant, walker, delivered + 1, content, pages.end
        )
    return Page(leg.hits, total, asked)


def _leg_at_index(pages: Pages, mark: _Mark | None, start: int, size: int) -> Leg:
    """Return the hits of the page, with how many there are in all."""
    walk = pages.walk
    if mark is not None:
        leg = walk.onward(mark.position, start - mark.index, size)
        return Leg(leg.hits, leg.has_more, mark.total)
    if not walk.is_counted:
        return walk.whole(start - 1, size)
    if start == 1:
        leg = walk.onward(None, 0, size)
        return Leg(leg.hits, leg.has_more, walk.count() if leg.has_more else len(leg.hits))
    total = walk.count()
    if start > total:
        return Leg((), has_more=False, total=total)
    leg = walk.onward(None, start - 1, size)
    return Leg(leg.hits, leg.has_more, total)


def _total(pages: Pages) -> int:
    if pages.walk.is_counted:
        return pages.walk.count()
    return pages.walk.whole(0, 0).total or 0


def _walker(pages: Pages, query: Query) -> str:
    """Return the name of the client's own walk: the marks of another would be beside its own."""
    whole = f"{pages.name} {query.walker}"
    return hashlib.sha256(whole.encode()).hexdigest()[:32]


def _mark(pages: Pages, walker: str, start: int) -> _Mark | None:
    """Return the mark at just that index, else the nearest before it."""
    directory, tenant = pages.endpoint.directory, pages.endpoint.tenant
    content = directory.marked(tenant, walker, start)
    if content is not None:
        return _read(start, content, pages.now)
    nearest = directory.marked_before(tenant, walker, start)
    return None if nearest is None else _read(*nearest, pages.now)


def _read(index: int, content: Mapping[str, object], now: int) -> _Mark | None:
    match content:
        case {"position": [*parts], "total": int(total), "end": int(end)} if end >= now:
            return _Mark(index, tuple(map(str, parts)), total)
        case _:
            return None
