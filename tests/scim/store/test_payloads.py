"""The large parts of jobs in S3."""

from collections.abc import Iterator

import boto3
import pytest

from local.moto import quick_moto
from scim.errors import Unavailable
from scim.store.payloads import S3Payloads
from tests.contract.stores import NOBODY


@pytest.fixture
def payloads() -> Iterator[S3Payloads]:
    with quick_moto():
        boto3.client("s3", **NOBODY).create_bucket(Bucket="jobs")
        yield S3Payloads(lambda: boto3.client("s3", **NOBODY), "jobs")


def test_a_part_is_read_whole_or_in_stretches(payloads: S3Payloads) -> None:
    payloads.put("acme", "j1", "layers/0.jsonl", b"0123456789")
    assert payloads.read("acme", "j1", "layers/0.jsonl") == b"0123456789"
    assert payloads.read_range("acme", "j1", "layers/0.jsonl", 2, 3) == b"234"


def test_a_part_stored_again_is_replaced(payloads: S3Payloads) -> None:
    payloads.put("acme", "j1", "a", b"1")
    payloads.put("acme", "j1", "a", b"2")
    assert payloads.read("acme", "j1", "a") == b"2"


def test_what_is_cleared_is_gone_and_nothing_else(payloads: S3Payloads) -> None:
    for job in ("j1", "j10"):
        payloads.put("acme", job, "a", b"1")
    payloads.clear("acme", "j1")
    payloads.clear("acme", "j1")
    with pytest.raises(Unavailable):
        payloads.read("acme", "j1", "a")
    assert payloads.read("acme", "j10", "a") == b"1"


def test_a_part_is_its_tenants_own(payloads: S3Payloads) -> None:
    payloads.put("acme", "j1", "a", b"1")
    with pytest.raises(Unavailable):
        payloads.read("umbrella", "j1", "a")
