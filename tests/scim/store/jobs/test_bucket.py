"""A bucket's objects are listed and deleted, with all their versions."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from scim.store.jobs.bucket import BucketObjects, UndeletedError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@pytest.fixture(name="bucket")
def _bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        boto3.client("s3").create_bucket(Bucket="jobs")
        yield "jobs"


@pytest.mark.parametrize("versioned", [False, True])
def test_listed_objects_can_be_deleted_with_their_versions(bucket: str, versioned: bool) -> None:
    client = boto3.client("s3")
    for number in range(3):
        client.put_object(Bucket=bucket, Key=f"acme/{number}", Body=b"x")
    if versioned:
        client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        client.put_object(Bucket=bucket, Key="acme/1", Body=b"y")
        client.delete_object(Bucket=bucket, Key="acme/2")
    objects = BucketObjects(lambda: boto3.client("s3"))
    (versions,) = objects.versions(bucket)
    assert {key for key, _ in versions} == {"acme/0", "acme/1", "acme/2"}
    objects.delete(bucket, versions)
    assert list(objects.versions(bucket)) == []
    client.delete_bucket(Bucket=bucket)


def test_a_bucket_that_is_gone_has_nothing_left_to_delete(bucket: str) -> None:
    boto3.client("s3").delete_bucket(Bucket=bucket)
    assert list(BucketObjects(lambda: boto3.client("s3")).versions(bucket)) == []


def test_a_bucket_that_may_not_be_listed_is_an_error() -> None:
    class Paginator:
        def paginate(self, **_: object) -> Iterator[object]:
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": ""}}, "ListObjects")
            yield

    class Closed:
        def get_paginator(self, _: str) -> Paginator:
            return Paginator()

    with pytest.raises(ClientError):
        list(BucketObjects(lambda: cast("S3Client", Closed())).versions("jobs"))


def test_an_object_that_s3_does_not_delete_is_an_error() -> None:
    class Refusing:
        """S3 where an object may not be deleted."""

        def delete_objects(self, **_: object) -> dict[str, object]:
            return {"Errors": [{"Key": "a", "Code": "AccessDenied"}]}

    with pytest.raises(UndeletedError, match="AccessDenied"):
        BucketObjects(lambda: cast("S3Client", Refusing())).delete("jobs", [("a", "null")])
