"""The table that the check is measured on is sound and has the stated size."""

from bench.table_check import table_of
from scim.fsck.mending import checked


def test_the_table_is_sound_and_as_large_as_asked_for() -> None:
    wires = list(table_of(50, 100))
    report = checked(wires, parts=3)
    assert report.wrong == []
    kinds = [wire["k"]["S"] for wire in wires]
    assert kinds.count("edge") == 50  # of one group: each user is in it once
    assert sum(wire["k"]["S"] == "resource" for wire in wires) == 51
