"""The large parts of jobs in S3."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
from botocore.exceptions import ClientError

from local.moto import quick_moto
from scim.bootstrap.jobs import FILES
from scim.errors import Conflict, NotFound, Unavailable
from scim.store.jobs.files import S3Payloads
from tests.contract.stores import NOBODY


@pytest.fixture
def payloads() -> Iterator[S3Payloads]:
    with quick_moto():
        boto3.client("s3", **NOBODY).create_bucket(Bucket="jobs")
        yield S3Payloads(lambda: boto3.client("s3", **NOBODY), "jobs")


def test_a_part_is_read_whole_or_in_ranges(payloads: S3Payloads) -> None:
    payloads.put("acme", "j1", "layers/0.jsonl", b"0123456789")
    assert payloads.read("acme", "j1", "layers/0.jsonl") == b"0123456789"
    assert payloads.read_range("acme", "j1", "layers/0.jsonl", 2, 3) == b"234"


def test_a_part_stored_again_is_replaced(payloads: S3Payloads) -> None:
    payloads.put("acme", "j1", "a", b"1")
    payloads.put("acme", "j1", "a", b"2")
    assert payloads.read("acme", "j1", "a") == b"2"


def test_clearing_a_job_removes_its_parts_only(payloads: S3Payloads) -> None:
    for job in ("j1", "j10"):
        payloads.put("acme", job, "a", b"1")
    payloads.clear("acme", "j1")
    payloads.clear("acme", "j1")
    with pytest.raises(NotFound):
        payloads.read("acme", "j1", "a")
    assert payloads.read("acme", "j10", "a") == b"1"


def test_a_failed_deletion_is_tried_once() -> None:
    class Locked:
        tried = 0

        def list_objects_v2(self, **_: object) -> dict[str, Any]:
            return {"Contents": [{"Key": "acme/j1/a"}]}

        def delete_objects(self, **_: object) -> dict[str, Any]:
            self.tried += 1
            assert self.tried == 1
            return {"Errors": [{"Key": "acme/j1/a", "Code": "AccessDenied"}]}

    locked: Any = Locked()
    S3Payloads(lambda: locked, "bucket").clear("acme", "j1")
    assert locked.tried == 1


def test_a_part_is_its_tenants_own(payloads: S3Payloads) -> None:
    payloads.put("acme", "j1", "a", b"1")
    with pytest.raises(NotFound):
        payloads.read("umbrella", "j1", "a")


@pytest.mark.parametrize("code", ["403", "AccessDenied", "SlowDown"])
def test_a_part_that_cannot_be_looked_up_does_not_count_as_absent(code: str) -> None:
    class Closed:
        def head_object(self, **_: object) -> None:
            raise ClientError({"Error": {"Code": code, "Message": ""}}, "HeadObject")

    closed: Any = Closed()
    with pytest.raises(Unavailable):
        S3Payloads(lambda: closed, "bucket").size("acme", "j1", "a")


def test_the_size_of_a_part_is_known(payloads: S3Payloads) -> None:
    payloads.put("acme", "j1", "a", b"12345")
    assert payloads.size("acme", "j1", "a") == 5
    assert payloads.size("acme", "j1", "b") is None
    assert payloads.size("umbrella", "j1", "a") is None


def test_a_part_is_read_piece_by_piece(
    payloads: S3Payloads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scim.store.jobs.files.PIECE", 2)
    payloads.put("acme", "j1", "a", b"12345")
    assert list(payloads.stream("acme", "j1", "a")) == [b"12", b"34", b"5"]
    with pytest.raises(NotFound):
        list(payloads.stream("acme", "j1", "b"))


def test_a_part_is_put_and_got_by_address(payloads: S3Payloads) -> None:
    for url, action in (
        (payloads.upload_url("acme", "j1", "a", 60), "PutObject"),
        (payloads.download_url("acme", "j1", "a", 60), "GetObject"),
    ):
        parts = urlsplit(url)
        assert (parts.scheme, parts.path) == ("https", "/acme/j1/a"), action
        asked = parse_qs(parts.query)
        assert {"Signature", "X-Amz-Signature"} & asked.keys()


def test_a_part_is_written_in_chunks(payloads: S3Payloads) -> None:
    first, last = b"1" * (5 << 20), b"2"
    writing = payloads.begin("acme", "j1", "a")
    payloads.append("acme", "j1", "a", writing, 1, b"0" * (5 << 20))
    marks = [
        payloads.append("acme", "j1", "a", writing, 1, first),
        payloads.append("acme", "j1", "a", writing, 2, last),
    ]
    assert payloads.size("acme", "j1", "a") is None
    for _ in range(2):
        payloads.complete("acme", "j1", "a", writing, marks)
    assert payloads.read("acme", "j1", "a") == first + last


def test_a_part_of_which_a_piece_was_replaced_is_not_completed(payloads: S3Payloads) -> None:
    writing = payloads.begin("acme", "j1", "a")
    mark = payloads.append("acme", "j1", "a", writing, 1, b"1")
    payloads.append("acme", "j1", "a", writing, 1, b"2")
    with pytest.raises(NotFound):
        payloads.complete("acme", "j1", "a", writing, [mark])
    assert payloads.size("acme", "j1", "a") is None


def test_an_upload_that_has_expired_is_not_there() -> None:
    class Forgetful:
        def upload_part(self, **_: object) -> None:
            raise ClientError({"Error": {"Code": "NoSuchUpload", "Message": ""}}, "UploadPart")

    forgetful: Any = Forgetful()
    with pytest.raises(NotFound):
        S3Payloads(lambda: forgetful, "bucket").append("acme", "j1", "a", "upload", 1, b"1")


def test_a_part_that_was_replaced_is_not_read_for_the_one_before(payloads: S3Payloads) -> None:
    payloads.put("acme", "j1", "a", b"0123")
    known = payloads.stored("acme", "j1", "a")
    assert known is not None
    assert known[0] == 4
    assert payloads.read_range("acme", "j1", "a", 1, 2, known[1]) == b"12"
    payloads.put("acme", "j1", "a", b"4567")
    with pytest.raises(Conflict, match="replaced"):
        payloads.read_range("acme", "j1", "a", 1, 2, known[1])
    with pytest.raises(Conflict, match="replaced"):
        list(payloads.stream("acme", "j1", "a", known[1]))


def test_an_address_to_upload_to_is_signed_for_one_size() -> None:
    # As the functions open it: signed with SigV4, which needs no AWS.
    made = S3Payloads(lambda: boto3.client("s3", **{**NOBODY, "config": FILES}), "jobs")
    for size, signed in ((5, "content-length;host"), (None, "host")):
        url = made.upload_url("acme", "j1", "a", 60, size)
        assert parse_qs(urlsplit(url).query)["X-Amz-SignedHeaders"] == [signed]


@pytest.mark.parametrize("region", ["eu-central-1", "eu-south-2", "us-gov-west-1"])
def test_a_presigned_url_names_the_region_of_the_bucket(region: str) -> None:
    opened = {**NOBODY, "region_name": region, "config": FILES}
    made = S3Payloads(lambda: boto3.client("s3", **opened), "jobs")
    host = f"jobs.s3.{region}.amazonaws.com"
    assert urlsplit(made.upload_url("acme", "j1", "a", 60, 5)).netloc == host
    assert urlsplit(made.download_url("acme", "j1", "a", 60)).netloc == host
