"""Events after the table was restored to an earlier second."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from local.gateway import Gateway
from tests.gateway.feed.feed_client import FeedClient
from tests.gateway.feed.sets import drained, polled

RENAME = {"op": "replace", "path": "displayName"}


@pytest.fixture(name="gateway", scope="module")
def _gateway() -> Iterator[Gateway]:
    with Gateway.start(overrides={"LogLevel": "ERROR"}) as gateway:
        yield gateway


def test_a_version_that_is_given_again_has_another_event(gateway: Gateway) -> None:
    client, tables = FeedClient(gateway, "rfc"), boto3.client("dynamodb")
    table = gateway.store.tables["Table"]
    drained(client)
    kim = client.user("kim")
    drained(client)
    stored = tables.scan(TableName=table)["Items"]
    client.patch(f"/Users/{kim}", {**RENAME, "value": "before the restore"})
    (before,) = drained(client)

    for item in tables.scan(TableName=table)["Items"]:
        tables.delete_item(TableName=table, Key={name: item[name] for name in ("pk", "sk")})
    for item in stored:
        tables.put_item(TableName=table, Item=item)
    gateway.event_sources.pump()
    client.patch(f"/Users/{kim}", {**RENAME, "value": "after it"})
    sets = polled(client)
    after = next(claims for claims in sets.values() if "after it" in str(claims))
    assert after["sub_id"] == before["sub_id"]
    assert _version_in(after) == _version_in(before)
    assert after["jti"] != before["jti"]
    assert polled(client)[after["jti"]] == after  # and it keeps its own


def _version_in(claims: dict[str, Any]) -> str:
    return str(claims["events"]).partition("'version': '")[2].partition("'")[0]
