"""The cost of operations, and behaviour that only the store has."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from scim.errors import Unavailable, Uniqueness
from scim.fsck import violations
from scim.resource.access_path import Direction, IndexValue
from scim.resource.change import Creation
from scim.resource.record import Entry, Key, Pointer, Record, Stale
from scim.store.directory.adapter import DynamoDirectory
from scim.store.dynamodb.capacity import Cost
from tests.contract.samples import (
    MUCH_LATER,
    NOW,
    content,
    deletion_of,
    group,
    id_,
    joining,
    leaving,
    matching,
    user,
)
from tests.sampled import sampled_pairs
from tests.scim.store.faults import WRITE, refusing

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

T = "acme"


@pytest.fixture
def directory(client: "DynamoDBClient", table_name: str) -> DynamoDirectory:
    return DynamoDirectory(client, table_name)


def cost_of(directory: DynamoDirectory, action: Callable[[], object]) -> Cost:
    directory.meter.reset()
    action()
    return directory.meter.reading()


def test_creating_a_user_with_four_indexes_takes_one_write(directory: DynamoDirectory) -> None:
    entries = frozenset(Entry(f"a{n}", "x", n == 0) for n in range(4))
    creation = Creation(Key("User", id_()), {"userName": "x"}, entries, NOW)
    assert cost_of(directory, lambda: directory.create(T, creation)) == Cost(1, 0, 13)


def test_reading_a_user_takes_one_unit(directory: DynamoDirectory) -> None:
    ann = user("ann")
    directory.create(T, ann)
    assert cost_of(directory, lambda: directory.read(T, ann.key)) == Cost(1, 1, 0)
    assert cost_of(directory, lambda: directory.read_latest(T, [ann.key])) == Cost(1, 1, 0)


def test_looking_up_a_unique_value_takes_one_unit(directory: DynamoDirectory) -> None:
    directory.create(T, user("ann"))
    cost = cost_of(
        directory,
        lambda: directory.ids(T, IndexValue("User", "userName", "ann"), Direction.UP, None, 2).ids,
    )
    assert cost == Cost(1, 1, 0)


def test_changing_an_attribute_without_index_takes_one_write(directory: DynamoDirectory) -> None:
    directory.create(T, ann := user("ann"))
    before = directory.read_latest(T, [ann.key])[ann.key]
    change = content(before, {**before.body, "title": "Boss"})
    assert cost_of(directory, lambda: directory.update(T, change)) == Cost(1, 0, 2)
    before = directory.read_latest(T, [ann.key])[ann.key]
    change = content(before, before.body, MUCH_LATER)
    assert cost_of(directory, lambda: directory.update(T, change)) == Cost(1, 0, 4)


@pytest.mark.parametrize("size", [0, 10, 80])
def test_a_member_costs_the_same_at_every_size(directory: DynamoDirectory, size: int) -> None:
    people = [user(f"u{n}") for n in range(size + 1)]
    for person in people:
        directory.create(T, person)
    staff = group("staff", [person.key for person in people[:size]])
    directory.create(T, staff)
    key = people[size].key
    before = directory.read_latest(T, [staff.key])[staff.key]
    assert cost_of(directory, lambda: directory.update(T, joining(before, key))) == Cost(1, 0, 6)
    assert cost_of(directory, lambda: directory.update(T, leaving(before, key))) == Cost(1, 0, 6)


def test_renaming_a_group_does_not_touch_its_members(directory: DynamoDirectory) -> None:
    people = [user(f"u{n}") for n in range(60)]
    for person in people:
        directory.create(T, person)
    staff = group("staff", [person.key for person in people])
    directory.create(T, staff)
    before = directory.read_latest(T, [staff.key])[staff.key]
    change = content(before, {"displayName": "crew"})
    assert cost_of(directory, lambda: directory.update(T, change)) == Cost(1, 0, 6)


def test_deleting_a_user_in_many_groups_is_one_write(directory: DynamoDirectory) -> None:
    ann = user("ann")
    directory.create(T, ann)
    for n in range(60):
        directory.create(T, group(f"g{n}", [ann.key]))
    before = directory.read_latest(T, [ann.key])[ann.key]
    cost = cost_of(directory, lambda: directory.delete(T, deletion_of(before)))
    assert cost.round_trips == 1


def test_conflicts_with_others_do_not_show(client: "DynamoDBClient", table_name: str) -> None:
    directory = DynamoDirectory(client, table_name)
    with refusing(client, 2, "TransactionCanceledException", "TransactionConflict") as refused:
        directory.create(T, user("ann"))
    assert len(refused.tokens) == 3
    assert directory.count(T, "User") == 1


def test_large_changes_may_name_a_resource_in_two_references(directory: DynamoDirectory) -> None:
    directory.create(T, ann := user("ann"))
    people = [user(f"u{n}") for n in range(60)]
    for person in people:
        directory.create(T, person)
    pointers = frozenset({Pointer("owner", ann.key), Pointer("deputy", ann.key)})
    staff = replace(group("staff", [person.key for person in people]), pointers=pointers)
    directory.create(T, staff)
    before = directory.read_latest(T, [staff.key])[staff.key]
    assert before.counts["members"] == len(people)
    directory.delete(T, replace(deletion_of(before), pointers=pointers))
    assert directory.read_latest(T, [staff.key]) == {}


def test_only_one_of_two_matching_writers_wins(directory: DynamoDirectory) -> None:
    directory.create(T, ann := user("ann"))
    before = directory.read_latest(T, [ann.key])[ann.key]
    directory.update(T, matching(content(before, {"userName": "ann"})))
    with pytest.raises(Stale):
        directory.update(T, matching(content(before, {"userName": "ann"})))


def test_a_deletion_that_others_always_forestall_is_refused(
    client: "DynamoDBClient", table_name: str, directory: DynamoDirectory
) -> None:
    directory.create(T, ann := user("ann"))
    other = DynamoDirectory(client, table_name)

    before = _of(directory, ann.key)

    def forestall(**_: object) -> None:
        client.meta.events.unregister(f"before-call.{WRITE}", forestall)
        other.create(T, group("another", [ann.key]))
        client.meta.events.register(f"before-call.{WRITE}", forestall)

    client.meta.events.register(f"before-call.{WRITE}", forestall)
    try:
        with pytest.raises(Unavailable):
            directory.delete(T, deletion_of(before))
    finally:
        client.meta.events.unregister(f"before-call.{WRITE}", forestall)
    directory.delete(T, deletion_of(_of(directory, ann.key)))
    assert directory.read_latest(T, [ann.key]) == {}


Operation = Callable[[DynamoDirectory], object]
ANN, STAFF = Key("User", "ann"), Key("Group", "staff")


def _of(directory: DynamoDirectory, key: Key) -> Record:
    found = directory.read_latest(T, [key])
    if key not in found:
        raise Stale
    return found[key]


OPERATIONS: dict[str, Operation] = {
    "create": lambda d: d.create(T, replace(user("zoe"), key=Key("User", id_()))),
    "rename": lambda d: d.update(T, content(_of(d, ANN), {"userName": "zoe"})),
    "join": lambda d: d.update(T, joining(_of(d, STAFF), ANN)),
    "leave": lambda d: d.update(T, leaving(_of(d, STAFF), Key("User", "bob"))),
    "delete user": lambda d: d.delete(T, deletion_of(_of(d, ANN))),
    "delete member": lambda d: d.delete(T, deletion_of(_of(d, Key("User", "bob")))),
    "delete group": lambda d: d.delete(T, deletion_of(_of(d, STAFF))),
    "join many": lambda d: d.update(
        T, joining(_of(d, STAFF), *(Key("User", f"p{n}") for n in range(3)))
    ),
    "delete person": lambda d: d.delete(T, deletion_of(_of(d, Key("User", "p2")))),
}


class Interrupting:
    """Runs another operation whole, just before the k-th request of the first."""

    def __init__(self, other: Callable[[], object], position: int) -> None:
        self.other = other
        self.left = position
        self.is_running = False
        self.has_run = False

    def __call__(self, **_: object) -> None:
        if self.is_running or self.has_run:
            return
        if self.left:
            self.left -= 1
            return
        self.is_running = True
        try:
            self.other()
        finally:
            self.is_running, self.has_run = False, True


@pytest.mark.parametrize(("second", "first"), sampled_pairs(OPERATIONS, OPERATIONS, 7))
@pytest.mark.sampled(4)
def test_operations_that_interleave_leave_the_table_whole(
    client: "DynamoDBClient", make_table: Callable[[], str], first: str, second: str
) -> None:
    position, ran = 0, True
    while ran:
        table = make_table()
        directory = DynamoDirectory(client, table, width=1)
        for name in ("ann", "bob", *(f"p{n}" for n in range(3))):
            directory.create(T, replace(user(name), key=Key("User", name)))
        directory.create(T, replace(group("staff", [Key("User", "bob")]), key=STAFF))

        other = DynamoDirectory(client, table, width=1)
        interrupting = Interrupting(lambda o=other: _tried(o, second), position)
        client.meta.events.register("before-call.dynamodb", interrupting)
        try:
            _tried(directory, first)
        finally:
            client.meta.events.unregister("before-call.dynamodb", interrupting)
        ran = interrupting.has_run
        assert violations(client.scan(TableName=table)["Items"]) == []
        assert directory.sweep(MUCH_LATER, 100).is_done
        assert violations(client.scan(TableName=table)["Items"]) == []
        position += 1


def _tried(directory: DynamoDirectory, name: str) -> None:
    with suppress(Stale, Uniqueness):
        OPERATIONS[name](directory)
