"""Poll-based delivery of security event tokens (RFC 8936): unacknowledged SETs are sent again."""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Protocol

from scim.resource.history.log_entry import LogEntry
from scim.schema.catalogue import Catalogue
from scim.service.feed.events import Claims, claims_of
from scim.service.feed.ports import ChangeFeed
from scim.service.feed.signing import Sign

MOST_SETS = 100
"""The most SETs in one answer."""
MOST_ENTRIES = 2000
"""The most log entries of a lane that one poll reads."""
_QUOTED = 10
"""The bytes of `"…":"…",` in the JSON that a function answers with, where a quotation mark takes two."""


class PollPositions(Protocol):
    """How far each receiver has acknowledged the SETs it was sent."""

    def of(self, tenant: str, receiver: str) -> tuple[int, ...] | None:
        """Return the position in each lane; None for a receiver that has never polled."""

    def save(self, tenant: str, receiver: str, positions: Sequence[int]) -> None:
        """Store the position in each lane."""


class PolledFeed(ChangeFeed, Protocol):
    """The change log, the tenants' feeds, and what each receiver has acknowledged."""

    @property
    def poll_positions(self) -> PollPositions: ...
    @property
    def sign(self) -> Sign: ...
    def issuer(self, tenant: str) -> str:
        """Return the issuer (`iss`) of a tenant's events, however they are delivered."""


@dataclass(frozen=True, slots=True)
class Poll:
    """One poll request: the acknowledged `jti`s, and the most SETs wanted, 0 for none.

    `since` is the position in each lane to start over from.
    """

    acknowledged: frozenset[str] = frozenset()
    most: int = MOST_SETS
    since: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Polled:
    """The SETs by their `jti`, and whether there are more."""

    sets: dict[str, str] = field(default_factory=dict)
    has_more: bool = False


@dataclass(slots=True)
class _Room:
    """The SETs of an answer, and how many and how many bytes more it takes."""

    number: int
    bytes: int
    sets: dict[str, str] = field(default_factory=dict)

    @property
    def is_full(self) -> bool:
        return len(self.sets) >= self.number or self.bytes <= 0

    def takes(self, jti: str, token: str) -> bool:
        """Add a SET and return True, unless it is too large beside others."""
        self.bytes -= len(jti) + len(token) + _QUOTED
        if self.bytes < 0 and self.sets:
            return False
        self.sets[jti] = token
        return True


@dataclass(frozen=True, slots=True)
class Stream:
    """The stream of one tenant for one receiver."""

    feed: ChangeFeed
    places: PollPositions
    catalogue: Catalogue
    tenant: str
    receiver: str
    issuer: str
    sign: Sign
    most_bytes: int
    """The most bytes of the SETs in an answer; a single one may be larger."""

    def polled(self, poll: Poll) -> Polled:
        """Return the SETs that follow the acknowledged ones, in order for each resource.

        A receiver that has never polled starts with changes from now on; `since` starts over at
        that position.
        """
        stored_places = self.places.of(self.tenant, self.receiver)
        room = _Room(poll.most, self.most_bytes)
        ends = self.feed.log.ends(self.tenant)
        start = poll.since or stored_places or ends
        places = [*start, *[0] * (len(ends) - len(start))]
        has_more = False
        for lane, end in enumerate(ends):
            confirmed, lane_has_more = self._lane(lane, places[lane], end, poll.acknowledged, room)
            places[lane] = confirmed
            has_more |= lane_has_more
        if stored_places is None or tuple(places) != stored_places:
            self.places.save(self.tenant, self.receiver, places)
        return Polled(room.sets, has_more)

    def _lane(
        self, lane: int, position: int, end: int, acknowledged: AbstractSet[str], room: "_Room"
    ) -> tuple[int, bool]:
        """Collect a lane's SETs; return up to where it is acknowledged, and whether there are more."""
        confirmed, is_gapless = position, True
        for scanned, (after, claims) in enumerate(self._reported(lane, position, end), 1):
            if scanned > MOST_ENTRIES:
                return confirmed, True
            if claims is not None and claims["jti"] not in acknowledged:
                if room.is_full:
                    return confirmed, True
                if not room.takes(str(claims["jti"]), self.sign(claims)):
                    return confirmed, True
                is_gapless = False
            if is_gapless:
                confirmed = after
        return confirmed, False

    def _reported(self, lane: int, position: int, end: int) -> Iterator[tuple[int, Claims | None]]:
        """Yield the claims that report each entry of a lane, with the position after the entry."""
        while position < end:
            pages = self.feed.log.read(self.tenant, lane, position, MOST_SETS)
            if not pages:
                yield end, None
                return
            for page in pages:
                # Entries before it may have expired.
                position = page.position
                for claims in self._claims(page.entries):
                    position += 1
                    yield position, claims

    def _claims(self, entries: Iterable[LogEntry]) -> list[Claims | None]:
        feed = self.feed.feeds.of(self.tenant)
        types = [(entry, self.catalogue.resource_type(entry.key.type)) for entry in entries]
        return [claims_of(entry, self.tenant, type_, feed, self.issuer) for entry, type_ in types]
