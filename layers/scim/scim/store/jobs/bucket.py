"""The objects of a bucket, whoever put them there."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class BucketObjects:
    """Lists and deletes objects of buckets."""

    def __init__(self, client: "Callable[[], S3Client]") -> None:
        self._client = client

    def keys(self, bucket: str) -> Iterator[list[str]]:
        """Yield the keys of the objects of a bucket, up to 1,000 at once."""
        pages = self._client().get_paginator("list_objects_v2").paginate(Bucket=bucket)
        for page in pages:
            if found := [each["Key"] for each in page.get("Contents", ())]:
                yield found

    def delete(self, bucket: str, keys: list[str]) -> None:
        """Delete objects, up to 1,000."""
        named = [{"Key": key} for key in keys]
        self._client().delete_objects(Bucket=bucket, Delete={"Objects": named, "Quiet": True})  # type: ignore[typeddict-item]
