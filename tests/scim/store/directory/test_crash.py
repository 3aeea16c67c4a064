"""After a death at any moment the table is whole, and the sweeper finishes the work."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from scim.fsck import open_work, violations
from scim.resource.access_path import Direction
from scim.resource.change import Creation
from scim.resource.record import Key, Record
from scim.store.directory.adapter import DynamoDirectory
from tests.contract.samples import (
    LATER,
    MUCH_LATER,
    content,
    deletion_of,
    group,
    joining,
    leaving,
    user,
)
from tests.contract.stores import stored_items
from tests.scim.store.faults import dying, dying_or_done

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

LONG = pytest.mark.long

T = "acme"
WIDTH = 3
MEMBERS = 8
State = tuple[Any, ...]


def state_of(directory: DynamoDirectory) -> State:
    """Return everything a client can see, without versions and times."""
    seen = [
        (
            record.key,
            dict(record.body),
            record.counts,
            record.links,
            [
                e.target.id
                for e in directory.edges(T, record.key, "members", Direction.UP, None, 100).edges
            ],
        )
        for type_name in ("User", "Group")
        for record in directory.records(T, type_name, Direction.UP, None, 100).records
    ]
    return (*seen, directory.count(T, "User"), directory.count(T, "Group"))


def of(directory: DynamoDirectory, key: Key) -> Record:
    return directory.read_latest(T, [key])[key]


PEOPLE: list[Creation] = [
    replace(user(f"user{n}"), key=Key("User", f"u{n}")) for n in range(MEMBERS + 1)
]
KEYS = [creation.key for creation in PEOPLE[:MEMBERS]]
STAFF = replace(group("staff", KEYS[:1]), key=Key("Group", "staff"))
CREW = replace(group("crew", KEYS), key=Key("Group", "crew"))


def prepare(directory: DynamoDirectory) -> None:
    for creation in (*PEOPLE, STAFF):
        directory.create(T, creation)


def create_a_user(directory: DynamoDirectory) -> None:
    directory.create(T, replace(user("zoe"), key=Key("User", "zoe")))


def create_a_large_group(directory: DynamoDirectory) -> None:
    directory.create(T, CREW)


def rename_a_user(directory: DynamoDirectory) -> None:
    directory.update(T, content(of(directory, KEYS[0]), {"userName": "renamed"}))


def add_many_and_rename(directory: DynamoDirectory) -> None:
    before = of(directory, STAFF.key)
    change = content(before, {"displayName": "everyone"})
    directory.update(T, replace(change, edges=joining(before, *KEYS[1:]).edges))


def delete_a_member(directory: DynamoDirectory) -> None:
    directory.delete(T, deletion_of(of(directory, KEYS[0])))


def delete_a_group(directory: DynamoDirectory) -> None:
    directory.delete(T, deletion_of(of(directory, STAFF.key)))


def fill_and_empty(directory: DynamoDirectory) -> None:
    directory.create(T, CREW)
    directory.update(T, leaving(of(directory, CREW.key), *KEYS))


def delete_a_large_group_in_a_group(directory: DynamoDirectory) -> None:
    directory.create(T, CREW)
    directory.update(T, joining(of(directory, STAFF.key), CREW.key))
    directory.delete(T, deletion_of(of(directory, CREW.key)))


ACTIONS = [
    create_a_user,
    create_a_large_group,
    rename_a_user,
    add_many_and_rename,
    delete_a_member,
    delete_a_group,
    fill_and_empty,
    delete_a_large_group_in_a_group,
]


@pytest.mark.parametrize(
    ("action", "stride"),
    [
        *(pytest.param(action, 1, id=action.__name__, marks=LONG) for action in ACTIONS),
        pytest.param(create_a_user, 1, id="a-write"),
        pytest.param(add_many_and_rename, 5, id="a-journal-sample"),
        pytest.param(delete_a_large_group_in_a_group, 9, id="a-tombstone-sample"),
    ],
)
def test_a_death_at_any_write_leaves_the_table_whole(
    client: "DynamoDBClient",
    make_table: Callable[[], str],
    action: Callable[[DynamoDirectory], None],
    stride: int,
) -> None:
    swept_states = _states_between(client, make_table(), action)
    for moment in ("before-call", "after-call"):
        position = 0
        while True:
            table = make_table()
            directory = DynamoDirectory(client, table, width=WIDTH)
            prepare(directory)
            with dying_or_done(client, moment, position) as death:
                action(directory)
            assert violations(stored_items(client, table)) == []
            assert DynamoDirectory(client, table, width=WIDTH).sweep(MUCH_LATER, 1000).is_done
            items = stored_items(client, table)
            assert (violations(items), open_work(items)) == ([], [])
            assert state_of(directory) in swept_states
            if not death.has_died:
                break
            position += stride
        assert position > 0


def _states_between(
    client: "DynamoDBClient", table: str, action: Callable[[DynamoDirectory], None]
) -> list[State]:
    """Return what each of the action's requests may leave behind: all of it or nothing."""
    directory = DynamoDirectory(client, table, width=WIDTH)
    prepare(directory)
    states = [state_of(directory)]
    for method in ("create", "update", "delete"):
        _noting(directory, method, states)
    action(directory)
    return states


