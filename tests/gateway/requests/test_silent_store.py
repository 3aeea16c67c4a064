"""A database that does not answer the whole service: one 503 with Retry-After, in time."""

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
PROMISED = 10.0


@contextmanager
def silent(seconds: float) -> Iterator[None]:
    """Let no request to DynamoDB be answered inside the block."""
    answered = botocore_stubber.process_request

    def hang(request: Any) -> Any:
        if "dynamodb" not in request.url:
            return answered(request)
        time.sleep(seconds)
        raise ReadTimeoutError(endpoint_url=request.url)

    with patch.object(botocore_stubber, "process_request", hang):
        yield


def call(gateway: Gateway, method: str, path: str, body: Any = None, token: str = TOKEN) -> Answer:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/scim+json"}
    data = b"" if body is None else json.dumps(body).encode()
    return gateway.handle(method, f"/scim/v2{path}", headers, data)


def promised(answer: Answer, seconds: float) -> bool:
    """Tell whether that is the one answer there may be."""
    headers = {name.lower(): value for name, value in answer.headers}
    assert answer.status == 503
    assert int(headers["retry-after"]) >= 1
    assert json.loads(answer.body)["status"] == "503"
    assert seconds < PROMISED
    return True


USER = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "kim"}
REQUESTS: list[tuple[str, str, Any]] = [
    ("GET", "/Users/2819c223-7f76-453a-919d-413861904646", None),
    ("GET", "/Users?filter=userName%20eq%20%22kim%22", None),
    ("POST", "/Users", USER),
]


@pytest.mark.parametrize(("method", "path", "body"), REQUESTS)
def test_a_store_that_hangs_is_one_503_in_time(
    gateway: Gateway, method: str, path: str, body: Any
) -> None:
    assert call(gateway, "GET", "/Users").status == 200
    began = time.monotonic()
    with silent(READ_SECONDS):
        answer = call(gateway, method, path, body)
    assert promised(answer, time.monotonic() - began)
    assert call(gateway, "GET", "/Users").status == 200


def test_a_credential_that_cannot_be_looked_up_is_a_503_of_the_gateway(gateway: Gateway) -> None:
    began = time.monotonic()
    with silent(READ_SECONDS):
        answer = call(gateway, "GET", "/Users", token="x" * 43)
    assert promised(answer, time.monotonic() - began)
    assert "credentials" in json.loads(answer.body)["detail"]


def test_operations_of_a_bulk_request_that_hangs_fail_in_time(gateway: Gateway) -> None:
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
    began = time.monotonic()
    with silent(READ_SECONDS):
        answer = call(
            gateway,
            "POST",
            "/Bulk",
            {
                "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
                "Operations": operations,
            },
        )
    assert time.monotonic() - began < PROMISED
    headers = {name.lower(): value for name, value in answer.headers}
    assert (answer.status, headers["retry-after"]) == (200, "5")
    assert {each["status"] for each in json.loads(answer.body)["Operations"]} == {"503"}
