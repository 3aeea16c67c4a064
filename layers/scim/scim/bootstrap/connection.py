"""The connection to DynamoDB: how long it waits, and how often it asks again."""

from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

CONFIG = Config(
    connect_timeout=1,
    read_timeout=2,
    retries={"mode": "standard", "total_max_attempts": 1},
    tcp_keepalive=True,
)
"""One attempt: who repeats, and when, is settled in scim.store.dynamodb.retry alone. Two attempts
without an answer end a request, well before a caller or the gateway would give up."""


def client() -> "DynamoDBClient":
    """Return a DynamoDB client with the function's own credentials and region."""
    return boto3.client("dynamodb", config=CONFIG)
