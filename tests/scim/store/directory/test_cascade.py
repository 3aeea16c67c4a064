"""Cascading deletions leave nothing dangling after a death at any moment or under simultaneous changes."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from scim.access.breaker import BreakerLimits
from scim.errors import Unavailable
from scim.fsck import open_work, violations
from scim.resource.change import Receipt
from scim.resource.record import Key, Stale
from scim.store.directory import adapter as module
from scim.store.directory.adapter import DynamoDirectory
from scim.store.directory.attribution import attribution_in
from scim.store.dynamodb.capacity import Meter
from scim.store.dynamodb.retry import Retry
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.values import decoded_item
from scim.store.guards.breaker import Breaker
from tests.contract.reference_contract import ANN, BOB, CELL, HALL, NOTE, T, furnish, of
from tests.contract.references import changed, ended, made
from tests.contract.samples import LATER, MUCH_LATER
from tests.contract.stores import stored_items
from tests.scim.store.faults import dying, dying_or_done

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

LONG = pytest.mark.long

WIDTH = 2
SEATS = [Key("Seat", f"s{number}") for number in range(5)]
KEYS = [Key("Key", f"k{number}") for number in range(3)]
EVERYTHING = [ANN, BOB, HALL, CELL, NOTE, *SEATS, *KEYS]


def prepare(directory: DynamoDirectory) -> None:
    for key in (ANN, BOB, HALL, CELL):
        directory.create(T, made(key))
    for number, key in enumerate(SEATS):
        tags = (BOB,) if number == 1 else ()
        directory.create(T, made(key, *tags, person=(ANN, BOB)[number > 3], room=HALL))
    for key in KEYS:
        directory.create(T, made(key, seat=SEATS[2]))
    directory.create(T, made(NOTE, about=ANN))


def left(directory: DynamoDirectory) -> set[Key]:
    return set(directory.read_latest(T, EVERYTHING))


def end_the_person(directory: DynamoDirectory) -> None:
    directory.delete(T, ended(of(directory, ANN)))


def end_the_room(directory: DynamoDirectory) -> None:
    directory.delete(T, ended(of(directory, HALL)))


ACTIONS = [
    (end_the_person, {BOB, HALL, CELL, NOTE, SEATS[4]}),
    (end_the_room, {ANN, BOB, CELL, NOTE}),
]


@pytest.mark.parametrize(
    ("action", "survivors", "stride"),
    [
        pytest.param(*ACTIONS[1], 7, id="room-sample"),
        *(pytest.param(*each, 1, marks=LONG, id=each[0].__name__) for each in ACTIONS),
    ],
)
def test_a_death_at_any_write_leaves_nothing_dangling_and_nothing_undone(
    client: "DynamoDBClient",
    make_table: Callable[[], str],
    action: Callable[[DynamoDirectory], None],
    survivors: set[Key],
    stride: int,
) -> None:
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
            is_untouched = (moment, position) == ("before-call", 0)
            assert left(directory) == (set(EVERYTHING) if is_untouched else survivors)
            if not death.has_died:
                break
            position += stride
        assert position > 4


@pytest.fixture
def table(make_table: Callable[[], str]) -> str:
    return make_table()


@pytest.fixture
def directory(client: "DynamoDBClient", table: str) -> DynamoDirectory:
    stored = DynamoDirectory(client, table, width=WIDTH)
    prepare(stored)
    return stored


def begun(client: "DynamoDBClient", directory: DynamoDirectory) -> None:
    """Begin with the end of the person, and die."""
    with dying(client, "after-call", 0):
        end_the_person(directory)


def test_the_sweeper_can_stop_after_any_transaction(
    client: "DynamoDBClient", table: str, directory: DynamoDirectory
) -> None:
    begun(client, directory)
    while not directory.sweep(MUCH_LATER, 1).is_done:
        assert violations(stored_items(client, table)) == []
    assert ANN not in left(directory)


def test_a_resource_being_deleted_is_readable_and_marked_as_ending(
    client: "DynamoDBClient", directory: DynamoDirectory
) -> None:
    begun(client, directory)
    assert of(directory, ANN).is_ending
    assert of(directory, ANN).version == 1
    assert not of(directory, BOB).is_ending


def test_a_reference_to_an_ending_resource_is_refused(
    client: "DynamoDBClient", directory: DynamoDirectory
) -> None:
    begun(client, directory)
    with pytest.raises(Stale):
        directory.create(T, made(Key("Seat", "new"), person=ANN, room=CELL))
    with pytest.raises(Stale):
        directory.update(T, changed(of(directory, SEATS[4]), person=ANN, room=HALL))


def test_a_reference_made_after_a_deletion_was_decided_is_deleted_too(
    client: "DynamoDBClient", table: str, directory: DynamoDirectory
) -> None:
    eve = Key("Person", "eve")
    directory.create(T, made(eve))
    decided = ended(of(directory, eve))
    assert not decided.before.referrers
    directory.create(T, made(Key("Seat", "new"), person=eve, room=HALL))
    directory.delete(T, decided)
    assert not directory.read_latest(T, [eve, Key("Seat", "new")])
    assert violations(stored_items(client, table)) == []


def test_a_reference_to_an_ending_resource_can_still_be_changed(
    client: "DynamoDBClient", table: str, directory: DynamoDirectory
) -> None:
    begun(client, directory)
    directory.update(T, changed(of(directory, SEATS[0]), person=BOB, room=HALL))
    directory.sweep(MUCH_LATER, 1000)
    assert SEATS[0] in left(directory)
    assert violations(stored_items(client, table)) == []


def test_an_ending_resource_can_still_be_changed(
    client: "DynamoDBClient", table: str, directory: DynamoDirectory
) -> None:
    begun(client, directory)
    directory.update(T, changed(of(directory, ANN), name="another"))
    directory.sweep(MUCH_LATER, 1000)
    assert violations(stored_items(client, table)) == []
    directory.create(T, made(Key("Person", "new"), name="another"))


def test_a_second_deletion_finishes_the_first(
    client: "DynamoDBClient", table: str, directory: DynamoDirectory
) -> None:
    begun(client, directory)
    with pytest.raises(Stale):
        end_the_person(directory)
    assert left(directory) == ACTIONS[0][1]
    assert open_work(stored_items(client, table)) == ["T#acme#reap / Seat#s1"]


def test_a_receipt_is_stored_by_the_worker_that_finishes_and_stops_no_other(
    client: "DynamoDBClient", table: str, directory: DynamoDirectory
) -> None:
    receipt = Receipt("job", 1, 4_000_000_000, {"status": 204})
    with dying(client, "after-call", 0):
        directory.delete(T, replace(ended(of(directory, ANN)), receipt=receipt))
    directory.sweep(MUCH_LATER, 1000)
    assert [item for item in stored_items(client, table) if item["k"]["S"] == "result"]
    with dying(client, "after-call", 0):
        directory.delete(T, replace(ended(of(directory, BOB)), receipt=receipt))
    directory.sweep(MUCH_LATER, 1000)
    assert BOB not in left(directory)


def test_a_version_that_must_match_is_looked_at_before_anything_goes(
    directory: DynamoDirectory,
) -> None:
    before = of(directory, ANN)
    directory.update(T, changed(before, name="another"))
    with pytest.raises(Stale):
        directory.delete(T, replace(ended(before), must_match=True))
    assert left(directory) == set(EVERYTHING)


def test_more_than_a_request_can_do_is_left_to_the_sweeper(
    client: "DynamoDBClient",
    table: str,
    directory: DynamoDirectory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "AT_ONCE", 1)
    with pytest.raises(Unavailable) as refusal:
        end_the_room(directory)
    assert refusal.value.retry_after == 30
    assert violations(stored_items(client, table)) == []
    directory.sweep(LATER, 1000)
    assert left(directory) == ACTIONS[1][1]


def test_deletions_left_to_the_sweeper_count_for_the_breaker(
    client: "DynamoDBClient", table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "AT_ONCE", 1)
    limits = BreakerLimits(number=20, percent=0, new_seconds=0)
    breaker = Breaker(Table(client, table, Meter(), Retry()), limits)
    directory = DynamoDirectory(client, table, width=WIDTH, breaker=limits)
    prepare(directory)
    with pytest.raises(Unavailable):
        end_the_room(directory)
    assert breaker.state(T).left == 20 - 1 - len(SEATS)


def test_a_resource_that_loses_two_values_at_once_records_both(
    client: "DynamoDBClient", table: str
) -> None:
    directory = DynamoDirectory(client, table)
    prepare(directory)
    block = Key("Seat", "block")
    directory.create(T, made(block, SEATS[0], SEATS[3], BOB, person=BOB, room=CELL))
    end_the_person(directory)
    (item,) = [
        decoded_item(item)
        for item in stored_items(client, table)
        if (item["k"]["S"], item["sk"]["S"]) == ("resource", block.id)
    ]
    _, action, relations, _ = attribution_in(item)
    assert (action, relations) == ("patch", {"tags": {"+": {}, "-": {"Seat": ["s0", "s3"]}}})
    assert of(directory, block).counts == {"tags": 1}


def test_a_damaged_reference_stops_the_sweep_of_no_other(
    client: "DynamoDBClient", table: str, directory: DynamoDirectory
) -> None:
    begun(client, directory)
    with dying(client, "after-call", 0):
        end_the_room(directory)
    item_key = {"pk": {"S": "T#acme#Note#about.value"}, "sk": {"S": "ann\x00n1"}}
    client.delete_item(TableName=table, Key=item_key)
    with pytest.raises(ExceptionGroup):
        directory.sweep(MUCH_LATER, 1000)
    assert HALL not in left(directory)
    assert ANN in left(directory)


def test_deleting_an_unreferenced_resource_costs_two_calls(
    client: "DynamoDBClient", make_table: Callable[[], str]
) -> None:
    directory = DynamoDirectory(client, make_table())
    furnish(directory)
    before = directory.spent().round_trips
    directory.delete(T, ended(of(directory, BOB)))
    assert directory.spent().round_trips - before == 2
