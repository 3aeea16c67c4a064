"""New resources in shared transactions: the same result as alone, at a lower cost."""

import random
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ReadTimeoutError

from scim.errors import Uniqueness
from scim.fsck import violations
from scim.resource.change import AlreadyMade, Creation, Receipt
from scim.resource.record import Key, Pointer, Stale
from scim.store.directory.adapter import DynamoDirectory
from scim.store.dynamodb.capacity import Cost, Meter
from scim.store.dynamodb.retry import Retry
from scim.store.dynamodb.table import Table
from scim.store.jobs.results import DynamoResults
from tests.contract.samples import group, user
from tests.scim.store.faults import WRITE, refusing

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

T, JOB = "acme", "00000000-0000-4000-8000-000000000001"


@pytest.fixture
def directory(client: "DynamoDBClient", table_name: str) -> DynamoDirectory:
    return DynamoDirectory(client, table_name, retry=Retry(sleep=lambda _: None))


def step(number: int, name: str = "", **more: object) -> Creation:
    """Return the creation of a user by a step of the job."""
    receipt = Receipt(JOB, number, 1_900_000_000, {"status": "201"})
    return replace(user(name or f"user{number}", **more), receipt=receipt)


def kinds(told: list[Exception | None]) -> list[str]:
    return [type(each).__name__ if each else "" for each in told]


def steps_done(client: "DynamoDBClient", table_name: str) -> set[int]:
    return set(DynamoResults(Table(client, table_name, Meter(), Retry())).between(T, JOB, 0, 100))


def are_there(directory: DynamoDirectory, creations: list[Creation]) -> list[bool]:
    found = directory.read_latest(T, [each.key for each in creations])
    return [each.key in found for each in creations]


def test_many_cost_a_round_trip_for_each_hundred_items_and_a_counter(
    directory: DynamoDirectory, client: "DynamoDBClient", table_name: str
) -> None:
    creations = [step(number) for number in range(40)]
    directory.meter.reset()
    assert kinds(directory.create_many(T, creations, 3)) == [""] * 40
    # 33 of three items each, and the counter; then 7 with theirs.
    assert directory.meter.reading() == Cost(2, 0, 40 * 7 + 2 * 2)
    assert (directory.count(T, "User"), all(are_there(directory, creations))) == (40, True)
    assert steps_done(client, table_name) == set(range(40))
    assert violations(client.scan(TableName=table_name)["Items"]) == []


def test_the_counter_is_one_of_the_hundred(directory: DynamoDirectory) -> None:
    creations = [step(number, externalId=f"e{number}") for number in range(25)]
    directory.meter.reset()
    assert kinds(directory.create_many(T, creations, 0)) == [""] * 25
    # 24 of four items each; the last one's would be 101 with the counter.
    assert directory.meter.reading().round_trips == 2


def test_the_lane_picks_the_counter(
    directory: DynamoDirectory, client: "DynamoDBClient", table_name: str
) -> None:
    for lane in (0, 1, 17):
        directory.create_many(T, [user(f"u{lane}")], lane)
    items = client.scan(TableName=table_name)["Items"]
    numbers = [item["n"]["N"] for item in items if item["k"]["S"] == "count"]
    assert sorted(numbers) == ["1", "2"]


def test_the_first_of_two_creations_with_one_unique_value_succeeds(
    directory: DynamoDirectory,
) -> None:
    creations = [step(0, "ann"), step(2, "bob"), step(4, "ANN"), step(6, "cy")]
    assert kinds(directory.create_many(T, creations, 0)) == ["", "", "Uniqueness", ""]
    assert are_there(directory, creations) == [True, True, False, True]


def test_a_refused_creation_does_not_stop_the_others(
    directory: DynamoDirectory, client: "DynamoDBClient", table_name: str
) -> None:
    directory.create_many(T, [step(8, "bob"), step(10, "dan")], 0)
    creations = [step(0, "ann"), step(2, "bob"), step(10, "eve"), step(6, "cy")]
    told = directory.create_many(T, creations, 0)
    assert kinds(told) == ["", "Uniqueness", "AlreadyMade", ""]
    assert isinstance(told[1], Uniqueness)
    assert "userName" in told[1].detail
    assert are_there(directory, creations) == [True, False, False, True]
    assert (steps_done(client, table_name), directory.count(T, "User")) == ({0, 6, 8, 10}, 4)


