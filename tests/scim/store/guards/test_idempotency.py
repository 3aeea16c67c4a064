"""A key belongs to one request at a time, until it has an answer or its lease ends."""

from typing import TYPE_CHECKING

import pytest

from scim.resource.history.once import LEASE, Earlier, Once
from scim.store.dynamodb.capacity import Meter
from scim.store.dynamodb.retry import Retry
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.write import ConditionFailed
from scim.store.guards.idempotency import IdempotencyKeys, created_id_put
from tests.contract.stores import stored_items
from tests.scim.store.faults import losing

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

T, NAME, NOW, KEPT = "acme", "ab" * 32, 1_770_000_000, 3600


def _keys(client: "DynamoDBClient", table_name: str) -> IdempotencyKeys:
    return IdempotencyKeys(Table(client, table_name, Meter(), Retry()), KEPT)


def test_a_second_request_is_told_and_takes_over_after_the_lease(
    client: "DynamoDBClient", table_name: str
) -> None:
    keys = _keys(client, table_name)
    assert keys.begin(T, Once(NAME, NOW), "f") is None
    assert keys.begin(T, Once(NAME, NOW + LEASE - 1), "f") == Earlier("f")
    assert keys.begin(T, Once(NAME, NOW + LEASE), "g") == Earlier("f")
    assert keys.begin(T, Once(NAME, NOW + LEASE), "f") is None
    assert keys.begin(T, Once(NAME, NOW + LEASE + 1), "f") == Earlier("f")


def test_an_ended_key_is_new_although_its_item_is_there(
    client: "DynamoDBClient", table_name: str
) -> None:
    keys = _keys(client, table_name)
    keys.begin(T, Once(NAME, NOW), "f")
    assert keys.begin(T, Once(NAME, NOW + KEPT), "g") is None


def test_only_the_holder_of_a_key_releases_it(client: "DynamoDBClient", table_name: str) -> None:
    keys = _keys(client, table_name)
    keys.begin(T, Once(NAME, NOW), "f")
    keys.forget(T, Once(NAME, NOW - 1))
    assert keys.begin(T, Once(NAME, NOW + 1), "f") == Earlier("f")
    keys.forget(T, Once(NAME, NOW))
    assert keys.begin(T, Once(NAME, NOW + 2), "f") is None


def test_a_request_that_lost_the_key_stores_no_answer(
    client: "DynamoDBClient", table_name: str
) -> None:
    keys, once = _keys(client, table_name), Once(NAME, NOW)
    keys.begin(T, once, "f")
    later = Once(NAME, NOW + LEASE)
    assert keys.begin(T, later, "f") is None
    keys.keep(T, once, {"status": 201})
    assert keys.begin(T, later, "f") == Earlier("f")
    keys.keep(T, later, {"status": 200})
    assert keys.begin(T, later, "f") == Earlier("f", answer={"status": 200})


def test_a_request_that_lost_the_key_creates_nothing_under_it(
    client: "DynamoDBClient", table_name: str
) -> None:
    keys, table = _keys(client, table_name), Table(client, table_name, Meter(), Retry())
    lost, later = Once(NAME, NOW), Once(NAME, NOW + LEASE)
    keys.begin(T, lost, "f")
    assert keys.begin(T, later, "f") is None
    with pytest.raises(ConditionFailed):
        table.write(created_id_put(T, lost, "u1"))
    table.write(created_id_put(T, later, "u2"))
    with pytest.raises(ConditionFailed):
        table.write(created_id_put(T, later, "u3"))
    assert keys.begin(T, Once(NAME, NOW + 2 * LEASE), "f") == Earlier("f", "u2")


def test_a_released_key_is_for_the_same_request_at_once(
    client: "DynamoDBClient", table_name: str
) -> None:
    keys, once = _keys(client, table_name), Once(NAME, NOW)
    keys.begin(T, once, "f")
    keys.release(T, once)
    assert keys.begin(T, Once(NAME, NOW + 1), "g") == Earlier("f")
    assert keys.begin(T, Once(NAME, NOW + 1), "f") is None
    keys.release(T, once)
    assert keys.begin(T, Once(NAME, NOW + 2), "f") == Earlier("f")


def test_a_key_ends_at_one_time_for_all_that_have_it(
    client: "DynamoDBClient", table_name: str
) -> None:
    keys, later = _keys(client, table_name), Once(NAME, NOW + LEASE)
    keys.begin(T, Once(NAME, NOW), "f")
    keys.begin(T, later, "f")
    assert keys.end_of(T, later) == NOW + KEPT


def test_a_request_whose_write_got_no_answer_has_its_key(
    client: "DynamoDBClient", table_name: str
) -> None:
    keys = _keys(client, table_name)
    with losing(client, "PutItem"):
        assert keys.begin(T, Once(NAME, NOW), "f") is None
    assert keys.begin(T, Once(NAME, NOW), "f") == Earlier("f")


def test_a_request_whose_takeover_got_no_answer_has_its_key(
    client: "DynamoDBClient", table_name: str
) -> None:
    keys = _keys(client, table_name)
    keys.begin(T, Once(NAME, NOW), "f")
    with losing(client, "UpdateItem"):
        assert keys.begin(T, Once(NAME, NOW + LEASE), "f") is None
    assert keys.begin(T, Once(NAME, NOW + LEASE), "f") == Earlier("f")


def test_a_key_of_an_earlier_version_is_of_another_request(
    client: "DynamoDBClient", table_name: str
) -> None:
    keys = _keys(client, table_name)
    keys.begin(T, Once(NAME, NOW), "f")
    (row,) = stored_items(client, table_name)
    del row["nonce"]
    client.put_item(TableName=table_name, Item=row)
    assert keys.begin(T, Once(NAME, NOW), "f") == Earlier("f")
    assert keys.begin(T, Once(NAME, NOW + LEASE), "f") is None
