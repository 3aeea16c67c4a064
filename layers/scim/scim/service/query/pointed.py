"""Pages by cursor (RFC 9865): each names the next one and the one before."""

from scim.errors import InvalidCount
from scim.service.messages import Query
from scim.service.query.cursor import Cursor, Seal
from scim.service.query.hit import Position
from scim.service.query.paging import Page, Pages
from scim.service.query.walk import Leg


def pointed(pages: Pages, query: Query) -> Page:
    """Return the page the cursor points at, the first one for an empty cursor.

    Raises InvalidCursor, ExpiredCursor and InvalidCount.
    """
    size = _size(pages, query.count)
    seal: Seal | None = None
    at: Cursor | None = None
    if query.cursor:
        seal = _seal(pages)
        at = seal.opened(query.cursor, pages.now)
    leg = _leg_at_cursor(pages, at, size)
    total = leg.total or 0

    def sealed(position: Position | None, *, goes_back: bool = False) -> str:
        carried = None if pages.walk.is_counted else total
        cursor = Cursor(position, pages.end, carried, goes_back)
        return (seal or _seal(pages)).sealed(cursor)

    came_back = at is not None and at.goes_back
    has_next = came_back or leg.has_more
    has_previous = leg.has_more if came_back else at is not None and at.position is not None
    last = leg.hits[-1].position if leg.hits else None
    return Page(
        leg.hits,
        total,
        next_cursor=sealed(last) if has_next else None,
        previous_cursor=(
            sealed(leg.hits[0].position, goes_back=True) if has_previous and leg.hits else None
        ),
    )


def _leg_at_cursor(pages: Pages, at: Cursor | None, size: int) -> Leg:
    walk = pages.walk
    if at is None and not walk.is_counted:
        return walk.whole(0, size)
    if at is not None and at.goes_back and at.position is not None:
        leg = walk.back(at.position, size)
    else:
        leg = walk.onward(None if at is None else at.position, 0, size)
    if not walk.is_counted:
        return Leg(leg.hits, leg.has_more, None if at is None else at.total)
    is_all = at is None and not leg.has_more
    return Leg(leg.hits, leg.has_more, len(leg.hits) if is_all else walk.count())


def _size(pages: Pages, count: int | None) -> int:
    bounds = pages.endpoint.bounds
    if count is None:
        return min(bounds.page_size, bounds.max_page_size)
    if bounds.refuses_larger_pages:
        bounds.page_of(count)
    if not 1 <= count <= bounds.max_page_size:
        raise InvalidCount(f"count must be between 1 and {bounds.max_page_size} with a cursor.")
    return count


def _seal(pages: Pages) -> Seal:
    tenant = pages.endpoint.tenant
    return Seal(pages.endpoint.directory.sealing_key(tenant), tenant, pages.name)
