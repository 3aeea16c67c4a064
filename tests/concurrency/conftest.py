"""Where DynamoDB Local is, and a table on it."""

from collections.abc import Iterator

import pytest

from tests.concurrency.servers import on_table
from tests.concurrency.workers import Place
from tests.contract.stores import new_table


@pytest.fixture(name="endpoint", scope="module")
def _endpoint() -> Iterator[str]:
    with on_table() as endpoint:
        yield endpoint


@pytest.fixture(name="place")
def _place(endpoint: str) -> Place:
    """Return a table of its own for each test."""
    place = Place(endpoint, "")
    return Place(endpoint, new_table(place.client()))
