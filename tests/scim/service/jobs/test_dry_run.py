"""Writes that change nothing and say whether a change could be made, and what they have read."""

import json

import pytest

from scim.errors import Uniqueness
from scim.resource.change import Creation, Deletion, Receipt, Update
from scim.resource.record import Entry, Key, Record
from scim.schema.message_uri import BULK_REQUEST_URN
from scim.service.jobs.accept import REQUEST_FILE
from scim.service.jobs.declare import declared, start
from scim.service.jobs.step_writes import DryRunValues, DryRunWrites, ImaginedReads
from tests.fakes.directory import FakeDirectory
from tests.fakes.operations import gone, group, named, user
from tests.fakes.workshop import BASE, CALLER, TENANT, Workshop

NOW = "2026-01-01T00:00:00.000Z"
ANN, BOB = Key("User", "a"), Key("User", "b")
ENTRY = Entry("userName", "ann", is_unique=True)
OTHER = Entry("displayName", "ann", is_unique=False)


def creation(key: Key = ANN) -> Creation:
    return Creation(key, {"userName": "ann"}, frozenset({ENTRY, OTHER}), NOW)


def dry_run(directory: FakeDirectory, claims: bool = True) -> DryRunWrites:
    def issue(change: Creation | Update | Deletion) -> Receipt:
        return Receipt("j", 0, 0, {"did": type(change).__name__})

    freed = set[Entry]()
    values = DryRunValues(lambda _: claims, freed.add, freed.__contains__)
    return DryRunWrites(directory, issue, values)


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


@pytest.mark.parametrize("is_renamed", [True, False])
def test_a_value_that_an_earlier_change_frees_can_be_taken(is_renamed: bool) -> None:
    directory = FakeDirectory()
    directory.create("acme", creation())
    before = directory.read("acme", ANN)
    assert before is not None
    trial = dry_run(directory)
    entries = frozenset({ENTRY, OTHER})
    if is_renamed:
        trial.update("acme", Update(before, NOW, {"userName": "x"}, entries, frozenset({OTHER})))
    else:
        trial.delete("acme", Deletion(before, NOW, entries))
    assert trial.create("acme", creation(BOB)) == 1


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


def test_a_rehearsed_import_tells_what_the_import_then_does(shop: Workshop) -> None:
    operations = [user("ann"), named("/Users/bulkId:ann", "Ann"), group("staff", "ann")]
    operations += [group("lonely", "nobody"), gone("/Users/nobody")]
    operations += [{**user("ann"), "bulkId": "again"}, gone("/Nowhere/1"), gone("/GroupMembers/1")]
    content = json.dumps({"schemas": [BULK_REQUEST_URN], "Operations": operations}).encode()

    def told(*, is_dry: bool) -> list[object]:
        members = {"kind": "import", "dryRun": is_dry}
        job = declared(shop.job_context, CALLER, BASE, members)
        shop.job_context.backend.payloads.put(job.tenant, job.id, REQUEST_FILE, content)
        shop.turn(start(shop.job_context, CALLER, job.id))
        return [each["status"] for each in shop.entries(job)]

    rehearsed = told(is_dry=True)
    assert rehearsed == ["201", "200", "201", "400", "404", "409", "404", "404"]
    assert shop.job_context.deployment.directory.count(TENANT, "User") == 0
    assert told(is_dry=False) == rehearsed
