"""Requests are signed as botocore signs them."""

import calendar
import time

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from scim.store.dynamodb.signature import Keys, RequestSigner

TARGET = "DynamoDB_20120810.GetItem"
CASES = [
    ("https://dynamodb.eu-west-1.amazonaws.com/", "eu-west-1", "", b"{}"),
    ("https://dynamodb.us-east-1.amazonaws.com/", "us-east-1", "a+token/=", b'{"Key":{"a":1}}'),
    ("http://127.0.0.1:8000/", "us-east-1", "t" * 900, b"x" * 5000),
    ("https://gateway.example/aws/dynamodb/", "ap-southeast-2", "t", b"{}"),
]


def signed_by_botocore(url: str, region: str, token: str, body: bytes) -> dict[str, str]:
    headers = {"content-type": "application/x-amz-json-1.0", "x-amz-target": TARGET}
    request = AWSRequest("POST", url, headers, body)
    credentials = Credentials("AKIDEXAMPLE", "secret/+key", token or None)
    SigV4Auth(credentials, "dynamodb", region).add_auth(request)
    return {name.lower(): value for name, value in request.headers.items()}


def moment_of(headers: dict[str, str]) -> float:
    return float(calendar.timegm(time.strptime(headers["x-amz-date"], "%Y%m%dT%H%M%SZ")))


@pytest.mark.parametrize(("url", "region", "token", "body"), CASES)
def test_the_signature_is_the_one_botocore_makes(
    url: str, region: str, token: str, body: bytes
) -> None:
    expected = signed_by_botocore(url, region, token, body)
    host, _, path = url.partition("://")[2].partition("/")
    keys = Keys("AKIDEXAMPLE", "secret/+key", token)
    signer = RequestSigner(host, region, f"/{path}", lambda: keys, lambda: moment_of(expected))
    headers = signer.headers(TARGET, body)
    assert headers["authorization"] == expected["authorization"]
    assert {**expected, **headers} == {**headers, **expected}


def test_the_signature_depends_on_the_day_and_the_secret() -> None:
    now, held = [0.0], [Keys("a", "b", "")]
    signer = RequestSigner("h", "us-east-1", "/", lambda: held[0], lambda: now[0])
    first = signer.headers(TARGET, b"")["authorization"]
    now[0] = 86_400.0
    second = signer.headers(TARGET, b"")["authorization"]
    held[0] = Keys("a", "c", "")
    third = signer.headers(TARGET, b"")["authorization"]
    assert len({each.rpartition("=")[2] for each in (first, second, third)}) == 3
    now[0], held[0] = 0.0, Keys("a", "b", "")
    assert signer.headers(TARGET, b"")["authorization"] == first


def test_a_clock_that_was_set_is_signed_by() -> None:
    signer = RequestSigner("h", "us-east-1", "/", lambda: Keys("a", "b", ""), lambda: 0.0)
    assert signer.is_off(1_000.0, 240)
    signer.set_clock(1_000.0)
    assert not signer.is_off(1_000.0, 240)
    assert signer.headers(TARGET, b"")["x-amz-date"] == "19700101T001640Z"
