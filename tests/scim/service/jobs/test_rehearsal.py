"""A directory that changes nothing, and says whether a change could be made."""

from typing import Any

import pytest

from scim.errors import Uniqueness
from scim.resource.change import Creation, Deletion, Receipt, Update
from scim.resource.record import Entry, Key, Record
from scim.service.jobs.step_directory import DryRunDirectory
from tests.fakes.directory import FakeDirectory

NOW = "2026-01-01T00:00:00.000Z"
ANN, BOB = Key("User", "a"), Key("User", "b")
ENTRY = Entry("userName", "ann", is_unique=True)
OTHER = Entry("displayName", "ann", is_unique=False)


def creation(key: Key = ANN) -> Creation:
    return Creation(key, {"userName": "ann"}, frozenset({ENTRY, OTHER}), NOW)


def rehearsal(directory: FakeDirectory, claims: bool = True, **imagined: Any) -> DryRunDirectory:
    def issue(change: Creation | Update | Deletion) -> Receipt:
        return Receipt("j", 0, 0, {"did": type(change).__name__})

    known = {Key("User", id_): record for id_, record in imagined.items()}
    return DryRunDirectory.on(directory, issue, lambda _: claims, known)


def test_nothing_is_stored() -> None:
    directory = FakeDirectory()
    trial = rehearsal(directory)
    trial.directory.create("acme", creation())
    assert trial.made == {"version": 1, "did": "Creation"}
    assert directory.read("acme", ANN) is None


def test_a_value_that_is_taken_is_refused() -> None:
    directory = FakeDirectory()
    directory.create("acme", creation())
    for trial in (rehearsal(directory), rehearsal(FakeDirectory(), claims=False)):
        with pytest.raises(Uniqueness):
            trial.directory.create("acme", creation(BOB))
        assert trial.made is None


def test_changes_and_ends_are_noted() -> None:
    directory = FakeDirectory()
    directory.create("acme", creation())
    before = directory.read("acme", ANN)
    assert before is not None
    trial = rehearsal(directory)
    update = Update(before, NOW, {"userName": "x"}, frozenset({ENTRY}), frozenset({ENTRY}))
    assert trial.directory.update("acme", update) == 2
    assert trial.made == {"version": 2, "did": "Update"}
    trial = rehearsal(directory)
    trial.directory.delete("acme", Deletion(before, NOW, frozenset({ENTRY})))
    assert trial.made == {"did": "Deletion"}
    assert directory.read("acme", ANN) == before


def test_what_steps_before_would_make_is_there() -> None:
    directory = FakeDirectory()
    directory.create("acme", creation())
    imagined = Record(BOB, 1, NOW, NOW, {"userName": "bob"})
    trial = rehearsal(directory, b=imagined)
    assert trial.directory.read("acme", BOB) == imagined
    found = trial.directory.read_latest("acme", [ANN, BOB, Key("User", "c")])
    assert set(found) == {ANN, BOB}
    assert trial.directory.read_many("acme", [BOB]) == {BOB: imagined}
    assert trial.directory.count("acme", "User") == 1
