"""A poll reads a bounded part of the log, and remembers how far it came."""

from collections.abc import Sequence
from dataclasses import dataclass

from scim.resource.history.log_entry import LogEntry
from scim.resource.record import Key
from scim.schema.loading import shipped_catalogue
from scim.service.feed.poll import MOST_ENTRIES, Poll, Stream
from tests.fakes.endpoint import NOW
from tests.scim.service.feed.changes import Changes


@dataclass
class Positions:
    """How far one receiver is."""

    stored: tuple[int, ...] | None = (0,)

    def of(self, _tenant: str, _receiver: str) -> tuple[int, ...] | None:
        return self.stored

    def save(self, _tenant: str, _receiver: str, positions: Sequence[int]) -> None:
        self.stored = tuple(positions)


def test_a_poll_goes_past_a_bounded_number_of_entries_that_it_does_not_serve() -> None:
    changes, positions = Changes(), Positions()
    unknown, ann = Key("Robot", "r"), Key("User", "ann")
    for key in [*[unknown] * (MOST_ENTRIES + 1), ann]:
        changes.log.append(LogEntry(key, 2, 1, NOW, "delete"))
    stream = Stream(
        changes, positions, shipped_catalogue(), "acme", "app", "https://scim", str, 10_000
    )
    first = stream.polled(Poll())
    assert (first.sets, first.has_more, positions.stored) == ({}, True, (MOST_ENTRIES,))
    assert "ann" in "".join(stream.polled(Poll()).sets.values())
