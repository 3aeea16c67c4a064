"""Delta query: what has changed since a token was issued (draft-sehgal-scim-delta-query-02).

A resource appears once, in its current state, however often it changed: at its last entry in the log.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scim.errors import InvalidCount, NotImplementedHere
from scim.filter.binding.predicate import predicate
from scim.resource.history.log_entry import CHANGE, LogEntry, LogPage
from scim.resource.history.origin import Action
from scim.resource.projection import Projection
from scim.resource.record import Key, Record
from scim.service.attempt import settled
from scim.service.endpoint import Endpoint
from scim.service.feed.ports import ChangeFeed
from scim.service.feed.positions import DeltaToken, Seals
from scim.service.messages import Query
from scim.service.query.filtering import type_queries_of
from scim.service.query.read_budget import ReadBudget
from scim.service.resources.view import full_views, plain_view
from scim.service.visibility.directory import FilteredDirectory

RESPONSE_URN = "urn:ietf:params:scim:api:messages:2.0:delta:response"

Response = Mapping[str, object]
"""One changed resource as the client sees it."""


@dataclass(frozen=True, slots=True)
class DeltaPage:
    """One page of changes: the last page carries the next token, every other page a cursor."""

    resources: tuple[Response, ...]
    next_cursor: str | None
    next_token: Mapping[str, object] | None


@dataclass(frozen=True, slots=True)
class Changed:
    """A resource and the entries read of it; the walk continues in its lane at position `end`."""

    key: Key
    entries: tuple[LogEntry, ...]
    lane: int
    end: int


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

    Raises InvalidValue for a token that is invalid or expired, InvalidCursor, ExpiredCursor,
    InvalidCount, InvalidFilter, and NotImplementedHere for a tenant without a feed.
    """
    if query.count is not None and query.count < 1:
        raise InvalidCount("count must be at least 1 in a delta query.")
    first = endpoints[0]
    days, seals = _days(first, change_feed), Seals.of(first)
    since = seals.token_in(token)
    if query.cursor:
        positions, ends = seals.page_in(query.cursor, token)
    else:
        positions, ends = list(since.positions), change_feed.log.ends(first.tenant)
    size = first.bounds.page_of(query.count)
    walk = _Walk(endpoints, change_feed, positions, ends)
    changed = walk.take(size)
    responses, left_out = _fitting(endpoints, changed, since, query)
    if left_out is not None:
        walk.go_back(left_out)
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
        self._log = change_feed.log
        self._left = endpoints[0].bounds.scanned
        self._ends = ends
        self.positions = positions + [0] * (len(ends) - len(positions))
        self._begun = list(self.positions)

    def take(self, size: int) -> list[Changed]:
        found: list[Changed] = []
        for lane, end in enumerate(self._ends):
            while self.positions[lane] < end and len(found) < size and self._left > 0:
                pages = self._log.read(self._tenant, lane, self.positions[lane], size)
                if not pages:
                    self.positions[lane] = end
                for page in pages:
                    if len(found) < size and page.position < end:
                        self._left -= len(page.entries)
                        found += self._in(page, lane, size - len(found))
        return found

    def go_back(self, changed: Changed) -> None:
        """Make the next page begin with a resource that did not fit on this one."""
        behind = changed.lane + 1
        self.positions[changed.lane :] = [changed.end - 1, *self._begun[behind:]]

    def has_more(self) -> bool:
        return any(at < end for at, end in zip(self.positions, self._ends, strict=True))

    def _in(self, page: LogPage, lane: int, room: int) -> list[Changed]:
        entries = page.entries[: self._ends[lane] - page.position]
        by_key: dict[Key, list[tuple[int, LogEntry]]] = {}
        for place, entry in enumerate(entries):
            if entry.kind == CHANGE and entry.key.type in self._types and not entry.is_silent:
                by_key.setdefault(entry.key, []).append((page.position + place, entry))
        later = self._with_later_entries(page.position, lane, by_key)
        found = sorted(
            (
                Changed(key, tuple(entry for _, entry in some), lane, some[-1][0] + 1)
                for key, some in by_key.items()
                if key not in later
            ),
            key=lambda each: each.end,
        )
        if len(found) > room:
            self.positions[lane] = found[room - 1].end
            return found[:room]
        self.positions[lane] = page.position + len(entries)
        return found

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


def _fitting(
    endpoints: Sequence[Endpoint], changed: Sequence[Changed], since: DeltaToken, query: Query
) -> tuple[tuple[Response, ...], Changed | None]:
    """Return the responses that fit the answer, and the first resource whose response does not."""
    responses: dict[Key, Response] = {}
    for endpoint in endpoints:
        own = [each for each in changed if each.key.type == endpoint.resource_type.name]
        if own:
            responses |= _responses(endpoint, own, since, query)
    found: list[Response] = []
    room = endpoints[0].bounds.answer_bytes
    for each in changed:
        response = responses.get(each.key)
        if response is None:
            continue
        room -= len(json.dumps(response, ensure_ascii=False).encode())
        if room < 0 and found:
            return tuple(found), each
        found.append(response)
    return tuple(found), None


def _responses(
    endpoint: Endpoint, changed: Sequence[Changed], since: DeltaToken, query: Query
) -> dict[Key, Response]:
    (type_query,), _ = type_queries_of(
        [endpoint],
        query.filter,
        ReadBudget(endpoint.bounds.scanned, endpoint.budget),
        query.domain,
    )
    test = predicate(type_query.tree)
    live = _live(endpoint, [each.key for each in changed])
    matching = [
        record
        for record in live.values()
        if test({**plain_view(endpoint, record), **record.counts})
    ]
    projection = Projection.of(
        endpoint.resource_type, query.attributes, query.excluded_attributes, endpoint.profile
    )
    views = full_views(endpoint, matching, projection)
    responses: dict[Key, Response] = {}
    again = {each.key for each in changed if any(map(_restores, each.entries))}
    for record, view in zip(matching, views, strict=True):
        is_new = record.created >= since.at or record.key in again
        kind = "Create" if is_new else "Update"
        responses[record.key] = {**_response(record.key, kind), "data": view}
    for each in changed:
        if each.key not in live and _has_left(endpoint, each):
            responses[each.key] = _response(each.key, "Delete")
    return responses


def _restores(entry: LogEntry) -> bool:
    return entry.action == Action.CREATE and entry.since > 0


def _live(endpoint: Endpoint, keys: Sequence[Key]) -> dict[Key, Record]:
    found = endpoint.directory.read_latest(endpoint.tenant, dict.fromkeys(keys))
    records = (settled(endpoint, record) for record in found.values())
    return {record.key: record for record in records if record is not None}


def _has_left(endpoint: Endpoint, changed: Changed) -> bool:
    """Tell whether the caller saw the resource before one of the changes but no longer does."""
    directory = endpoint.directory
    if not isinstance(directory, FilteredDirectory):
        # A deletion is not always the last entry: the log may hold an earlier version after it.
        return True
    behind = directory.behind.read_latest(endpoint.tenant, [changed.key]).get(changed.key)
    body: dict[str, object] = {} if behind is None else dict(behind.body)
    for entry in reversed(changed.entries):
        kept = {name: value for name, value in body.items() if name not in entry.after}
        body = {**kept, **entry.before}
        before = Record(changed.key, entry.since, entry.at, entry.at, body)
        if entry.since and directory.filters.holds(before):
            return True
    return False


def _response(key: Key, kind: str) -> dict[str, object]:
    return {
        "schemas": [RESPONSE_URN],
        "resourceType": key.type,
        "changeType": kind,
        "changedResourceId": key.id,
    }
