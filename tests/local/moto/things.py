"""A table of things as DynamoDB and moto make it, and the outcome of a request."""

from contextlib import contextmanager

import boto3
from botocore.exceptions import ClientError

from local.environment import environment
from local.intrinsics import REGION
from local.moto import quick_moto

NAME = "things"
KEYS = [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}]
INDEX_KEYS = [
    {"AttributeName": "gp", "KeyType": "HASH"},
    {"AttributeName": "gs", "KeyType": "RANGE"},
]


def table(client):
    client.create_table(
        TableName=NAME,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk", "gp", "gs")
        ],
        KeySchema=KEYS,
        GlobalSecondaryIndexes=[
            {
                "IndexName": "byTime",
                "KeySchema": INDEX_KEYS,
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            }
        ],
    )
    return client


@contextmanager
def streaming_table():
    """Yield the client of a table in moto whose changes can be read from its stream."""
    with environment({"AWS_DEFAULT_REGION": REGION}), quick_moto():
        client = boto3.client("dynamodb")
        client.create_table(
            TableName=NAME,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[
                {"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")
            ],
            KeySchema=KEYS,
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        )
        yield client


def outcome(call, **arguments):
    """What a call answered, or how it failed."""
    try:
        answer = call(**arguments)
    except ClientError as error:
        return error.response["Error"], error.response.get("CancellationReasons")
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}
