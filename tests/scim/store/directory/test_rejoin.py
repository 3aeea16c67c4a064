"""The edges of a restored resource come back slice by slice, wherever the work was interrupted."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from scim.resource.change import Creation, EdgeDelta, Restoration
from scim.resource.record import Edge, Key
from scim.store.directory import adapter
from scim.store.directory.adapter import DynamoDirectory
from scim.store.directory.attribution import attribution_in
from scim.store.directory.rejoin import SLICE, Rejoiner
from scim.store.dynamodb.table import Table
from scim.store.keys.directory import resource_key
from scim.store.keys.kept import kept_edges_partition, kept_key, rejoin_key
from tests.contract.samples import MUCH_LATER, deletion_of, entries_of, group, user

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

UNTIL = 1_790_000_000
STAFF = Key("Group", "staff")
PEOPLE = 60


@pytest.fixture
def directory(client: "DynamoDBClient", table_name: str) -> DynamoDirectory:
    return DynamoDirectory(client, table_name)


def kept_group(directory: DynamoDirectory) -> list[Key]:
    """Delete and keep a group of many; return who they are."""
    keys = [Key("User", f"user{n:02d}") for n in range(PEOPLE)]
    for key in keys:
        directory.create("acme", replace(user(key.id), key=key))
    directory.create("acme", replace(group("staff", keys), key=STAFF))
    record = directory.read_latest("acme", [STAFF])[STAFF]
    directory.delete("acme", replace(deletion_of(record), kept_until=UNTIL))
    return keys


def restore(directory: DynamoDirectory, key: Key = STAFF) -> None:
    kept = directory.kept("acme", key, MUCH_LATER)
    assert kept is not None
    restores = Restoration(kept.version, kept.created, kept.parents)
    entries = entries_of(kept.body)
    made = Creation(key, kept.body, entries, MUCH_LATER, restores=restores)
    directory.create("acme", made)


def counted(directory: DynamoDirectory) -> int:
    return directory.read_latest("acme", [STAFF])[STAFF].counts.get("members", 0)


def test_the_sweep_finishes_a_restoration_that_a_request_began(
    table: Table, directory: DynamoDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept_group(directory)
    assert directory.kept("acme", STAFF, MUCH_LATER) is not None
    monkeypatch.setattr(adapter, "AT_ONCE", 1)
    restore(directory)
    assert 0 < counted(directory) <= SLICE
    assert table.item(rejoin_key("acme", STAFF)) is not None
    rows = table.rows(kept_edges_partition("acme", STAFF)).items
    assert {(row["k"], row["ttl"]) for row in rows} == {("keptEdges", UNTIL)}
    assert directory.sweep(MUCH_LATER, 100).is_done
    assert counted(directory) == PEOPLE
    assert table.item(rejoin_key("acme", STAFF)) is None
    assert table.item(kept_key("acme", STAFF)) is None
    assert table.rows(kept_edges_partition("acme", STAFF)).items == []


@pytest.mark.long
def test_two_workers_that_restore_the_same_edges_make_each_once(
    table: Table, directory: DynamoDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept_group(directory)
    assert directory.kept("acme", STAFF, MUCH_LATER) is not None
    monkeypatch.setattr(adapter, "AT_ONCE", 1)
    restore(directory)
    both = [Rejoiner(table, "acme", STAFF, lambda: MUCH_LATER).work() for _ in range(2)]
    while both:
        both = [each for each in both if next(each, "over") is None]
    assert counted(directory) == PEOPLE


def test_a_group_deleted_during_its_restoration_keeps_the_remaining_edges(
    table: Table, directory: DynamoDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept_group(directory)
    assert directory.kept("acme", STAFF, MUCH_LATER) is not None
    with monkeypatch.context() as patched:
        patched.setattr(adapter, "AT_ONCE", 1)
        restore(directory)
    record = directory.read_latest("acme", [STAFF])[STAFF]
    directory.delete("acme", replace(deletion_of(record), kept_until=UNTIL))
    assert directory.sweep(MUCH_LATER, 100).is_done
    restore(directory)
    assert counted(directory) == PEOPLE
    assert table.item(kept_key("acme", STAFF)) is None


@pytest.mark.parametrize("type_name", ["User", "Group"])
def test_a_source_that_regains_two_edges_is_one_step_and_one_version(
    table: Table, directory: DynamoDirectory, type_name: str
) -> None:
    ann, relations = Key(type_name, "ann"), ("members", "owners")
    directory.create("acme", replace(user("ann"), key=ann))
    edges = tuple(EdgeDelta(name, added=(Edge(ann),)) for name in relations)
    directory.create("acme", replace(group("staff"), key=STAFF, edges=edges))
    record = directory.read_latest("acme", [ann])[ann]
    directory.delete("acme", replace(deletion_of(record), kept_until=UNTIL))
    before = directory.read_latest("acme", [STAFF])[STAFF]
    restore(directory, ann)
    after = directory.read_latest("acme", [STAFF])[STAFF]
    assert (after.version, after.counts) == (before.version + 1, {"members": 1, "owners": 1})
    row = table.item(resource_key("acme", STAFF))
    assert row is not None
    changes = attribution_in(row).relations
    assert changes == {name: {"+": {type_name: ["ann"]}, "-": {}} for name in relations}
    assert table.item(kept_key("acme", ann)) is None
    assert table.item(rejoin_key("acme", ann)) is None


def test_what_one_transaction_restores_has_one_time(
    table: Table, directory: DynamoDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, groups = Key("User", "ann"), [Key("Group", f"group{n:02d}") for n in range(SLICE + 1)]
    directory.create("acme", replace(user("ann"), key=ann))
    for key in groups:
        directory.create("acme", replace(group(key.id, [ann]), key=key))
    record = directory.read_latest("acme", [ann])[ann]
    directory.delete("acme", replace(deletion_of(record), kept_until=UNTIL))
    monkeypatch.setattr(adapter, "AT_ONCE", 0)
    restore(directory, ann)
    times = [f"2026-03-03T08:{minute:02d}:00.000Z" for minute in range(60)]
    clock = iter(times)
    work = Rejoiner(table, "acme", ann, lambda: next(clock)).work()
    seen = [
        {directory.read_latest("acme", [key])[key].last_modified for key in groups} & {*times}
        for _ in work
    ]
    assert seen[:2] == [set(times[:1]), set(times[:2])]


NESTED = 60


def test_a_group_of_many_groups_comes_back_in_a_new_process(
    client: "DynamoDBClient", table_name: str, directory: DynamoDirectory
) -> None:
    keys = [Key("Group", f"group{n:02d}") for n in range(NESTED)]
    for key in keys:
        directory.create("acme", replace(group(key.id), key=key))
    directory.create("acme", replace(group("staff", keys), key=STAFF))
    record = directory.read_latest("acme", [STAFF])[STAFF]
    directory.delete("acme", replace(deletion_of(record), kept_until=UNTIL))

    process = DynamoDirectory(client, table_name)
    kept = process.kept("acme", STAFF, MUCH_LATER)
    assert kept is not None
    edges = (EdgeDelta("members", tuple(edge for _, edge in kept.nested)),)
    restores = Restoration(kept.version, kept.created)
    entries = entries_of(kept.body)
    made = Creation(STAFF, kept.body, entries, MUCH_LATER, edges, restores=restores)
    process.create("acme", made)
    assert counted(process) == NESTED
