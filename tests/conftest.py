"""What tests of the whole service share: a gateway whose table is checked when they are done."""

from collections.abc import Iterator

import boto3
import pytest
from hypothesis import settings

from local.fsck.check import open_work, violations
from local.gateway import Gateway

# A machine that is busy with something else is no reason for a test to fail.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest.fixture(name="gateway", scope="module")
def _gateway() -> Iterator[Gateway]:
    """Yield the whole service on an empty store; afterwards its invariants must hold."""
    with Gateway.start(overrides={"LogLevel": "ERROR"}) as gateway:
        yield gateway
        gateway.schedules.fire()
        pages = boto3.client("dynamodb").get_paginator("scan")
        items = [
            item
            for table in gateway.store.tables.values()
            for page in pages.paginate(TableName=table)
            for item in page["Items"]
        ]
        assert violations(items) == []
        assert open_work(items) == []
