"""Receipts are stored with their change or not at all, and a change with a receipt is made once."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from scim.errors import Uniqueness
from scim.fsck import violations
from scim.resource.change import AlreadyMade, Creation, Receipt, Update
from scim.resource.overlay import OverlayChange, OverlayEntry
from scim.resource.record import Key, Link, Record, Stale
from scim.store.directory.adapter import DynamoDirectory
from scim.store.dynamodb.capacity import Meter
from scim.store.dynamodb.retry import Retry
from scim.store.dynamodb.table import Table
from scim.store.jobs.results import DynamoResults
from tests.contract.samples import content, deletion_of, group, joining, user
from tests.scim.store.faults import dying

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

T, J = "acme", "job"
WIDTH = 2
Write = Callable[[DynamoDirectory, Receipt], None]


@pytest.fixture
def results(client: "DynamoDBClient", table_name: str) -> DynamoResults:
    return DynamoResults(Table(client, table_name, Meter(), Retry()))


@pytest.fixture
def directory(client: "DynamoDBClient", table_name: str) -> DynamoDirectory:
    directory = DynamoDirectory(client, table_name, width=WIDTH)
    for creation in (*PEOPLE, STAFF):
        directory.create(T, creation)
    return directory


PEOPLE = [replace(user(f"user{n}"), key=Key("User", f"u{n}")) for n in range(5)]
KEYS = [creation.key for creation in PEOPLE]
STAFF = replace(group("staff", KEYS[:1]), key=Key("Group", "staff"))
ZOE: Creation = replace(user("zoe"), key=Key("User", "zoe"))
CREW = replace(group("crew", KEYS), key=Key("Group", "crew"))


def receipt(write: int = 7) -> Receipt:
    return Receipt(J, write, 1_800_000_000, {"status": "200"})


def of(directory: DynamoDirectory, key: Key) -> Record:
    return directory.read_latest(T, [key])[key]


def create(directory: DynamoDirectory, given: Receipt) -> None:
    directory.create(T, replace(ZOE, receipt=given))


def create_journaled(directory: DynamoDirectory, given: Receipt) -> None:
    directory.create(T, replace(CREW, receipt=given))


def rename(directory: DynamoDirectory, given: Receipt) -> None:
    change: Update = content(of(directory, KEYS[0]), {"userName": "renamed"})
    directory.update(T, replace(change, receipt=given))


def join(directory: DynamoDirectory, given: Receipt) -> None:
    directory.update(T, replace(joining(of(directory, STAFF.key), KEYS[1]), receipt=given))


def join_journaled(directory: DynamoDirectory, given: Receipt) -> None:
    directory.update(T, replace(joining(of(directory, STAFF.key), *KEYS[1:]), receipt=given))


def delete(directory: DynamoDirectory, given: Receipt) -> None:
    directory.delete(T, replace(deletion_of(of(directory, KEYS[0])), receipt=given))


def delete_in_the_background(directory: DynamoDirectory, given: Receipt) -> None:
    directory.delete(T, replace(deletion_of(of(directory, STAFF.key)), receipt=given))


WRITES: list[tuple[Write, int | None]] = [
    (create, 1),
    (create_journaled, 2),
    (rename, 2),
    (join, 2),
    (join_journaled, 3),
    (delete, None),
    (delete_in_the_background, None),
]
EACH = pytest.mark.parametrize(
    ("write", "version"), WRITES, ids=[write.__name__ for write, _ in WRITES]
)


@EACH
@pytest.mark.sampled(3)
def test_a_change_stores_its_result(
    directory: DynamoDirectory, results: DynamoResults, write: Write, version: int | None
) -> None:
    write(directory, receipt())
    expected = {"status": "200"} if version is None else {"version": version, "status": "200"}
    assert results.of(T, J, [6, 7, 8]) == {7: expected}


@EACH
@pytest.mark.sampled(3)
def test_a_change_whose_step_has_a_result_is_not_made(
    directory: DynamoDirectory, results: DynamoResults, write: Write, version: int | None
) -> None:
    results.note(T, receipt())
    before = [of(directory, key) for key in (*KEYS, STAFF.key)]
    with pytest.raises(AlreadyMade):
        write(directory, receipt())
    assert [of(directory, key) for key in (*KEYS, STAFF.key)] == before
    assert not directory.read_latest(T, [ZOE.key, CREW.key])


@EACH
@pytest.mark.parametrize("moment", ["before-call", "after-call"])
@pytest.mark.sampled(3)
def test_change_and_result_are_there_together(
    client: "DynamoDBClient",
    directory: DynamoDirectory,
    results: DynamoResults,
    write: Write,
    version: int | None,
    moment: str,
) -> None:
    before = {key: r.version for key, r in directory.read_latest(T, [*KEYS, STAFF.key]).items()}
    with dying(client, moment, 0):
        write(directory, receipt())
    keys = [*KEYS, STAFF.key, ZOE.key, CREW.key]
    after = {key: r.version for key, r in directory.read_latest(T, keys).items()}
    assert (after != before) == (7 in results.of(T, J, [7])) == (moment == "after-call")


def test_a_repeated_creation_is_told_apart_from_a_taken_name(
    directory: DynamoDirectory,
) -> None:
    directory.create(T, replace(ZOE, receipt=receipt()))
    with pytest.raises(AlreadyMade):
        directory.create(T, replace(ZOE, receipt=receipt()))
    with pytest.raises(Uniqueness):
        directory.create(T, replace(ZOE, key=Key("User", "zoe2"), receipt=receipt(8)))


def test_a_result_is_noted_once(results: DynamoResults) -> None:
    results.note(T, receipt())
    with pytest.raises(AlreadyMade):
        results.note(T, replace(receipt(), content={"status": "404"}))
    assert results.of(T, J, [7]) == {7: {"status": "200"}}


def test_results_are_read_across_partitions(results: DynamoResults) -> None:
    writes = [0, 1, 998, 999, 1000, 1001, 2500]
    for write in writes:
        results.note(T, receipt(write))
    assert sorted(results.between(T, J, 0, 3000)) == writes
    assert sorted(results.between(T, J, 1, 1001)) == [1, 998, 999, 1000]
    assert sorted(results.between(T, J, 999, 1000)) == [999]
    assert results.between(T, J, 5, 5) == {}
    assert results.between("umbrella", J, 0, 3000) == {}
    assert results.of(T, J, []) == {}


MEMBERS, BOSS = Link("Group", "members"), Link("User", "manager")


def test_the_overlay_of_a_dry_run_is_read_by_its_other_steps(
    results: DynamoResults, client: "DynamoDBClient", table_name: str
) -> None:
    results.change_overlay(T, receipt(7), [OverlayChange("User userName ann", {"holder": "u1"})])
    changes = [
        OverlayChange("Group g1", {"body": {"displayName": "é"}}),
        OverlayChange("Group g2", link=MEMBERS, linked="g1"),
        OverlayChange("Group g2", link=MEMBERS, linked="g3"),
        OverlayChange("User u1", link=BOSS, references=2),
    ]
    results.change_overlay(T, receipt(8), changes)
    names = ["User userName ann", "Group g1", "Group g2", "User u1", "User u2"]
    entries = results.overlay_entries(T, J, names)
    assert entries["Group g1"] == OverlayEntry({"body": {"displayName": "é"}}, 1)
    assert entries["Group g2"].linked == {MEMBERS: {"g1", "g3"}}
    assert entries["User u1"].referrers == {BOSS: 2}
    assert entries["User userName ann"].content == {"holder": "u1"}
    assert "User u2" not in entries
    assert (
        results.overlay_entries(T, "another", names)
        == results.overlay_entries("umbrella", J, names)
        == {}
    )
    assert results.overlay_entries(T, J, []) == {}
    changes = [
        OverlayChange("Group g1", {}, 1),
        OverlayChange("Group g2", link=MEMBERS, unlinked="g1"),
        OverlayChange("User u1", link=BOSS, references=-1),
    ]
    results.change_overlay(T, receipt(9), changes)
    entries = results.overlay_entries(T, J, names)
    assert (entries["Group g1"].content, entries["Group g1"].revision) == ({}, 2)
    assert entries["Group g2"].linked.get(MEMBERS) == {"g3"}
    assert entries["Group g2"].unlinked == {MEMBERS: {"g1"}}
    assert entries["User u1"].referrers == {BOSS: 1}
    assert violations(client.scan(TableName=table_name)["Items"]) == []


def test_a_step_changes_the_overlay_once_and_never_over_newer_content(
    results: DynamoResults,
) -> None:
    first = OverlayChange("User userName ann", {"holder": "u1"})
    results.change_overlay(T, receipt(7), [first])
    with pytest.raises(AlreadyMade):
        results.change_overlay(T, receipt(7), [first])
    other = [OverlayChange("User u2", {"version": 1}), replace(first, content={"holder": "u2"})]
    with pytest.raises(Stale):
        results.change_overlay(T, receipt(8), other)
    assert set(results.overlay_entries(T, J, ["User userName ann", "User u2"])) == {
        "User userName ann"
    }
    assert set(results.of(T, J, [7, 8])) == {7}


def test_a_step_changes_more_of_the_overlay_than_a_transaction_holds(
    results: DynamoResults,
) -> None:
    names = [f"Group g{number}" for number in range(230)]
    links = [OverlayChange(name, link=MEMBERS, linked="all") for name in names]
    results.change_overlay(T, receipt(7), [OverlayChange("Group all", {"version": 1}), *links])
    assert len(results.overlay_entries(T, J, [*names, "Group all"])) == 231
