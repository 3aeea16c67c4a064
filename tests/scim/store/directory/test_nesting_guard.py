"""The guard against cycles is held until all edges of a large change are there."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from scim.fsck import open_work, violations
from scim.resource.access_path import Direction
from scim.resource.change import Guard
from scim.resource.record import Key, Stale
from scim.store.directory.adapter import DynamoDirectory
from tests.contract.samples import LATER, MUCH_LATER, NOW, deletion_of, group, joining, user
from tests.scim.store.faults import dying

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

T = "acme"
USERS = [replace(user(f"user{n}"), key=Key("User", f"u{n}")) for n in range(8)]
KEYS = [creation.key for creation in USERS]
INNER = replace(group("inner"), key=Key("Group", "inner"))
OUTER = replace(group("outer"), key=Key("Group", "outer"))


@pytest.fixture(name="directory")
def _directory(client: "DynamoDBClient", make_table: Callable[[], str]) -> DynamoDirectory:
    directory = DynamoDirectory(client, make_table(), width=3)
    for creation in (*USERS, INNER, OUTER):
        directory.create(T, creation)
    return directory


def items(
    client: "DynamoDBClient", directory: DynamoDirectory
) -> list[dict[str, dict[str, object]]]:
    pages = client.get_paginator("scan").paginate(TableName=directory._table._name)
    return [item for page in pages for item in page["Items"]]  # type: ignore[misc]


def begin_and_die(client: "DynamoDBClient", directory: DynamoDirectory) -> None:
    """Begin to put a group and many users into the outer group, and die before the end."""
    outer = directory.read_latest(T, [OUTER.key])[OUTER.key]
    change = replace(joining(outer, INNER.key, *KEYS), guards=(Guard("members", 0),))
    with dying(client, "before-call", 2):
        directory.update(T, change)


def test_reading_the_guard_completes_the_change_that_holds_it(
    client: "DynamoDBClient", directory: DynamoDirectory
) -> None:
    begin_and_die(client, directory)
    assert directory.read_latest(T, [OUTER.key])[OUTER.key].is_unsettled
    assert violations(items(client, directory)) == []
    assert directory.nesting(T, "Group", "members", LATER) == 1
    outer = directory.read_latest(T, [OUTER.key])[OUTER.key]
    assert (outer.counts, outer.is_unsettled) == ({"members": 9}, False)
    assert (violations(items(client, directory)), open_work(items(client, directory))) == ([], [])


def test_a_change_under_a_held_guard_is_stale(
    client: "DynamoDBClient", directory: DynamoDirectory
) -> None:
    begin_and_die(client, directory)
    inner = directory.read_latest(T, [INNER.key])[INNER.key]
    for state in (0, 1):
        guarded = replace(joining(inner, OUTER.key), guards=(Guard("members", state),))
        with pytest.raises(Stale):
            directory.update(T, guarded)


def test_the_sweeper_frees_the_guard(client: "DynamoDBClient", directory: DynamoDirectory) -> None:
    begin_and_die(client, directory)
    assert directory.sweep(MUCH_LATER, 1000).is_done
    assert (violations(items(client, directory)), open_work(items(client, directory))) == ([], [])
    inner = directory.read_latest(T, [INNER.key])[INNER.key]
    third = replace(group("third", [INNER.key]), guards=(Guard("members", 1),))
    directory.create(T, third)
    assert directory.nesting(T, "Group", "members", NOW) == 2
    assert inner.links[next(iter(inner.links))] == {"outer"}


def test_settling_completes_a_change_that_was_interrupted(
    client: "DynamoDBClient", directory: DynamoDirectory
) -> None:
    begin_and_die(client, directory)
    directory.settle(T, OUTER.key, LATER)
    outer = directory.read_latest(T, [OUTER.key])[OUTER.key]
    assert (outer.counts, outer.is_unsettled) == ({"members": 9}, False)


def test_the_edges_of_a_group_that_is_ending_do_not_show(
    client: "DynamoDBClient", directory: DynamoDirectory
) -> None:
    crew = replace(group("crew", KEYS), key=Key("Group", "crew"))
    directory.create(T, crew)
    directory.delete(T, deletion_of(directory.read_latest(T, [crew.key])[crew.key]))
    assert open_work(items(client, directory)) != []
    assert directory.edges(T, crew.key, "members", Direction.UP, None, 10).edges == ()
    assert directory.edges_of(T, [crew.key], "members", 10)[crew.key].edges == ()
