"""The model of DynamoDB answers as DynamoDB Local does, and refuses what makes no sense."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from tests.contract.stores import local_client, new_table
from tests.simulation.model.dynamodb import ModelTable
from tests.simulation.model.requests import answered, calls

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

KEY = {"pk": {"S": "a"}, "sk": {"S": "1"}}


@pytest.fixture(name="local", scope="module")
def _local() -> Iterator["DynamoDBClient"]:
    with local_client() as client:
        yield client


@pytest.mark.dynamodb
@pytest.mark.parametrize(
    "seed",
    [*range(1, 9), *(pytest.param(seed, marks=pytest.mark.long) for seed in range(9, 60))],
)
def test_the_model_answers_as_dynamodb_local_does(local: "DynamoDBClient", seed: int) -> None:
    table, model = new_table(local), ModelTable()
    told: list[Any] = []
    for call in calls(seed, 150, table):
        told.append(call)
        assert answered(model, call, table) == answered(local, call, table), told[-3:]


def test_the_requests_meet_every_kind_of_answer() -> None:
    model = ModelTable()
    answers = [answered(model, call, "t") for seed in range(8) for call in calls(seed, 150, "t")]
    assert {code for code, _ in answers} >= {
        "",
        "TransactionCanceledException",
        "ConditionalCheckFailedException",
    }
    assert sum(code == "" for code, _ in answers) > len(answers) / 3


def test_a_transaction_with_a_known_token_is_not_made_again() -> None:
    model, add = ModelTable(), {"#0": "n"}
    update = {
        "TableName": "t",
        "Key": KEY,
        "UpdateExpression": "ADD #0 :0",
        "ExpressionAttributeNames": add,
        "ExpressionAttributeValues": {":0": {"N": "1"}},
    }
    for _ in range(2):
        model.transact_write_items(TransactItems=[{"Update": update}], ClientRequestToken="x")
    assert model.get_item(Key=KEY, ConsistentRead=True)["Item"]["n"] == {"N": "1"}


def test_another_transaction_with_a_known_token_is_refused() -> None:
    model = ModelTable()
    for value, code in (("1", ""), ("2", "IdempotentParameterMismatchException")):
        put = {"TableName": "t", "Item": {**KEY, "n": {"N": value}}}
        call = (
            "transact_write_items",
            {"TransactItems": [{"Put": put}], "ClientRequestToken": "x"},
        )
        assert answered(model, call, "t")[0] == code


def test_a_read_that_may_be_old_shows_what_was_there() -> None:
    model = ModelTable()
    for value in "123":
        model.put_item(Item={**KEY, "n": {"N": value}})
    seen = [model.get_item(Key=KEY, lag=lag).get("Item", {}).get("n") for lag in range(4)]
    assert seen == [{"N": "3"}, {"N": "2"}, {"N": "1"}, None]
    assert model.get_item(Key=KEY, ConsistentRead=True, lag=3)["Item"]["n"] == {"N": "3"}


@pytest.mark.parametrize(
    "items",
    [
        pytest.param([], id="nothing to do"),
        pytest.param([{"Delete": {"Key": KEY}}] * 2, id="one item twice"),
    ],
)
def test_a_transaction_that_makes_no_sense_is_refused(items: list[Any]) -> None:
    with pytest.raises(ClientError, match="ValidationException"):
        ModelTable().transact_write_items(TransactItems=items)


def test_an_expression_unknown_to_the_model_is_an_error() -> None:
    delete = {"Key": KEY, "ConditionExpression": "size(n) > :v"}
    with pytest.raises((ValueError, ClientError)):
        ModelTable().transact_write_items(TransactItems=[{"Delete": delete}])
