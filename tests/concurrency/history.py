"""What the clients of a storm were told, and which of it contradicts.

A register is one value that is written and read: whether a member is in a group, a title. A write
may take effect at any moment between its request and its answer; one whose answer was lost, at any
moment after its request or never.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock

Register = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """A write, or a read of what was there: when it was asked for and when it was answered."""

    register: Register
    value: object
    began: float
    ended: float
    is_write: bool


@dataclass
class History:
    """What happened, told by many clients at once."""

    events: list[Event] = field(default_factory=list)
    versions: list[tuple[str, str]] = field(default_factory=list)
    made: list[str] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    _lock: Lock = field(default_factory=Lock)

    def note(self, *events: Event) -> None:
        """Note what one answer told."""
        with self._lock:
            self.events += events

    def note_version(self, resource: str, version: str) -> None:
        """Note the version that a change made of a resource."""
        with self._lock:
            self.versions.append((resource, version))

    def note_made(self, name: str) -> None:
        """Note that a unique name was given to somebody."""
        with self._lock:
            self.made.append(name)

    def note_answer(self, what: str) -> None:
        """Count an answer."""
        with self._lock:
            self.answers[what] += 1

    def contradictions(self) -> list[str]:
        """Return what of all this cannot be true."""
        twice = [f"{each} was made twice" for each, n in Counter(self.versions).items() if n > 1]
        names = [f"{name} was given twice" for name, n in Counter(self.made).items() if n > 1]
        return [*twice, *names, *self._impossible_reads()]

    def _impossible_reads(self) -> Iterator[str]:
        writes: Mapping[Register, list[Event]] = defaultdict(list)
        for event in self.events:
            if event.is_write:
                writes[event.register].append(event)
        for event in self.events:
            if not event.is_write and not is_possible(event, writes[event.register]):
                yield f"{event.register} was {event.value!r} at {event.began:.3f}"


def is_possible(read: Event, writes: Sequence[Event]) -> bool:
    """Tell whether the value read may have been there: written, and not overwritten before.

    The first write of a register says what was there before all others.
    """
    return any(
        write.value == read.value
        and write.began <= read.ended
        and not any(
            write.ended < other.began and other.ended < read.began and other.value != read.value
            for other in writes
        )
        for write in writes
    )


def written(register: Register, value: object, began: float, ended: float) -> Event:
    """Return a write that was acknowledged."""
    return Event(register, value, began, ended, is_write=True)


def perhaps_written(register: Register, value: object, began: float) -> Event:
    """Return a write of which nobody knows whether it was made."""
    return Event(register, value, began, math.inf, is_write=True)


def read(register: Register, value: object, began: float, ended: float) -> Event:
    """Return a read."""
    return Event(register, value, began, ended, is_write=False)
