"""The objects of a bucket, including those that this service did not write."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

Version = tuple[str, str]
"""The key of an object and its version; in a bucket without versioning the version is `null`."""


class UndeletedError(Exception):
    """S3 did not delete an object; the text is S3's error code."""


class BucketObjects:
    """Lists and deletes objects of buckets, with all their versions."""

    def __init__(self, client: "Callable[[], S3Client]") -> None:
        self._client = client

    def versions(self, bucket: str) -> Iterator[list[Version]]:
        """Yield the versions of a bucket's objects, including delete markers, up to 1,000 at a time.

        A bucket that does not exist any more has none.
        """
        pages = self._client().get_paginator("list_object_versions").paginate(Bucket=bucket)
        try:
            for page in pages:
                listed = [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]
                if versions := [(entry["Key"], entry["VersionId"]) for entry in listed]:
                    yield versions
        except ClientError as error:
            if error.response["Error"]["Code"] != "NoSuchBucket":
                raise

    def delete(self, bucket: str, versions: Sequence[Version]) -> None:
        """Delete up to 1,000 versions of objects. Raises UndeletedError if one was not deleted."""
        objects = [{"Key": key, "VersionId": version} for key, version in versions]
        answer = self._client().delete_objects(
            Bucket=bucket,
            Delete={"Objects": objects, "Quiet": True},  # type: ignore[typeddict-item]  # wants TypedDicts
        )
        for error in answer.get("Errors", ()):
            raise UndeletedError(error.get("Code", ""))
