"""The record of simulations adds up, each seed once."""

from pathlib import Path

from tests.simulation.fresh import Found, tell
from tests.simulation.record import Record


def test_stretches_that_meet_become_one() -> None:
    record = Record().plus(range(11, 21), 100, 900).plus(range(1, 11), 50, 400)
    assert record.stretches == ((1, 20, 150, 1300),)


def test_seeds_that_were_simulated_are_left_out() -> None:
    record = Record().plus(range(1, 21), 100, 900).plus(range(25, 28), 10, 90)
    assert list(record.blocks(1, 40)) == [range(21, 31), range(31, 41)]


def test_a_block_that_was_simulated_in_part_is_not_counted_twice() -> None:
    record = Record().plus(range(1, 6), 100, 900)
    assert [list(each) for each in record.blocks(1, 10)] == [[6, 7, 8, 9, 10]]


def test_a_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "record.json"
    record = Record().plus(range(1, 6), 100, 900).plus_wrong(7)
    record.write(path)
    assert Record.read(path) == record


def test_the_document_says_what_all_runs_came_to(tmp_path: Path) -> None:
    document = tmp_path / "document.md"
    document.write_text("a\n<!-- simulated -->\nold\n<!-- /simulated -->\nb\n", "utf-8")
    Record().plus(range(1, 6), 1000, 9000).plus(range(9, 11), 5, 10).plus_wrong(7).tell(document)
    said = document.read_text("utf-8")
    assert "7 histories (seeds 1..5, 9..10), 1,005 operations" in said
    assert "9,010 calls to the store; 1 histories failed." in said
    assert said.startswith("a\n")
    assert said.endswith("-->\nb\n")


def test_the_document_says_what_was_not_found(tmp_path: Path) -> None:
    document = tmp_path / "document.md"
    document.write_text("<!-- safeguards -->\nold\n<!-- /safeguards -->\n", "utf-8")
    tell([Found("guard", 7, 3, 2.4, "500"), Found("token", 9, 400, 99)], document)
    assert "| guard | 7 | 3 (2 s) |\n| token | 9 | **not found** |\n" in document.read_text("utf-8")