def test_the_first_refusal_is_kept_when_a_later_attempt_refuses_others(
    directory: DynamoDirectory, client: "DynamoDBClient"
) -> None:
    directory.create(T, user("bob"))
    made: list[str] = []

    def overtake(**_: Any) -> None:
        made.append("attempt")
        if len(made) == 2:
            directory.create(T, user("cy"))

    client.meta.events.register(f"before-call.{WRITE}", overtake)
    try:
        told = directory.create_many(T, [step(0, "ann"), step(2, "bob"), step(4, "cy")], 0)
    finally:
        client.meta.events.unregister(f"before-call.{WRITE}", overtake)
    assert kinds(told) == ["", "Uniqueness", "Uniqueness"]


def test_a_step_that_is_done_is_told_so_before_anything_else(directory: DynamoDirectory) -> None:
    directory.create_many(T, [step(0, "ann")], 0)
    (told,) = directory.create_many(T, [step(0, "ann")], 0)
    assert isinstance(told, AlreadyMade)


@pytest.mark.parametrize(
    ("code", "reasons", "is_told"),
    [
        pytest.param("ThrottlingException", (), "TooManyRequests", id="a throttle"),
        pytest.param("InternalServerError", (), "Unavailable", id="nobody knows"),
        pytest.param(
            "TransactionCanceledException", ("TransactionConflict",), "Unavailable", id="a conflict"
        ),
        pytest.param(
            "TransactionCanceledException", ("ValidationError",), "Stale", id="one is too large"
        ),
        pytest.param("ValidationException", (), "Stale", id="one is not valid"),
    ],
)
def test_only_creations_certainly_not_made_are_left_to_be_made_alone(
    directory: DynamoDirectory,
    client: "DynamoDBClient",
    code: str,
    reasons: tuple[str, ...],
    is_told: str,
) -> None:
    creations = [step(0), step(2)]
    with refusing(client, 50, code, *reasons):
        told = directory.create_many(T, creations, 0)
    assert kinds(told) == [is_told, is_told]
    assert are_there(directory, creations) == [False, False]


def test_without_a_lane_chance_picks_the_counter(client: "DynamoDBClient", table_name: str) -> None:
    chances = iter([0.0, 0.99, 0.0])
    retry = Retry(sleep=lambda _: None, chance=lambda: next(chances))
    directory = DynamoDirectory(client, table_name, retry=retry)
    for name in "abc":
        directory.create_many(T, [user(name)])
    items = client.scan(TableName=table_name)["Items"]
    assert sorted(item["n"]["N"] for item in items if item["k"]["S"] == "count") == ["1", "2"]


def test_a_lost_answer_makes_nothing_twice(
    directory: DynamoDirectory, client: "DynamoDBClient"
) -> None:
    lost: list[bool] = []

    def lose(**_: Any) -> None:
        if not lost:
            lost.append(True)
            raise ReadTimeoutError(endpoint_url="https://dynamodb.example")

    client.meta.events.register(f"after-call.{WRITE}", lose)
    try:
        told = directory.create_many(T, [step(0), step(2)], 0)
    finally:
        client.meta.events.unregister(f"after-call.{WRITE}", lose)
    # DynamoDB knows the transaction by its token; moto does not, and finds the receipts.
    assert set(kinds(told)) <= {"", "AlreadyMade"}
    assert (lost, directory.count(T, "User")) == ([True], 2)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda _: group("staff", [Key("User", JOB)]), id="edges"),
        pytest.param(
            lambda each: replace(each, pointers=frozenset({Pointer("manager", Key("User", JOB))})),
            id="a reference",
        ),
    ],
)
def test_a_creation_that_touches_other_resources_is_left_to_be_made_alone(
    directory: DynamoDirectory, change: Callable[[Creation], Creation]
) -> None:
    creations = [step(0), change(step(2)), step(4)]
    told = directory.create_many(T, creations, 0)
    assert kinds(told) == ["", "Stale", ""]
    assert isinstance(told[1], Stale)
    assert are_there(directory, creations) == [True, False, True]


def test_large_ones_are_spread_over_transactions(directory: DynamoDirectory) -> None:
    # Random bytes, for nothing of them can be packed away.
    dice = random.Random(7)
    texts = [b64encode(dice.randbytes(180_000)).decode() for _ in range(12)]
    creations = [step(2 * n, note=text) for n, text in enumerate(texts)]
    directory.meter.reset()
    assert kinds(directory.create_many(T, creations, 0)) == [""] * 12
    assert directory.meter.reading().round_trips == 2
