"""The matches among the candidates, read page by page on demand."""

import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from scim.immutable import immutable, renewed
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
    return sum(
        [candidate.record.weight for candidate in candidates if candidate.record is not None]
    )


@immutable
class CandidateTest:
    """How candidates are tested.

    `is_exact`: every candidate is a match, so that matches can be counted without reading them.
    `hides`: the test ignores what the caller may not see of a resource.
    `tests_links`: the test reads back links, of which those from deleted resources do not count.
    `may_match` tests the text of a stored body; False means that the resource does not match.
    """

    test: Test
    is_exact: bool
    hides: bool = False
    tests_links: bool = False
    may_match: Callable[[str], bool] | None = None


class Matches:
    """Matches of one endpoint in the order of their source."""

    def __init__(
        self,
        endpoint: Endpoint,
        segment: str,
        pages: Iterator[Sequence[Candidate]],
        candidate_test: CandidateTest,
        budget: ReadBudget,
    ) -> None:
        self._endpoint = endpoint
        self._segment = segment
        self._pages = pages
        self._page: Sequence[Candidate] = ()
        self._test = candidate_test.test
        self._budget = budget
        self._is_exact = candidate_test.is_exact and not candidate_test.hides
        self._hides = candidate_test.hides
        self._tests_links = candidate_test.tests_links and not self._is_exact
        self._deleted_keys: frozenset[Key] | None = None
        self._may_match = candidate_test.may_match
        self._visible: dict[Key, tuple[Record, Record]] = {}
        self._ready: deque[Match] = deque()

    def take(self, number: int, room: int = BOUNDLESS) -> list[Match]:
        """Return the next matches: fewer than `number` at the end, or when their bodies fill the room.

        Room is in characters, back links included; the match that fills it is still returned.
        """
        matches: list[Match] = []
        ready = self._ready
        while len(matches) < number and room > 0:
            if not ready and not self._fill(number - len(matches)):
                break
            weight = characters_of(ready) if len(ready) <= number - len(matches) else room
            if weight < room:
                matches.extend(ready)
                ready.clear()
                room -= weight
            while ready and len(matches) < number and room > 0:
                match = ready.popleft()
                matches.append(match)
                room -= len(match.record.text) + LINK * match.record.linked
        return matches

    def drop(self, number: int) -> int:
        """Skip the next matches; return how many were skipped."""
        dropped = 0
        if self._is_exact:
            while dropped < number and (candidates := self._on_page(number - dropped)):
                dropped += len(candidates)
            return dropped
        while dropped < number and (skipped := len(self.take(min(number - dropped, BATCH_SIZE)))):
            dropped += skipped
        return dropped

    def rest(self, enough: int = sys.maxsize) -> int:
        """Skip the matches that are left, `enough` of them or a few more; return how many were skipped."""
        number = len(self._ready)
        self._ready.clear()
        if self._is_exact:
            while number < enough and (candidates := self._on_page(sys.maxsize)):
                number += len(candidates)
            return number
        while number < enough and self._fill(BATCH_SIZE):
            number += len(self._ready)
            self._ready.clear()
        return number

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

    def _on_page(self, limit: int) -> Sequence[Candidate]:
        """Return the next candidates of one page, none at the end."""
        if not self._has_candidates():
            return ()
        page = self._page
        self._page = page[limit:]
        return page[:limit]

    def _fill(self, number: int) -> bool:
        """Read some more candidates; tell whether there were any."""
        if self._tests_links and self._deleted_keys is None:
            # Before the records: a resource that is missing afterwards has no more links.
            directory = self._endpoint.directory
            self._deleted_keys = directory.linked_after_deletion(self._endpoint.tenant)
        candidates = self._next_candidates(
            min(number, BATCH_SIZE) if self._is_exact else BATCH_SIZE
        )
        if self._hides:
            self._find_visible(
                [candidate.record for candidate in candidates if candidate.record is not None]
            )
        # A source yields all its candidates with their records, or none.
        are_read = bool(candidates) and candidates[0].record is not None
        records = {} if are_read else self._records([candidate.id for candidate in candidates])
        endpoint, segment, ready = self._endpoint, self._segment, self._ready
        is_exact, may_match = self._is_exact, self._may_match
        for candidate in candidates:
            record = candidate.record
            if record is None or record.is_unsettled:
                record = self._settled(candidate, records)
            elif not is_exact:
                text = record.text
                is_possible = may_match is None or not text or may_match(text)
                record = record if is_possible and self._holds(record) else None
            if record is not None:
                ready.append(Match(endpoint, record, (segment, candidate.position)))
        return bool(candidates)

    def _next_candidates(self, size: int) -> Sequence[Candidate]:
        """Return the next candidates, fewer when they are large."""
        candidates = self._on_page(size)
        if len(candidates) == size or not candidates:
            return candidates
        gathered, weight = [*candidates], _weight_read(candidates)
        while len(gathered) < size and weight < FULL:
            candidates = self._on_page(size - len(gathered))
            if not candidates:
                break
            gathered += candidates
            weight += _weight_read(candidates)
        return gathered

    def _settled(self, candidate: Candidate, records: Mapping[str, Record]) -> Record | None:
        """Return the record of a candidate read by its id or under change; None if it does not match."""
        record = candidate.record or records.get(candidate.id)
        # Records read by id have been tested already.
        tested = candidate.record is None or self._is_exact
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
            only_record = directory.read(self._endpoint.tenant, keys[0])
            records = {} if only_record is None else {keys[0]: only_record}
            doubtful = (
                []
                if only_record is None or not self._is_exact or self._holds(only_record)
                else keys
            )
        else:
            records = dict(directory.read_many(self._endpoint.tenant, keys))
            self._find_visible(records.values())
            doubtful = [key for key in keys if key not in records or self._seems_old(records[key])]
        self._budget.look_up([*records.values()], self._endpoint.resource_type)
        if doubtful:
            latest = directory.read_latest(self._endpoint.tenant, doubtful)
            records = {key: record for key, record in records.items() if key not in doubtful}
            records.update(latest)
        return {key.id: record for key, record in records.items() if self._holds(record)}

    def _seems_old(self, record: Record) -> bool:
        """Tell whether the index and the record disagree: the record was read a moment too early."""
        return self._is_exact and not self._holds(record)

    def _holds(self, record: Record) -> bool:
        if self._may_match is not None and record.text and not self._may_match(record.text):
            return False
        self._budget.look_into(record, self._endpoint.resource_type)
        if self._hides and self._visible.get(record.key, (None,))[0] is not record:
            self._find_visible([record])
        visible = self._visible[record.key][1] if self._hides else record
        if self._deleted_keys:
            visible = without_links_from(visible, self._deleted_keys)
        return self._test({**plain_view(self._endpoint, visible), **record.counts})

    def _find_visible(self, records: Iterable[Record]) -> None:
        """Find out what the caller sees of records that are about to be tested, in one round trip."""
        if self._hides:
            tested = list(records)
            self._budget.look_up(tested, self._endpoint.resource_type)  # the resources they name
            visible_records = without_unseen(self._endpoint, tested)
            self._visible = {
                record.key: (record, visible_record)
                for record, visible_record in zip(tested, visible_records, strict=True)
            }


def without_links_from(record: Record, keys: frozenset[Key]) -> Record:
    """Return the record without the back links from these resources."""
    links = {
        link: frozenset([id_ for id_ in ids if Key(link.type, id_) not in keys])
        for link, ids in record.links.items()
    }
    return renewed(record, links=links)
