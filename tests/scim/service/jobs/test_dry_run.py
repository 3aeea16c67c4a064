"""Writes that change nothing and say whether a change could be made, and what they have read."""

import pytest

from scim.errors import Uniqueness
from scim.resource.change import Creation, Deletion, Receipt, Update
from scim.resource.record import Entry, Key, Record
from scim.service.jobs.step_writes import DryRunWrites, ImaginedReads
from tests.fakes.directory import FakeDirectory

NOW = "2026-01-01T00:00:00.000Z"
ANN, BOB = Key("User", "a"), Key("User", "b")
ENTRY = Entry("userName", "ann", is_unique=True)
OTHER = Entry("displayName", "ann", is_unique=False)


def creation(key: Key = ANN) -> Creation:
    return Creation(key, {"userName": "ann"}, frozenset({ENTRY, OTHER}), NOW)


def dry_run(directory: FakeDirectory, claims: bool = True) -> DryRunWrites:
    def issue(change: Creation | Update | Deletion) -> Receipt:
        return Receipt("j", 0, 0, {"did": type(change).__name__})

    return DryRunWrites(directory, issue, lambda _: claims)


def test_a_dry_run_stores_nothing() -> None:
    directory = FakeDirectory()
    trial = dry_run(directory)
    trial.create("acme", creation())
    assert trial.result == {"version": 1, "did": "Creation"}
    assert directory.read("acme", ANN) is None


def test_a_value_that_is_taken_is_refused() -> None:
    directory = FakeDirectory()
    directory.create("acme", creation())
    for trial in (dry_run(directory), dry_run(FakeDirectory(), claims=False)):
        with pytest.raises(Uniqueness):
            trial.create("acme", creation(BOB))
        assert trial.result is None


def test_changes_and_ends_are_noted() -> None:
    directory = FakeDirectory()
    directory.create("acme", creation())
    before = directory.read("acme", ANN)
    assert before is not None
    trial = dry_run(directory)
    update = Update(before, NOW, {"userName": "x"}, frozenset({ENTRY}), frozenset({ENTRY}))
    assert trial.update("acme", update) == 2
    assert trial.result == {"version": 2, "did": "Update"}
    trial = dry_run(directory)
    trial.delete("acme", Deletion(before, NOW, frozenset({ENTRY})))
    assert trial.result == {"did": "Deletion"}
    assert directory.read("acme", ANN) == before


def test_reads_see_resources_that_earlier_steps_would_create() -> None:
    directory = FakeDirectory()
    directory.create("acme", creation())
    imagined = Record(BOB, 1, NOW, NOW, {"userName": "bob"})
    reads = ImaginedReads(directory, {BOB: imagined})
    assert reads.read("acme", BOB) == imagined
    found = reads.read_latest("acme", [ANN, BOB, Key("User", "c")])
    assert set(found) == {ANN, BOB}
    assert reads.read_many("acme", [BOB]) == {BOB: imagined}
    assert reads.count("acme", "User") == 1
