"""The publisher reports the first record that it could not publish."""

from collections.abc import Callable
from typing import Any

import pytest

from scim.errors import Unavailable
from scim.profile.shipped import UnknownProfile
from scim.resource.history.feed import Feed
from scim.resource.history.log_entry import LogPage
from scim.schema.catalogue import Catalogue
from scim.workers import publish

EMPTY = Catalogue((), ())


def _records(*tenants: str) -> dict[str, Any]:
    numbered = enumerate(tenants)
    return {"Records": [{"dynamodb": {"SequenceNumber": str(n), "tenant": t}} for n, t in numbered]}


class Sent:
    """A bus and a queue that take everything, and count."""

    def __init__(self) -> None:
        self.number = 0

    def put(self, *_: object) -> None:
        self.number += 1


def _published(catalogue_of: Callable[[str], Catalogue], *tenants: str) -> tuple[object, int]:
    bus = Sent()
    handler = publish.publisher(
        lambda record: (record["dynamodb"]["tenant"], 0, LogPage(0, ())),
        bus,
        Sent(),
        catalogue_of,
        lambda _: Feed(),
        lambda _: "issuer",
    )
    return handler(_records(*tenants), None)["batchItemFailures"], bus.number


@pytest.mark.parametrize("error", [UnknownProfile("gone"), Unavailable("x"), ValueError("x")])
def test_the_records_before_one_that_cannot_be_published_are_not_published_again(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    def catalogue_of(tenant: str) -> Catalogue:
        if tenant == "other":
            raise error
        return EMPTY

    with caplog.at_level("ERROR"):
        published = _published(catalogue_of, "acme", "other", "acme")
    assert published == ([{"itemIdentifier": "1"}], 1)
    assert [vars(record)["tenant"] for record in caplog.records] == ["other"]


def test_records_that_are_published_are_no_failures() -> None:
    assert _published(lambda _: EMPTY, "acme", "other") == ([], 2)
