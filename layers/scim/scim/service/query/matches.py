"""The matches among the candidates, read page by page on demand."""

import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from scim.resource.record import LINK, Key, Record
from scim.service.attempt import settled
from scim.service.endpoint import Endpoint
from scim.service.query.candidates import Candidate
from scim.service.query.read_budget import ReadBudget
from scim.service.resources.view import plain_view
from scim.service.visibility.references import without_unseen

Position = tuple[str, ...]
"""The position of a match in the order of its walk; its first part names the walk's segment."""


class Match(NamedTuple):
    """One element of a result."""

    endpoint: Endpoint
    record: Record
    position: Position = ()


BATCH_SIZE = 100
FULL = 4_000_000
"""The most candidates read at once, and the characters of theirs after which no further page is read."""

BOUNDLESS = sys.maxsize
"""Unlimited room."""

Test = Callable[[Mapping[str, object]], bool]


def characters_of(matches: Iterable[Match]) -> int:
    """Return the number of characters of the matches' bodies and back links."""
    return sum([len(match.record.text) + LINK * match.record.linked for match in matches])


def _weight_read(candidates: Iterable[Candidate]) -> int:
    return sum([each.record.weight for each in candidates if each.record is not None])


class Matches:
    """Matches of one endpoint in the order of their source.

    `is_exact`: every candidate is a match, so that matches can be counted without reading them.
    `hides`: the test ignores what the caller may not see of a resource.
    `may_match` tests the text of a stored body; False means that the resource does not match.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        segment: str,
        pages: Iterator[Sequence[Candidate]],
        test: Test,
        budget: ReadBudget,
        *,
        is_exact: bool,
        hides: bool = False,
        may_match: Callable[[str], bool] | None = None,
    ) -> None:
        self._endpoint = endpoint
        self._segment = segment
        self._pages = pages
        self._page: Sequence[Candidate] = ()
        self._test = test
        self._budget = budget
        self._is_exact = is_exact and not hides
        self._hides = hides
        self._may_match = may_match
        self._shown: dict[Key, tuple[Record, Record]] = {}
        self._ready: deque[Match] = deque()

    def take(self, number: int, room: int = BOUNDLESS) -> list[Match]:
        """Return the next matches: fewer than `number` at the end, or when their bodies fill the room.

        Room is in characters, back links included; the match that fills it is still returned.
        """
        taken: list[Match] = []
        ready = self._ready
        while len(taken) < number and room > 0:
            if not ready and not self._fill(number - len(taken)):
                break
            weight = characters_of(ready) if len(ready) <= number - len(taken) else room
            if weight < room:
                taken.extend(ready)
                ready.clear()
                room -= weight
            while ready and len(taken) < number and room > 0:
                match = ready.popleft()
                taken.append(match)
                room -= len(match.record.text) + LINK * match.record.linked
        return taken

    def drop(self, number: int) -> int:
        """Skip the next matches; return how many were skipped."""
        dropped = 0
        if self._is_exact:
            while dropped < number and (candidates := self._on_page(number - dropped)):
                dropped += len(candidates)
            return dropped
        while dropped < number and (some := len(self.take(min(number - dropped, BATCH_SIZE)))):
            dropped += some
        return dropped

    def rest(self, enough: int = sys.maxsize) -> int:
        """Skip the matches that are left, `enough` of them or a few more; return how many were skipped."""
        left = len(self._ready)
        self._ready.clear()
        if self._is_exact:
            while left < enough and (candidates := self._on_page(sys.maxsize)):
                left += len(candidates)
            return left
        while left < enough and self._fill(BATCH_SIZE):
            left += len(self._ready)
            self._ready.clear()
        return left

    def has_more(self) -> bool:
        """Tell whether there is another match."""
        if self._is_exact:
            return bool(self._ready) or self._has_candidates()
        while not self._ready and self._fill(1):
            pass
        return bool(self._ready)

    def _has_candidates(self) -> bool:
        """Tell whether there is another candidate; reads the next page when the last one is used up."""
        while not self._page:
            page = next(self._pages, None)
            if page is None:
                return False
            self._page = page
        return True

    def _on_page(self, most: int) -> Sequence[Candidate]:
        """Return the next candidates of one page, none at the end."""
        if not self._has_candidates():
            return ()
        page = self._page
        self._page = page[most:]
        return page[:most]

    def _fill(self, wanted: int) -> bool:
        """Read some more candidates; tell whether there were any."""
        some = self._some(min(wanted, BATCH_SIZE) if self._is_exact else BATCH_SIZE)
        if self._hides:
            self._hide([each.record for each in some if each.record is not None])
        # A source yields all its candidates with their records, or none.
        are_read = bool(some) and some[0].record is not None
        records = {} if are_read else self._records([each.id for each in some])
        endpoint, segment, ready = self._endpoint, self._segment, self._ready
        is_exact, may_match = self._is_exact, self._may_match
        for each in some:
            record = each.record
            if record is None or record.is_unsettled:
                record = self._settled(each, records)
            elif not is_exact:
                text = record.text
                is_possible = may_match is None or not text or may_match(text)
                record = record if is_possible and self._holds(record) else None
            if record is not None:
                ready.append(Match(endpoint, record, (segment, each.position)))
        return bool(some)

    def _some(self, size: int) -> Sequence[Candidate]:
        """Return the next candidates, fewer when they are large."""
        some = self._on_page(size)
        if len(some) == size or not some:
            return some
        gathered, weight = [*some], _weight_read(some)
        while len(gathered) < size and weight < FULL:
            some = self._on_page(size - len(gathered))
            if not some:
                break
            gathered += some
            weight += _weight_read(some)
        return gathered

    def _settled(self, found: Candidate, records: Mapping[str, Record]) -> Record | None:
        """Return the record of a candidate read by its id or under change; None if it does not match."""
        record = found.record or records.get(found.id)
        # Records read by id have been tested already.
        tested = found.record is None or self._is_exact
        if record is not None and record.is_unsettled:
            record, tested = settled(self._endpoint, record), self._is_exact
        return record if record is not None and (tested or self._holds(record)) else None

    def _records(self, ids: Sequence[str]) -> Mapping[str, Record]:
        """Return the records that match; a missing or outdated record is read again, as of now."""
        type_name, directory = self._endpoint.resource_type.name, self._endpoint.directory
        keys = [Key(type_name, id_) for id_ in dict.fromkeys(ids)]
        if not keys:
            return {}
        if len(keys) == 1:
            only = directory.read(self._endpoint.tenant, keys[0])
            found = {} if only is None else {keys[0]: only}
            doubtful = [] if only is None or not self._is_exact or self._holds(only) else keys
        else:
            found = dict(directory.read_many(self._endpoint.tenant, keys))
            self._hide(found.values())
            doubtful = [key for key in keys if key not in found or self._seems_old(found[key])]
        self._budget.look_up([*found.values()], self._endpoint.resource_type)
        if doubtful:
            latest = directory.read_latest(self._endpoint.tenant, doubtful)
            found = {key: record for key, record in found.items() if key not in doubtful}
            found.update(latest)
        return {key.id: record for key, record in found.items() if self._holds(record)}

    def _seems_old(self, record: Record) -> bool:
        """Tell whether the index and the record disagree: the record was read a moment too early."""
        return self._is_exact and not self._holds(record)

    def _holds(self, record: Record) -> bool:
        if self._may_match is not None and record.text and not self._may_match(record.text):
            return False
        self._budget.look_into(record, self._endpoint.resource_type)
        if self._hides and self._shown.get(record.key, (None,))[0] is not record:
            self._hide([record])
        shown = self._shown[record.key][1] if self._hides else record
        return self._test({**plain_view(self._endpoint, shown), **record.counts})

    def _hide(self, records: Iterable[Record]) -> None:
        """Find out what the caller sees of records that are about to be tested, in one round trip."""
        if self._hides:
            read = list(records)
            self._budget.look_up(read, self._endpoint.resource_type)  # the resources they name
            shown = without_unseen(self._endpoint, read)
            self._shown = {one.key: (one, other) for one, other in zip(read, shown, strict=True)}