def _noting(directory: DynamoDirectory, method: str, states: list[State]) -> None:
    whole = getattr(directory, method)

    def noted(*arguments: Any) -> Any:
        answer = whole(*arguments)
        directory.sweep(LATER, 1000)
        states.append(state_of(directory))
        return answer

    setattr(directory, method, noted)


@pytest.mark.parametrize("budget", [1, 2])
@pytest.mark.sampled(2)
def test_the_sweeper_can_stop_after_any_transaction(
    client: "DynamoDBClient", make_table: Callable[[], str], budget: int
) -> None:
    table = make_table()
    directory = DynamoDirectory(client, table, width=WIDTH)
    prepare(directory)
    delete_a_large_group_in_a_group(directory)
    while not directory.sweep(MUCH_LATER, budget).is_done:
        assert violations(stored_items(client, table)) == []
    items = stored_items(client, table)
    assert (violations(items), open_work(items)) == ([], [])


def test_the_sweeper_survives_its_own_death(
    client: "DynamoDBClient", make_table: Callable[[], str]
) -> None:
    table = make_table()
    directory = DynamoDirectory(client, table, width=WIDTH)
    prepare(directory)
    delete_a_large_group_in_a_group(directory)
    deaths = 0
    while True:
        with dying_or_done(client, ("before-call", "after-call")[deaths % 2], 1) as death:
            directory.sweep(MUCH_LATER, 1000)
        assert violations(stored_items(client, table)) == []
        if not death.has_died:
            break
        deaths += 1
    assert deaths > 2
    assert open_work(stored_items(client, table)) == []


def test_a_journal_that_is_met_is_completed_first(
    client: "DynamoDBClient", make_table: Callable[[], str]
) -> None:
    table = make_table()
    directory = DynamoDirectory(client, table, width=WIDTH)
    prepare(directory)
    with dying(client, "before-call", 1):
        add_many_and_rename(directory)
    staff = of(directory, STAFF.key)
    extra = PEOPLE[MEMBERS].key
    directory.update(T, joining(staff, extra))
    assert of(directory, STAFF.key).counts == {"members": MEMBERS + 1}
    assert violations(stored_items(client, table)) == []


def test_a_target_that_died_before_its_slice_is_skipped(
    client: "DynamoDBClient", make_table: Callable[[], str]
) -> None:
    table = make_table()
    directory = DynamoDirectory(client, table, width=WIDTH)
    prepare(directory)
    with dying(client, "before-call", 2):
        create_a_large_group(directory)
    directory.delete(T, deletion_of(of(directory, KEYS[-1])))
    directory.delete(T, deletion_of(of(directory, KEYS[0])))
    directory.sweep(MUCH_LATER, 1000)
    assert of(directory, CREW.key).counts == {"members": MEMBERS - 2}
    assert violations(stored_items(client, table)) == []
