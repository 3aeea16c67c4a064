"""The whole service on an empty store; when its tests are done, the table's invariants must hold."""

from collections.abc import Iterator

import boto3
import pytest

from local.gateway import Gateway
from scim.fsck.check import open_work, violations
from tests.contract.stores import stored_items


@pytest.fixture(name="gateway", scope="module")
def gateway_on_checked_table() -> Iterator[Gateway]:
    """Yield a gateway; afterwards nothing may be wrong with what it stored, and no work open."""
    with Gateway.start(overrides={"LogLevel": "ERROR"}) as gateway:
        yield gateway
        gateway.schedules.fire()
        items = stored_items(boto3.client("dynamodb"), *gateway.store.tables.values())
        assert violations(items) == []
        assert open_work(items) == []
