"""Transactions are repeated while others are in the way and refused where conditions fail."""

import math
from typing import TYPE_CHECKING

import pytest

from scim.errors import PayloadTooLarge, ScimError, TooManyRequests, Unavailable
from scim.resource.access_path import Direction
from scim.store.dynamodb.capacity import Cost, Meter
from scim.store.dynamodb.retry import Retry
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.write import ConditionFailed, Write, absent
from scim.store.keys.directory import ItemKey
from tests.scim.store.faults import losing, refusing

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

CANCELLED = "TransactionCanceledException"


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def table(client: "DynamoDBClient", table_name: str, waits: list[float]) -> Table:
    return Table(client, table_name, Meter(), Retry(sleep=waits.append, chance=lambda: 0.5))


def put(sk: str, **item: str | bytes) -> Write:
    return Write("Put", ItemKey("p", sk), (absent(),), item=item)


@pytest.mark.parametrize(
    ("code", "reasons"),
    [
        (CANCELLED, ("TransactionConflict",)),
        (CANCELLED, ("ThrottlingError",)),
        (CANCELLED, ("ProvisionedThroughputExceeded",)),
        ("TransactionInProgressException", ()),
        ("ThrottlingException", ()),
        ("ProvisionedThroughputExceededException", ()),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_passing_refusal_is_waited_out(
    client: "DynamoDBClient", table: Table, waits: list[float], code: str, reasons: tuple[str, ...]
) -> None:
    with refusing(client, 3, code, *reasons):
        table.write([put("a")])
    assert table.item(ItemKey("p", "a")) == {"pk": "p", "sk": "a"}
    assert waits == [0.025, 0.05, 0.1]


@pytest.mark.parametrize(
    ("reason", "error"),
    [("TransactionConflict", Unavailable), ("ThrottlingError", TooManyRequests)],
)
def test_a_lasting_refusal_is_raised_after_eight_repetitions(
    client: "DynamoDBClient",
    table: Table,
    waits: list[float],
    reason: str,
    error: type[ScimError],
) -> None:
    with refusing(client, 99, CANCELLED, reason) as asked, pytest.raises(error) as told:
        table.write([put("a")])
    assert (len(asked.tokens), len(waits)) == (9, 8)
    assert "Retry-After" in told.value.headers()
    assert max(waits) <= 0.8
    assert table.item(ItemKey("p", "a")) is None


def test_an_item_that_would_outgrow_the_table_is_too_large(
    client: "DynamoDBClient", table: Table
) -> None:
    with (
        refusing(client, 9, CANCELLED, "None", "ValidationError") as asked,
        pytest.raises(PayloadTooLarge, match="linked to too often"),
    ):
        table.write([put("a"), put("b")])
    assert len(asked.tokens) == 1


def test_a_cancelled_transaction_is_repeated_as_a_new_one(
    client: "DynamoDBClient", table: Table
) -> None:
    with refusing(client, 2, CANCELLED, "TransactionConflict") as asked:
        table.write([put("a")])
    assert len(set(asked.tokens)) == 3


def test_one_of_unknown_outcome_is_repeated_as_the_same(
    client: "DynamoDBClient", table: Table
) -> None:
    with refusing(client, 2, "TransactionInProgressException") as asked:
        table.write([put("a")])
    assert len(set(asked.tokens)) == 1


def test_one_of_unknown_outcome_stays_the_same_when_its_repetition_meets_a_conflict(
    client: "DynamoDBClient", table: Table
) -> None:
    with (
        refusing(client, 1, "InternalServerError") as first,
        refusing(client, 2, CANCELLED, "TransactionConflict") as then,
    ):
        table.write([put("a")])
    assert len({*first.tokens, *then.tokens}) == 1


def test_a_put_whose_answer_got_lost_is_made(client: "DynamoDBClient", table: Table) -> None:
    with losing(client, "PutItem"):
        assert table.put_alone(put("a", x="1", z=b"1"))
    assert not table.put_alone(put("a", x="2", z=b"1"))
    assert not table.put_alone(put("a", x="1"))


def test_an_update_whose_answer_got_lost_is_made_once(
    client: "DynamoDBClient", table: Table
) -> None:
    more = Write("Update", ItemKey("p", "a"), adds={"n": 5})
    table.change_once(more)
    with losing(client, "UpdateItem"):
        table.change_once(more)
    assert (table.item(ItemKey("p", "a")) or {})["n"] == 10


def test_an_update_that_another_has_made_is_refused(table: Table) -> None:
    first = Write("Update", ItemKey("p", "a"), (absent("x"),), sets={"x": "1"})
    table.change_once(first)
    with pytest.raises(ConditionFailed):
        table.change_once(first)


def test_a_failed_condition_names_its_step_and_what_it_met(table: Table) -> None:
    table.write([put("b", x="1")])
    writes = [put("a"), put("b"), put("c")]
    with pytest.raises(ConditionFailed) as failed_condition:
        table.write(writes)
    assert [(f.write.item_key.sk, f.item["x"]) for f in failed_condition.value.failures] == [
        ("b", "1")
    ]
    assert table.item(ItemKey("p", "a")) is None


def test_a_failed_condition_counts_before_a_conflict(
    client: "DynamoDBClient", table: Table
) -> None:
    reasons = ("TransactionConflict", "ConditionalCheckFailed")
    with refusing(client, 9, CANCELLED, *reasons) as asked, pytest.raises(ConditionFailed):
        table.write([put("a"), put("b")])
    assert len(asked.tokens) == 1


@pytest.mark.parametrize(
    "writes",
    [
        [put(str(n)) for n in range(101)],
        [put("a", x=b"x" * 350_001)],
        [put(str(n), x=b"x" * 340_000) for n in range(12)],
        [Write("Update", ItemKey("p", "a"), sets={f"a{n}": "" for n in range(500)})],
    ],
    ids=["101 steps", "a large item", "4 MB", "a long expression"],
)
def test_the_bounds_of_dynamodb_are_kept(table: Table, writes: list[Write]) -> None:
    with pytest.raises(PayloadTooLarge):
        table.write(writes)


def test_rows_end_where_they_are_told_to(table: Table) -> None:
    table.write([put(sk) for sk in "abcd"])
    assert [row["sk"] for row in table.rows("p", 2).items] == ["a", "b"]
    assert table.rows("p", 2).has_more
    assert not table.rows("p", 4).has_more
    assert [row["sk"] for row in table.rows("p", key_range=("b", "c")).items] == ["b", "c"]


def test_a_range_that_ends_before_it_begins_is_empty_and_not_asked_for(
    client: "DynamoDBClient", table_name: str
) -> None:
    meter = Meter()
    table = Table(client, table_name, meter, Retry())
    found = [
        table.rows("p", key_range=("c", "b")),
        table.between("p", ("c", "b"), Direction.UP, 9),
        table.some_between("p", ("c", "b"), Direction.UP, 9),
        table.indexed("p", ("c", "b"), Direction.UP, 9),
    ]
    assert [(tuple(rows.items), rows.has_more) for rows in found] == [((), False)] * 4
    # DynamoDB refuses such a range.
    assert meter.reading() == Cost()


def test_rows_beyond_a_megabyte_are_read_on(table: Table) -> None:
    for n in range(5):
        table.write([put(str(n), x=b"x" * 300_000)])
    assert len(table.rows("p").items) == 5


def test_all_requests_are_metered(client: "DynamoDBClient", table_name: str) -> None:
    meter = Meter()
    table = Table(client, table_name, meter, Retry())
    table.write([put("a"), put("b", x=b"x" * 2000)])
    assert meter.reading() == Cost(1, 0, 2 + 4)
    meter.reset()
    table.item(ItemKey("p", "b"))
    Table(client, table_name, meter, Retry(), may_lag=True).recent_wire(ItemKey("p", "b"))
    table.items([ItemKey("p", "a"), ItemKey("p", "nothing")])
    table.rows("p")
    assert meter.reading() == Cost(4, 1 + 0.5 + 2 + 1, 0)
    assert math.isclose(meter.reading().rcu, 4.5)
    meter.reset()
    table.put(ItemKey("p", "c"), {"x": b"x" * 2000})
    assert table.put_alone(put("d"))
    assert meter.reading() == Cost(2, 0, 2 + 1)


def test_a_number_is_increased_by_one(client: "DynamoDBClient", table_name: str) -> None:
    meter = Meter()
    table = Table(client, table_name, meter, Retry())
    item_key = ItemKey("p", "counted")
    assert [table.increased(item_key, {"k": "number"}) for _ in range(3)] == [1, 2, 3]
    assert table.item(item_key) == {**item_key._asdict(), "n": 3, "k": "number"}
    assert meter.reading().wcu == 3


def test_adding_a_link_costs_as_much_as_the_whole_item(
    client: "DynamoDBClient", table_name: str
) -> None:
    meter, key = Meter(), ItemKey("p", "s")
    table = Table(client, table_name, meter, Retry())
    links = frozenset(bytes([1, *number.to_bytes(16)]) for number in range(1000))
    table.write([Write("Put", key, item={"g.Group.members": links})])
    more = Write("Update", key, adds={"g.Group.members": frozenset({b"\x01" + b"x" * 16})})
    meter.reset()
    table.write([more])
    assert meter.reading().wcu == 2, "an item that was not read is taken for small"
    meter.reset()
    table.items([key])
    table.write([more])
    assert meter.reading().wcu == 34
    meter.reset()
    table.write([more])
    assert meter.reading().wcu == 2, "and one that was read for another request, too"


def test_items_are_weighed_only_when_a_meter_is_read(
    client: "DynamoDBClient", table_name: str
) -> None:
    meter, key = Meter(counts=False), ItemKey("p", "s")
    table = Table(client, table_name, meter, Retry())
    table.write([Write("Put", key, item={"v": 1})])
    table.item(key)
    assert meter.reading() == Cost()
    table.item(key)
    assert meter.reading() == Cost(1, 1.0, 0)


def test_a_clock_at_a_time_goes_on_from_there(client: "DynamoDBClient", table_name: str) -> None:
    ticks = iter([50.0, 50.25, 61.0])
    table = Table(client, table_name, Meter(), Retry(clock=lambda: next(ticks)))
    clock = table.clock_at("2026-03-02T23:59:59.900Z")
    assert [clock(), clock()] == ["2026-03-03T00:00:00.150Z", "2026-03-03T00:00:10.900Z"]
