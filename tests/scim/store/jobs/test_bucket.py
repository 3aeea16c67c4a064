"""A bucket's objects are listed and deleted, a thousand at once."""

from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws

from scim.store.jobs.bucket import BucketObjects


@pytest.fixture(name="bucket")
def _bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        boto3.client("s3").create_bucket(Bucket="jobs")
        yield "jobs"


def test_what_is_listed_can_be_deleted(bucket: str) -> None:
    client = boto3.client("s3")
    for number in range(3):
        client.put_object(Bucket=bucket, Key=f"acme/{number}", Body=b"x")
    objects = BucketObjects(lambda: boto3.client("s3"))
    (keys,) = objects.keys(bucket)
    assert keys == ["acme/0", "acme/1", "acme/2"]
    objects.delete(bucket, keys)
    assert list(objects.keys(bucket)) == []
