"""Delta query: what has changed since a token was issued (draft-sehgal-scim-delta-query-02).

A resource appears once, in its current state, however often it changed: at its last entry in the log.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scim.errors import InvalidCount, NotImplementedHere
from scim.resource.history.log_entry import CHANGE, LogEntry, LogPage
from scim.resource.record import Key
from scim.service.endpoint import Endpoint
from scim.service.feed.delta_responses import ChangedResource, Response, fitting_responses
from scim.service.feed.ports import ChangeFeed
from scim.service.feed.positions import DeltaToken, Seals
from scim.service.messages import Query
from scim.service.visibility.directory import FilteredDirectory


@dataclass(frozen=True, slots=True)
class DeltaPage:
    """One page of changes: the last page carries the next token, every other page a cursor."""

    resources: tuple[Response, ...]
    next_cursor: str | None
    next_token: Mapping[str, object] | None


def delta_token(endpoint: Endpoint, change_feed: ChangeFeed) -> Mapping[str, object]:
    """Return a token for the changes from now on, with its expiry.

    A change that is committed but not yet logged counts as after the token. Raises
    NotImplementedHere for a tenant without a feed.
    """
    days = _days(endpoint, change_feed)
    seals = Seals.of(endpoint)
    return seals.token(DeltaToken(change_feed.log.ends(endpoint.tenant), seals.now), days)


def delta(
    endpoints: Sequence[Endpoint], change_feed: ChangeFeed, token: str, query: Query
) -> DeltaPage:
    """Return a page of the changes since the token in the endpoints of one tenant.

    Raises InvalidValue for a token that is invalid, expired or from after the end of the log,
    InvalidCursor, ExpiredCursor, InvalidCount, InvalidFilter, and NotImplementedHere for a tenant
    without a feed.
    """
    if query.count is not None and query.count < 1:
        raise InvalidCount("count must be at least 1 in a delta query.")
    endpoint = endpoints[0]
    days, seals = _days(endpoint, change_feed), Seals.of(endpoint)
    since = seals.token_in(token, days)
    if query.cursor:
        positions, ends = seals.page_in(query.cursor, token)
    else:
        positions, ends = list(since.positions), change_feed.log.ends(endpoint.tenant)
        since.require_logged(ends)
    size = endpoint.bounds.page_of(query.count)
    walk = _Walk(endpoints, change_feed, positions, ends)
    changed = walk.take(size)
    responses, unfitting = fitting_responses(endpoints, changed, since, query)
    if unfitting is not None:
        walk.go_back(unfitting)
    if walk.has_more():
        return DeltaPage(responses, seals.page(tuple(walk.positions), ends, token), None)
    return DeltaPage(responses, None, seals.token(DeltaToken(ends, seals.now), days))


class _Walk:
    """The changed resources between positions and ends, each at its last entry."""

    def __init__(
        self,
        endpoints: Sequence[Endpoint],
        change_feed: ChangeFeed,
        positions: list[int],
        ends: tuple[int, ...],
    ) -> None:
        self._tenant = endpoints[0].tenant
        self._types = {endpoint.resource_type.name for endpoint in endpoints}
        # A caller who sees only part of the directory must learn what leaves that part; any entry may tell.
        self._tells_last_only = not isinstance(endpoints[0].directory, FilteredDirectory)
        # So a later page needs all entries of a resource, or only its last one.
        self._told_at = -1 if self._tells_last_only else 0
        self._log = change_feed.log
        self._left = endpoints[0].bounds.scanned
        self._ends = ends
        self.positions = positions + [0] * (len(ends) - len(positions))
        self._begun = list(self.positions)

    def take(self, size: int) -> list[ChangedResource]:
        resources: list[ChangedResource] = []
        for lane, end in enumerate(self._ends):
            while self.positions[lane] < end and len(resources) < size and self._left > 0:
                pages = self._log.read(self._tenant, lane, self.positions[lane], size)
                if not pages or pages[0].position >= end:
                    # Everything in between has expired.
                    self.positions[lane] = end
                for page in pages:
                    if len(resources) < size and page.position < end:
                        self._left -= len(page.entries)
                        resources += self._in(page, lane, size - len(resources))
        return resources

    def go_back(self, changed: ChangedResource) -> None:
        """Make the next page begin with a resource that did not fit on this one."""
        next_lane = changed.lane + 1
        self.positions[changed.lane :] = [changed.start, *self._begun[next_lane:]]

    def has_more(self) -> bool:
        return any(position < end for position, end in zip(self.positions, self._ends, strict=True))

    def _in(self, page: LogPage, lane: int, room: int) -> list[ChangedResource]:
        entries = page.entries[: self._ends[lane] - page.position]
        by_key: dict[Key, list[tuple[int, LogEntry]]] = {}
        for place, entry in enumerate(entries):
            if entry.kind == CHANGE and entry.key.type in self._types and not entry.is_silent:
                by_key.setdefault(entry.key, []).append((page.position + place, entry))
        later = self._with_later_entries(page.position, lane, by_key)
        resources = sorted(
            (
                ChangedResource(
                    key,
                    tuple(entry for _, entry in numbered_entries),
                    lane,
                    numbered_entries[self._told_at][0],
                )
                for key, numbered_entries in by_key.items()
                if key not in later
            ),
            key=lambda resource: resource.start,
        )
        if len(resources) > room:
            self.positions[lane] = resources[room].start
            return resources[:room]
        self.positions[lane] = page.position + len(entries)
        return resources

    def _with_later_entries(self, position: int, lane: int, keys: Mapping[Key, object]) -> set[Key]:
        """Return the keys that appear on a later page, at their last entry."""
        if not self._tells_last_only or not keys:
            return set()
        marks = self._log.marks(self._tenant, keys)
        return {key for key, mark in marks.items() if position < mark.position < self._ends[lane]}


def _days(endpoint: Endpoint, change_feed: ChangeFeed) -> int:
    feed = change_feed.feeds.of(endpoint.tenant)
    if not feed.is_on:
        raise NotImplementedHere("This tenant has no change feed.")
    return feed.days
