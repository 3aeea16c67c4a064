"""The objects of a bucket, whoever put them there."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

Version = tuple[str, str]
"""The key of an object and which version of it; a bucket without versions has `null` of each."""


class UndeletedError(Exception):
    """S3 did not delete what it was asked to; the text is its code."""


class BucketObjects:
    """Lists and deletes objects of buckets, with all their versions."""

    def __init__(self, client: "Callable[[], S3Client]") -> None:
        self._client = client

    def versions(self, bucket: str) -> Iterator[list[Version]]:
        """Yield the versions of the objects of a bucket, markers of deletion too, up to 1,000 at once."""
        pages = self._client().get_paginator("list_object_versions").paginate(Bucket=bucket)
        for page in pages:
            listed = [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]
            if found := [(each["Key"], each["VersionId"]) for each in listed]:
                yield found

    def delete(self, bucket: str, versions: Sequence[Version]) -> None:
        """Delete versions of objects, up to 1,000. Raises UndeletedError where one is still there."""
        named = [{"Key": key, "VersionId": version} for key, version in versions]
        answer = self._client().delete_objects(
            Bucket=bucket,
            Delete={"Objects": named, "Quiet": True},  # type: ignore[typeddict-item]
        )
        for error in answer.get("Errors", ()):
            raise UndeletedError(error.get("Code", ""))
