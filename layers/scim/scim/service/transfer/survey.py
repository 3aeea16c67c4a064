"""The first reading of a file: how many operations, in which order, cut into windows.

Numbers only are kept of each operation, so that a worker's memory has room for a million. A
window is what is laid out at once; it names the bytes of its operations in the file.
"""

import json
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Self

from scim.compact import json_line
from scim.errors import InvalidSyntax, PayloadTooLarge
from scim.service.bulk.plan import Turn, turns_of
from scim.service.transfer.port import Reader
from scim.service.transfer.repeats import Repeats, hashed

WINDOW_TURNS = 5000
WINDOW_BYTES = 8_388_608
NOWHERE = -1


class Row(NamedTuple):
    """A turn in a window: which operation, where it is, and the places of what it needs.

    `needs` are positions, in the order of the names by which the operation refers to them, or
    NOWHERE; `deferred` those of them that come later. `repeats` is the name of what an earlier
    operation makes and this one adds to; `twin` the line of the one that makes the same resource.
    """

    position: int
    is_link: bool
    line: int
    start: int
    length: int
    needs: Sequence[int]
    deferred: Sequence[int]
    is_namesake: bool
    repeats: str = ""
    twin: int = 0

    def json_line(self) -> bytes:
        """Return the row as one line."""
        return json_line(self)

    @classmethod
    def of_lines(cls, lines: bytes) -> list[Self]:
        """Read what was lines: all of them as one array."""
        return [cls(*row) for row in json.loads(b"[%s]" % b",".join(lines.splitlines()))]


@dataclass(frozen=True, slots=True)
class Survey:
    """What is known of a file that was read once."""

    operations: int
    windows: int
    fail_on_errors: int | None
    opening: tuple[str, ...]


def surveyed(
    reader: Reader,
    pieces: Iterator[bytes],
    most: int,
    put: Callable[[int, bytes], None],
    *,
    is_update: bool = False,
) -> Survey:
    """Read the file and store its windows, by number.

    An update cannot tell which of two lines about one resource is meant to last, so it must know.
    Raises PayloadTooLarge for too many operations, and what makes the whole file unreadable.
    """
    refs = _Places()
    repeats = Repeats(reader, is_update=is_update)
    for entry in reader.entries(pieces):
        if len(refs.starts) >= most:
            # RFC 7644 section 3.7.4 wants the limit named.
            raise PayloadTooLarge(f"The number of operations exceeds the maxOperations ({most}).")
        operation = reader.operation(entry.content, len(refs.starts), entry.line)
        refs.add(entry.line, entry.start, len(entry.content))
        known = repeats.of(operation)
        if known.addition is not None:
            operation = known.addition
            refs.repeats[operation.position] = known.name
        refs.need(sorted(reader.names(operation)))
        if known.twin:
            refs.twins[operation.position] = known.twin
        elif operation.makes is not None and operation.fault is None:
            refs.make(operation.makes)
    if not refs.starts:
        raise InvalidSyntax("The file has no operations; expected at least one.")
    number = 0
    for number, window in enumerate(_windows(refs), 1):
        put(number - 1, window)
    return Survey(len(refs.starts), number, reader.fail_on_errors, reader.opening)


def _windows(refs: "_Places") -> Iterator[bytes]:
    rows: list[bytes] = []
    weight = 0
    for turn in turns_of(len(refs.starts), refs.needs_of):
        rows.append(refs.row(turn).json_line())
        weight += refs.lengths[turn.position]
        if len(rows) >= WINDOW_TURNS or weight >= WINDOW_BYTES:
            yield b"".join(rows)
            rows, weight = [], 0
    if rows:
        yield b"".join(rows)


@dataclass(slots=True)
class _Places:
    """What is kept of every operation, by its position; names only as their hashes."""

    lines: "array[int]" = field(default_factory=lambda: array("L"))
    starts: "array[int]" = field(default_factory=lambda: array("Q"))
    lengths: "array[int]" = field(default_factory=lambda: array("L"))
    ends: "array[int]" = field(default_factory=lambda: array("Q", [0]))
    """Where in `needs` those of an operation end."""
    needs: "array[int]" = field(default_factory=lambda: array("Q"))
    makers: dict[int, int] = field(default_factory=dict)
    namesakes: set[int] = field(default_factory=set)
    repeats: dict[int, str] = field(default_factory=dict)
    twins: dict[int, int] = field(default_factory=dict)

    def add(self, line: int, start: int, length: int) -> None:
        self.lines.append(line)
        self.starts.append(start)
        self.lengths.append(length)

    def need(self, names: Sequence[str]) -> None:
        self.needs.extend(map(hashed, names))
        self.ends.append(len(self.needs))

    def make(self, name: str) -> None:
        position = len(self.starts) - 1
        first = self.makers.setdefault(hashed(name), position)
        if first != position:
            self.namesakes |= {first, position}

    def named(self, position: int) -> list[int]:
        """Return the positions of what an operation needs, in the order of the names."""
        hashes = self.needs[self.ends[position] : self.ends[position + 1]]
        return [self.makers.get(each, NOWHERE) for each in hashes]

    def needs_of(self, position: int) -> list[int]:
        """Return the positions of what an operation needs, in their order."""
        return sorted({each for each in self.named(position) if each != NOWHERE})

    def row(self, turn: Turn) -> Row:
        position = turn.position
        return Row(
            position,
            turn.is_link,
            self.lines[position],
            self.starts[position],
            self.lengths[position],
            self.named(position),
            sorted(turn.deferred),
            position in self.namesakes,
            self.repeats.get(position, ""),
            self.twins.get(position, 0),
        )
