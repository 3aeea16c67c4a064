"""The marks of what the change log has of each resource."""

from scim.resource.history.log_entry import LogEntry
from scim.resource.record import Key
from scim.store.feed.logged import Logged, advanced

ANN, BOB = Key("User", "ann"), Key("User", "bob")


def version(key: Key, number: int) -> LogEntry:
    return LogEntry(key, number, number - 1, "2026-03-01T10:00:00.000Z", "patch")


def test_marks_of_a_later_item_are_not_written_again() -> None:
    marks = {ANN: Logged(7, 300), BOB: Logged(1, 100)}
    entries = [version(ANN, 5), version(BOB, 2), version(BOB, 3)]
    assert advanced(marks, 200, entries) == {BOB: Logged(3, 200)}
