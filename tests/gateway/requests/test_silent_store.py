"""A database that does not respond: one 503 with Retry-After, after two attempts at most."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import pytest
from botocore.exceptions import ReadTimeoutError
from moto.core.models import botocore_stubber

from local.gateway import Gateway
from local.http import Answer
from local.seed import TOKEN
from scim.bootstrap.connection import READ_SECONDS

pytestmark = pytest.mark.long
MOST_ATTEMPTS = 4
"""Of one request, each of READ_SECONDS: one of the authorizer, one to count the request, two of the function."""


@contextmanager
def silent() -> Iterator[list[str]]:
    """Let no request to DynamoDB be answered inside the block; yield a list of their URLs."""
    answered, unanswered = botocore_stubber.process_request, list[str]()

    def hang(request: Any) -> Any:
        if "dynamodb" not in request.url:
            return answered(request)
        unanswered.append(request.url)
        time.sleep(READ_SECONDS)
        raise ReadTimeoutError(endpoint_url=request.url)

    with patch.object(botocore_stubber, "process_request", hang):
        yield unanswered


def call(gateway: Gateway, method: str, path: str, body: Any = None, token: str = TOKEN) -> Answer:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/scim+json"}
    data = b"" if body is None else json.dumps(body).encode()
    return gateway.handle(method, f"/scim/v2{path}", headers, data)


def assert_promised(answer: Answer, unanswered: list[str]) -> None:
    headers = {name.lower(): value for name, value in answer.headers}
    assert answer.status == 503
    assert int(headers["retry-after"]) >= 1
    assert json.loads(answer.body)["status"] == "503"
    assert len(unanswered) <= MOST_ATTEMPTS


USER = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "kim"}
REQUESTS: list[tuple[str, str, Any]] = [
    ("GET", "/Users/2819c223-7f76-453a-919d-413861904646", None),
    ("GET", "/Users?filter=userName%20eq%20%22kim%22", None),
    ("POST", "/Users", USER),
]


@pytest.mark.parametrize(("method", "path", "body"), REQUESTS)
def test_a_store_that_hangs_is_one_503_after_few_attempts(
    gateway: Gateway, method: str, path: str, body: Any
) -> None:
    assert call(gateway, "GET", "/Users").status == 200
    with silent() as unanswered:
        answer = call(gateway, method, path, body)
    assert_promised(answer, unanswered)
    assert call(gateway, "GET", "/Users").status == 200


def test_a_credential_that_cannot_be_looked_up_is_a_503_of_the_gateway(gateway: Gateway) -> None:
    with silent() as unanswered:
        answer = call(gateway, "GET", "/Users", token="x" * 43)
    assert_promised(answer, unanswered)
    assert "credentials" in json.loads(answer.body)["detail"]


def test_operations_of_a_bulk_request_that_hangs_fail_without_waiting_each(
    gateway: Gateway,
) -> None:
    assert call(gateway, "GET", "/Users").status == 200
    operations = [
        {
            "method": "POST",
            "path": "/Users",
            "bulkId": f"b{n}",
            "data": {**USER, "userName": f"b{n}"},
        }
        for n in range(40)
    ]
    with silent() as unanswered:
        answer = call(
            gateway,
            "POST",
            "/Bulk",
            {
                "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
                "Operations": operations,
            },
        )
    # Those that had begun when the first ones got no response.
    assert len(unanswered) < len(operations) / 2
    headers = {name.lower(): value for name, value in answer.headers}
    assert (answer.status, headers["retry-after"]) == (200, "5")
    assert {each["status"] for each in json.loads(answer.body)["Operations"]} == {"503"}
