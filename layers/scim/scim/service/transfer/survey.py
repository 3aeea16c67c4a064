"""The first reading of a file: its operations are counted, ordered and cut into windows.

Only numbers are kept of each operation, so that a million fit into a worker's memory. A window is
laid out as batches at once; it names the bytes of its operations in the file.
"""

import json
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Self

from scim.compact import json_line
from scim.errors import InvalidSyntax, PayloadTooLarge
from scim.service.bulk.bulk_ids import bulk_id_in
from scim.service.bulk.plan import Turn, turns_of
from scim.service.bulk.request import BulkOperation, Method
from scim.service.transfer.port import Reader
from scim.service.transfer.repeats import Repeats, hashed
from scim.service.transfer.signature import text_only

WINDOW_TURNS = 5000
WINDOW_BYTES = 8_388_608
NOWHERE = -1


class Row(NamedTuple):
    """A turn in a window: the operation, its place in the file, and the positions of what it needs.

    `needs` has a position, or NOWHERE, for each name the operation refers to, in the order of the
    names; `deferred` are those that come later. `repeats` names the resource, created by an earlier
    operation, that this one adds to; `twin` is the line that creates the same resource. `more` are the
    start, the length and the needs of later operations whose values belong to this one; `is_joined` tells that
    its own values belong to an earlier operation in this way.
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
    more: Sequence[tuple[int, int, Sequence[int]]] = ()
    is_joined: bool = False

    def json_line(self) -> bytes:
        """Return the row as one line."""
        return json_line(self)

    @classmethod
    def of_lines(cls, lines: bytes) -> list[Self]:
        """Return the rows in some lines, parsed as one array."""
        return [cls(*row) for row in json.loads(b"[%s]" % b",".join(lines.splitlines()))]


@dataclass(frozen=True, slots=True)
class Survey:
    """What is known of a file after its first reading."""

    operations: int
    windows: int
    fail_on_errors: int | None
    opening: tuple[str, ...]


def surveyed(
    reader: Reader,
    pieces: Iterator[bytes],
    limit: int,
    put: Callable[[int, bytes], None],
    *,
    is_update: bool = False,
    most_values: int = 0,
) -> Survey:
    """Read the file and store its windows, by number from 0.

    `is_update` looks for two lines about one resource: an update cannot tell which should last. Lines that add
    values to one resource are then joined, up to `most_values`, as an update replaces the whole list.
    Raises InvalidSyntax for a file that is no text or has no operations, PayloadTooLarge for more than `limit`, and
    what `Reader.entries` raises.
    """
    places = _Places(most_values if is_update else 0)
    repeats = Repeats(reader, is_update=is_update)
    for entry in reader.entries(text_only(pieces)):
        if len(places.starts) >= limit:
            # RFC 7644 section 3.7.4 requires that the detail names the limit.
            raise PayloadTooLarge(f"The number of operations exceeds the maxOperations ({limit}).")
        operation = reader.operation(entry.content, len(places.starts), entry.line)
        places.add(entry.line, entry.start, len(entry.content))
        repeated_line = repeats.of(operation)
        if repeated_line.addition is not None:
            operation = repeated_line.addition
            places.repeats[operation.position] = repeated_line.name
        if is_update and _is_addition(reader, operation):
            places.extend(bulk_id_in(operation.id) or str(operation.id))
        places.need(sorted(reader.names(operation)), _number_of_values(operation))
        if repeated_line.twin:
            places.twins[operation.position] = repeated_line.twin
        elif operation.makes is not None and operation.fault is None:
            places.make(operation.makes)
    if not places.starts:
        raise InvalidSyntax("The file has no operations; expected at least one.")
    number = 0
    for number, window in enumerate(_windows(places), 1):
        put(number - 1, window)
    return Survey(len(places.starts), number, reader.fail_on_errors, reader.opening)


def _is_addition(reader: Reader, operation: BulkOperation) -> bool:
    is_change = operation.method is Method.PATCH
    return is_change and reader.addition(operation, str(operation.id)) is not None


def _number_of_values(operation: BulkOperation) -> int:
    """Return how many values of lists an operation has: at least those of its relations."""
    changes = operation.data.get("Operations")
    parts = changes if isinstance(changes, list) else [operation.data]
    lists = [
        value
        for part in parts
        if isinstance(part, Mapping)
        for name, value in part.items()
        if isinstance(value, list) and name.lower() != "schemas"
    ]
    return sum(map(len, lists))


def _windows(places: "_Places") -> Iterator[bytes]:
    rows: list[bytes] = []
    weight = 0
    places.note_joined()
    for turn in turns_of(len(places.starts), places.needs_of):
        rows.append(places.row(turn).json_line())
        weight += places.weight(turn.position)
        if len(rows) >= WINDOW_TURNS or weight >= WINDOW_BYTES:
            yield b"".join(rows)
            rows, weight = [], 0
    if rows:
        yield b"".join(rows)


@dataclass(slots=True)
class _Places:
    """What is kept of every operation, by position; names are kept as hashes only."""

    most_values: int
    lines: "array[int]" = field(default_factory=lambda: array("L"))
    starts: "array[int]" = field(default_factory=lambda: array("Q"))
    lengths: "array[int]" = field(default_factory=lambda: array("L"))
    ends: "array[int]" = field(default_factory=lambda: array("Q", [0]))
    """Where in `needs` the entries of an operation end."""
    needs: "array[int]" = field(default_factory=lambda: array("Q"))
    makers: dict[int, int] = field(default_factory=dict)
    namesakes: set[int] = field(default_factory=set)
    repeats: dict[int, str] = field(default_factory=dict)
    twins: dict[int, int] = field(default_factory=dict)
    additions: dict[int, "array[int]"] = field(default_factory=dict)
    """The operations that add values to the resource of a name."""
    values: "array[int]" = field(default_factory=lambda: array("L"))
    """How many values the lists of an operation have."""
    made: "array[int]" = field(default_factory=lambda: array("Q"))
    """The name of the resource that an operation creates, 0 for none."""
    are_joined: bytearray = field(default_factory=bytearray)
    """Whether an earlier operation takes over the values of an operation, 0 or 1."""

    def add(self, line: int, start: int, length: int) -> None:
        self.lines.append(line)
        self.starts.append(start)
        self.lengths.append(length)
        self.made.append(0)

    def need(self, names: Sequence[str], number_of_values: int) -> None:
        self.values.append(number_of_values)
        self.needs.extend(map(hashed, names))
        self.ends.append(len(self.needs))

    def make(self, name: str) -> None:
        position = len(self.starts) - 1
        self.made[position] = hashed(name)
        first = self.makers.setdefault(hashed(name), position)
        if first != position:
            self.namesakes |= {first, position}

    def extend(self, name: str) -> None:
        self.additions.setdefault(hashed(name), array("L")).append(len(self.starts) - 1)

    def joined(self, position: int) -> Sequence[int]:
        """Return the operations whose values an operation takes over: none if they are too many for one.

        Of several operations that make the same name, none takes over anything: it would be each of them.
        """
        if position in self.namesakes:
            return ()
        added = self.additions.get(self.made[position], ()) if self.made[position] else ()
        values = self.values[position] + sum(self.values[index] for index in added)
        is_short = sum(self.lengths[index] for index in added) <= WINDOW_BYTES
        return added if values <= self.most_values and is_short else ()

    def note_joined(self) -> None:
        """Note the operations whose values an earlier one takes over."""
        self.are_joined = bytearray(len(self.starts))
        for position, name in enumerate(self.made if self.additions else ()):
            if name in self.additions:
                for index in self.joined(position):
                    self.are_joined[index] = 1

    def weight(self, position: int) -> int:
        """Return how many bytes of the file the turn of an operation reads."""
        return sum(self.lengths[index] for index in (position, *self.joined(position)))

    def named(self, position: int) -> list[int]:
        """Return the positions an operation needs, or NOWHERE, in the order of the names."""
        hashes = self.needs[self.ends[position] : self.ends[position + 1]]
        return [self.makers.get(name_hash, NOWHERE) for name_hash in hashes]

    def needs_of(self, position: int) -> list[int]:
        """Return the positions an operation needs, sorted."""
        added = {n for index in self.joined(position) for n in self.named(index)} - {position}
        return sorted((added | set(self.named(position))) - {NOWHERE})

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
            [
                (self.starts[index], self.lengths[index], self.named(index))
                for index in self.joined(position)
            ],
            bool(self.are_joined[position]),
        )
