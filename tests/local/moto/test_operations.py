"""An operation performed without moto's web request is answered as one with it."""

import boto3
import pytest
from moto import mock_aws

from local.environment import environment
from local.intrinsics import REGION
from local.moto import quick_moto
from tests.local.moto.things import outcome, table

KEY = {"pk": {"S": "a"}, "sk": {"S": "1"}}
ITEM = {
    **KEY,
    "bytes": {"B": b"\x00\xff"},
    "many": {"BS": [b"a", b"b"]},
    "tags": {"SS": ["x", "y"]},
    "n": {"N": "1.50"},
    "nested": {"M": {"B": {"S": "no bytes"}, "list": {"L": [{"B": b"c"}, {"NULL": True}]}}},
}
THINGS = {"TableName": "things"}
OPERATIONS = [
    ("put_item", {**THINGS, "Item": ITEM, "ReturnConsumedCapacity": "TOTAL"}),
    ("get_item", {**THINGS, "Key": KEY}),
    ("get_item", {**THINGS, "Key": KEY, "ProjectionExpression": "n, nested.list"}),
    ("get_item", {**THINGS, "Key": {**KEY, "sk": {"S": "none"}}}),
    ("get_item", {"TableName": "nowhere", "Key": KEY}),
    ("put_item", {**THINGS, "Item": ITEM, "ReturnValues": "ALL_OLD"}),
    (
        "put_item",
        {
            **THINGS,
            "Item": KEY,
            "ConditionExpression": "#b <> :b",
            "ExpressionAttributeNames": {"#b": "bytes"},
            "ExpressionAttributeValues": {":b": {"B": b"\x00\xff"}},
        },
    ),
    (
        "update_item",
        {
            **THINGS,
            "Key": KEY,
            "UpdateExpression": "SET x = :b, l = list_append(if_not_exists(l, :l), :l) ADD n :n",
            "ExpressionAttributeValues": {
                ":b": {"B": b"q"},
                ":l": {"L": [{"S": "e"}]},
                ":n": {"N": "2"},
            },
            "ReturnValues": "ALL_NEW",
        },
    ),
    ("batch_get_item", {"RequestItems": {"things": {"Keys": [KEY, {**KEY, "sk": {"S": "2"}}]}}}),
    (
        "query",
        {
            **THINGS,
            "KeyConditionExpression": "pk = :p",
            "ExpressionAttributeValues": {":p": {"S": "a"}},
            "Select": "COUNT",
        },
    ),
    ("scan", {**THINGS, "Limit": 1}),
    (
        "transact_write_items",
        {
            "TransactItems": [
                {"Delete": {**THINGS, "Key": KEY, "ConditionExpression": "attribute_exists(pk)"}},
                {
                    "ConditionCheck": {
                        **THINGS,
                        "Key": {**KEY, "sk": {"S": "2"}},
                        "ConditionExpression": "attribute_exists(pk)",
                        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
                    }
                },
            ]
        },
    ),
    ("delete_item", {**THINGS, "Key": KEY, "ReturnValues": "ALL_OLD"}),
    ("get_item", {**THINGS, "Key": {"pk": {"S": "a"}, "sk": {"S": ""}}}),
]


def answers(opened):
    with environment({"AWS_DEFAULT_REGION": REGION}), opened():
        client = table(boto3.client("dynamodb"))
        return [outcome(getattr(client, name), **request) for name, request in OPERATIONS]


@pytest.fixture(name="both", scope="module")
def _both():
    return list(zip(answers(quick_moto), answers(mock_aws), strict=True))


@pytest.mark.parametrize(
    "number", [pytest.param(n, id=f"{n} {name}") for n, (name, _) in enumerate(OPERATIONS)]
)
def test_an_operation_is_answered_as_plain_moto_answers_it(both, number):
    quick, plain = both[number]
    assert quick == plain
