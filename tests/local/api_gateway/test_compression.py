"""Answers are compressed as API Gateway does it: large ones, for who takes them."""

import gzip

import pytest

from local.api_gateway.compression import compressed
from local.http import Answer

LONG = Answer(200, (("Content-Type", "application/scim+json"),), b"x" * 2000)


@pytest.mark.parametrize(
    "accepted", ["gzip", "gzip, deflate, br", "deflate;q=0.5, GZIP;q=1.0", "br,gzip;q=0.1"]
)
def test_a_long_answer_is_gzipped_for_who_takes_it(accepted: str) -> None:
    answer = compressed(LONG, accepted, 1024)
    assert ("Content-Encoding", "gzip") in answer.headers
    assert gzip.decompress(answer.body) == LONG.body


@pytest.mark.parametrize("accepted", [None, "", "identity", "br", "gzip;q=0", "gzip; q=0"])
def test_it_is_left_alone_for_who_does_not(accepted: str | None) -> None:
    assert compressed(LONG, accepted, 1024) is LONG


@pytest.mark.parametrize("minimum", [2001, None])
def test_a_short_answer_is_left_alone(minimum: int | None) -> None:
    assert compressed(LONG, "gzip", minimum) is LONG


def test_what_is_encoded_already_is_left_alone() -> None:
    encoded = Answer(200, (("content-encoding", "gzip"),), b"x" * 2000)
    assert compressed(encoded, "gzip", 1024) is encoded
