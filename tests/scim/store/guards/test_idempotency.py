"""A key is one request's at a time, until it has made something or is taken for dead."""

from typing import TYPE_CHECKING

from scim.resource.history.once import LEASE, Earlier, Once
from scim.store.dynamodb.capacity import Meter
from scim.store.dynamodb.retry import Retry
from scim.store.dynamodb.table import Table
from scim.store.guards.idempotency import IdempotencyKeys

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

T, NAME, NOW, KEPT = "acme", "ab" * 32, 1_770_000_000, 3600


def _keys(client: "DynamoDBClient", table_name: str) -> IdempotencyKeys:
    return IdempotencyKeys(Table(client, table_name, Meter(), Retry()), KEPT)


def test_who_comes_second_is_told_and_who_comes_too_late_takes_over(
    client: "DynamoDBClient", table_name: str
) -> None:
    keys = _keys(client, table_name)
    assert keys.begin(T, Once(NAME, NOW), "f") is None
    assert keys.begin(T, Once(NAME, NOW + LEASE - 1), "f") == Earlier("f")
    assert keys.begin(T, Once(NAME, NOW + LEASE), "g") is None
    assert keys.begin(T, Once(NAME, NOW + LEASE), "f") == Earlier("g")


def test_an_ended_key_is_new_although_its_item_is_there(
    client: "DynamoDBClient", table_name: str
) -> None:
    keys = _keys(client, table_name)
    keys.begin(T, Once(NAME, NOW), "f")
    assert keys.begin(T, Once(NAME, NOW + KEPT), "g") is None


def test_only_who_has_the_key_lets_go_of_it(client: "DynamoDBClient", table_name: str) -> None:
    keys = _keys(client, table_name)
    keys.begin(T, Once(NAME, NOW), "f")
    keys.forget(T, Once(NAME, NOW - 1))
    assert keys.begin(T, Once(NAME, NOW + 1), "f") == Earlier("f")
    keys.forget(T, Once(NAME, NOW))
    assert keys.begin(T, Once(NAME, NOW + 2), "f") is None


def test_no_answer_is_kept_of_what_made_nothing(client: "DynamoDBClient", table_name: str) -> None:
    keys, once = _keys(client, table_name), Once(NAME, NOW)
    keys.begin(T, once, "f")
    keys.keep(T, once, {"status": 201})
    assert keys.begin(T, once, "f") == Earlier("f")
