"""A resource's mark in the log: its last version there, and the versions missing before it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from scim.resource.history.log_entry import CHANGE, LogEntry
from scim.resource.record import Key
from scim.store.dynamodb.values import SCHEMA, Item, Value, number, packed, packed_list
from scim.store.dynamodb.write import Condition, Write
from scim.store.keys.feed import logged_key

MOST_MISSING = 20
"""The maximum number of ranges of missing versions that are stored for a resource."""


@dataclass(frozen=True, slots=True)
class Logged:
    """The mark: `version` is the last one logged, in the item of the lane that begins at `position`.

    `missing` are ranges of earlier versions that are not in the log, as first and last. `has_end` tells of a
    stored mark that it expires: the last version is the deletion.
    """

    version: int = 0
    position: int = -1
    missing: tuple[tuple[int, int], ...] = ()
    has_end: bool = False

    def lacks(self, version: int) -> bool:
        """Tell whether the version is not in the log yet."""
        return version > self.version or any(a <= version <= b for a, b in self.missing)

    def with_entry(self, entry: LogEntry) -> "Logged":
        """Return the mark after adding an entry to the log."""
        if entry.version <= self.version:
            parts = [
                part
                for a, b in self.missing
                for part in ((a, min(b, entry.version - 1)), (max(a, entry.version + 1), b))
                if part[0] <= part[1]
            ]
            return replace(self, missing=tuple(parts))
        gap = ((self.version + 1, entry.since),) if entry.since > self.version else ()
        missing = (*self.missing, *gap)[-MOST_MISSING:]
        return replace(self, version=entry.version, missing=missing)

    def write(self, tenant: str, key: Key, end: int | None) -> Write:
        """Return the Put of the mark, refused if the stored mark is from a later item.

        Only the mark of a deleted resource has an end: without its mark, a change that comes after all entries
        have expired would look like one whose predecessors were lost.
        """
        attributes: dict[str, Value] = {"v": self.version, "p": self.position}
        if end is not None:
            attributes["ttl"] = end
        if self.missing:
            attributes["miss"] = packed(self.missing)
        item: Item = {"k": "logged", "s": SCHEMA, **attributes}
        earlier = Condition("(attribute_not_exists({n}) OR {n} < {v})", "p", self.position)
        return Write("Put", logged_key(tenant, key), (earlier,), item=item)


def mark_in(item: Item) -> Logged:
    missing = packed_list(item, "miss") if "miss" in item else []
    ranges = tuple((first, last) for first, last in missing)
    return Logged(number(item, "v"), number(item, "p"), ranges, "ttl" in item)


def advanced(
    marks: Mapping[Key, Logged], position: int, entries: Iterable[LogEntry]
) -> dict[Key, Logged]:
    """Return new marks for the resources with entries at `position`, unless their marks are already there."""
    new_marks: dict[Key, Logged] = {}
    for entry in entries:
        had = new_marks.get(entry.key) or marks.get(entry.key, Logged())
        if entry.kind == CHANGE and had.position < position:
            new_marks[entry.key] = had.with_entry(entry)
    return {key: replace(mark, position=position) for key, mark in new_marks.items()}


def fresh(entries: Iterable[LogEntry], marks: Mapping[Key, Logged]) -> list[LogEntry]:
    """Return the entries that are not in the log, each once; those after a gap are flagged."""
    marks_so_far, new_entries = dict(marks), list[LogEntry]()
    for entry in entries:
        if entry.kind != CHANGE:
            new_entries.append(entry)
            continue
        mark = marks_so_far.get(entry.key, Logged())
        if mark.lacks(entry.version):
            is_gap = entry.is_gap or entry.since > mark.version
            new_entries.append(replace(entry, is_gap=is_gap))
            marks_so_far[entry.key] = mark.with_entry(entry)
    return new_entries
