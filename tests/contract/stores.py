"""DynamoDB for tests: moto in this process, or a running DynamoDB Local."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, cast

import boto3
from botocore.config import Config

from local.dynamodb_local import ENDPOINT_VARIABLE, running
from local.moto import quick_moto
from tests.contract.tables import create_table
from tests.contract.wire import OwnWire

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client

NOBODY = {
    "aws_access_key_id": "local",
    "aws_secret_access_key": "local",
    "region_name": "us-east-1",
    "config": Config(connect_timeout=5, read_timeout=30, retries={"max_attempts": 2}),
}


def client_of(endpoint: str | None = None) -> "DynamoDBClient":
    """Return a client whose calls of the store go by the store's own wire."""
    return cast(
        "DynamoDBClient", OwnWire(_session().client("dynamodb", endpoint_url=endpoint, **NOBODY))
    )


@cache
def files_client() -> "S3Client":
    """Return a client of S3, the same for all: nobody hears its events."""
    return _session().client("s3", **NOBODY)


@cache
def _session() -> boto3.Session:
    """Return a session that lasts: moto ends boto3's own each time, and to begin one takes long."""
    return boto3.Session()


@contextmanager
def moto_client() -> Iterator["DynamoDBClient"]:
    """Yield a client of an empty moto."""
    with quick_moto():
        yield client_of()


@contextmanager
def local_client() -> Iterator["DynamoDBClient"]:
    """Yield a client of DynamoDB Local, started for this unless one is named as running."""
    endpoint = os.environ.get(ENDPOINT_VARIABLE)
    if endpoint:
        yield client_of(endpoint)
        return
    with running() as started:
        yield client_of(started)


def new_table(client: "DynamoDBClient") -> str:
    """Create a table of its own for one test, return its name."""
    name = f"scim-{uuid.uuid4()}"
    create_table(client, name)
    return name


def stored_items(client: "DynamoDBClient", *tables: str) -> list[Any]:
    """Return every item of some tables."""
    scan = client.get_paginator("scan")
    return [
        item
        for table in tables
        for page in scan.paginate(TableName=table)
        for item in page["Items"]
    ]


@contextmanager
def reported(client: "DynamoDBClient") -> Iterator[dict[str, float]]:
    """Add up what DynamoDB itself reports inside the block, by operation."""
    units: dict[str, float] = {}

    def ask(params: dict[str, Any], **_: Any) -> None:
        params["ReturnConsumedCapacity"] = "TOTAL"

    def note(parsed: dict[str, Any], model: Any, **_: Any) -> None:
        consumed = parsed.get("ConsumedCapacity", [])
        for one in consumed if isinstance(consumed, list) else [consumed]:
            units[model.name] = units.get(model.name, 0) + one["CapacityUnits"]

    events = client.meta.events
    events.register("provide-client-params.dynamodb", ask)
    events.register("after-call.dynamodb", note)
    try:
        yield units
    finally:
        events.unregister("provide-client-params.dynamodb", ask)
        events.unregister("after-call.dynamodb", note)
