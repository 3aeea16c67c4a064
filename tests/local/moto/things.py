"""A table of things as DynamoDB and moto make it, and the outcome of a request."""

from botocore.exceptions import ClientError

KEYS = [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}]
INDEX_KEYS = [
    {"AttributeName": "gp", "KeyType": "HASH"},
    {"AttributeName": "gs", "KeyType": "RANGE"},
]


def table(client):
    client.create_table(
        TableName="things",
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


def outcome(call, **arguments):
    """What a call answered, or how it failed."""
    try:
        answer = call(**arguments)
    except ClientError as error:
        return error.response["Error"], error.response.get("CancellationReasons")
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}
