"""Large answers are compressed as API Gateway does it, for clients that accept it."""

import gzip
import zlib

import pytest

from local.api_gateway.compression import compressed, decompressed
from local.http import Answer, request_of

LONG = Answer(200, (("Content-Type", "application/scim+json"),), b"x" * 2000)


@pytest.mark.parametrize(
    "accepted", ["gzip", "gzip, deflate, br", "deflate;q=0.5, GZIP;q=1.0", "br,gzip;q=0.1"]
)
def test_a_long_answer_is_gzipped_for_a_client_that_accepts_it(accepted: str) -> None:
    answer = compressed(LONG, accepted, 1024)
    assert ("Content-Encoding", "gzip") in answer.headers
    assert gzip.decompress(answer.body) == LONG.body


@pytest.mark.parametrize("accepted", [None, "", "identity", "br", "gzip;q=0", "gzip; q=0"])
def test_a_long_answer_is_not_gzipped_for_other_clients(accepted: str | None) -> None:
    assert compressed(LONG, accepted, 1024) is LONG


@pytest.mark.parametrize("minimum", [2001, None])
def test_a_short_answer_is_left_alone(minimum: int | None) -> None:
    assert compressed(LONG, "gzip", minimum) is LONG


def test_an_encoded_answer_is_left_alone() -> None:
    encoded = Answer(200, (("content-encoding", "gzip"),), b"x" * 2000)
    assert compressed(encoded, "gzip", 1024) is encoded


BODY = b'{"userName": "anna"}' * 100


@pytest.mark.parametrize(
    ("coding", "sent"),
    [
        ("gzip", gzip.compress(BODY, mtime=0)),
        (" GZIP ", gzip.compress(BODY, mtime=0)),
        ("deflate", zlib.compress(BODY)),
        ("identity", BODY),
        ("br", BODY),
    ],
)
def test_a_body_is_decoded_before_a_function_sees_it(coding: str, sent: bytes) -> None:
    request = request_of("POST", "/", {"Content-Encoding": coding}, sent)
    assert decompressed(request, 1024, len(BODY)).body == BODY
    assert decompressed(request, None, len(BODY)).body == sent


@pytest.mark.parametrize(
    "sent", [b"", BODY, gzip.compress(BODY, mtime=0)[:-9]], ids=["", "plain", "cut"]
)
def test_a_body_that_is_not_gzip_is_left_alone(sent: bytes) -> None:
    request = request_of("POST", "/", {"Content-Encoding": "gzip"}, sent)
    assert decompressed(request, 1024, 10_000).body == sent


def test_decoding_stops_at_the_size_limit() -> None:
    request = request_of("POST", "/", {"Content-Encoding": "gzip"}, gzip.compress(b"x" * 10_000))
    assert len(decompressed(request, 1024, 100).body) == 101
