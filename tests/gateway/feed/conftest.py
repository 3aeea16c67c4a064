"""A client of one tenant's changes."""

import pytest

from local.gateway import Gateway
from tests.gateway.feed.feed_client import FeedClient
from tests.gateway.feed.sets import drained


@pytest.fixture
def client(gateway: Gateway) -> FeedClient:
    """Return a client that has acknowledged every event there is."""
    client = FeedClient(gateway, "rfc")
    drained(client)
    return client
