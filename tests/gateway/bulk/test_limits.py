"""`/Bulk`: the number of operations and the size of a request."""

import json
from collections.abc import Iterator

import pytest

from local.gateway import Gateway
from tests.gateway.bulk.operations import LIMITS, REQUEST, send
from tests.gateway.client import ERROR, Client


@pytest.fixture(name="limited", scope="module")
def _limited() -> Iterator[Client]:
    with Gateway.start(overrides=LIMITS) as gateway:
        yield Client(gateway)


def test_the_configuration_advertises_the_limits_in_force(limited: Client) -> None:
    config = limited.send("GET", "/ServiceProviderConfig").body["bulk"]
    assert config == {"supported": True, "maxOperations": 5, "maxPayloadSize": 2000}


@pytest.mark.parametrize(("number", "status"), [(5, 200), (6, 413)], ids=["N", "N+1"])
def test_the_number_of_operations_is_limited(limited: Client, number: int, status: int) -> None:
    answer = send(limited, *[{"method": "DELETE", "path": "/Users/x"}] * number)
    assert answer.status == status
    if status == 413:
        assert answer.body == {
            "schemas": [ERROR],
            "status": "413",
            "detail": "The number of operations exceeds the maxOperations (5).",
        }


@pytest.mark.parametrize(("size", "status"), [(2000, 200), (2001, 413)], ids=["N", "N+1"])
def test_the_size_of_the_request_is_limited(limited: Client, size: int, status: int) -> None:
    body = {"schemas": [REQUEST], "Operations": [{"method": "DELETE", "path": "/Users/x"}]}
    text = json.dumps(body).encode()
    answer = limited.send("POST", "/Bulk", text + b" " * (size - len(text)))
    assert answer.status == status
    if status == 413:
        assert answer.body == {
            "schemas": [ERROR],
            "status": "413",
            "detail": "The size of the bulk operation exceeds the maxPayloadSize (2000).",
        }
