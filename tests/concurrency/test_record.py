"""The record of storms adds up, each seed once."""

from dataclasses import replace
from pathlib import Path

from tests.concurrency.record import Record, Stormed

QUIET = Stormed(1, 3, 6, 400, {"0": 5, "200": 395}, 1, {"lost": 7, "silence": 2})
RED = replace(QUIET, seed=4, faults={"lost": 1}, history=("a", "b"), fsck=("c",))


def test_a_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "record.json"
    record = Record.read(path).plus(replace(QUIET, seed=7, other=("d",)))
    record.write(path)
    assert Record.read(path) == record


def test_a_seed_that_storms_again_counts_once() -> None:
    record = Record({}).plus(QUIET).plus(replace(QUIET, calls=500))
    assert "1 storms (seeds 1), 500 calls" in record.sentence()


def test_the_document_says_what_all_storms_came_to(tmp_path: Path) -> None:
    document = tmp_path / "document.md"
    document.write_text("a\n<!-- stormed -->\nold\n<!-- /stormed -->\nb\n", "utf-8")
    Record({}).plus(RED).plus(QUIET).plus(replace(QUIET, seed=2)).tell(document)
    said = document.read_text("utf-8")
    assert "3 storms (seeds 1..2, 4), 1,200 calls, 3 servers killed" in said
    assert "19 faults of the store (15 lost, 4 silence)" in said
    assert "errors found: 2 in the responses, 1 by `scim fsck`, 0 others" in said
    assert "(failed storms: 4)" in said
    assert said.startswith("a\n")
    assert said.endswith("-->\nb\n")
