"""The large parts of jobs in S3, under `<tenant>/<job>/`."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from scim.errors import Conflict, NotFound, Unavailable
from scim.store.keys.jobs import prefix_of_payloads

PIECE = 1 << 20
"""Bytes of a large part that are in memory at once."""
_ABSENT = {"404", "NoSuchKey", "NoSuchUpload", "InvalidPart"}
_CHANGED = {"412", "PreconditionFailed"}


class S3Client(Protocol):
    """The part of boto3's S3 client that is used."""

    @property
    def put_object(self) -> Callable[..., Any]: ...
    @property
    def get_object(self) -> Callable[..., Any]: ...
    @property
    def list_objects_v2(self) -> Callable[..., Any]: ...
    @property
    def delete_objects(self) -> Callable[..., Any]: ...
    @property
    def head_object(self) -> Callable[..., Any]: ...
    @property
    def generate_presigned_url(self) -> Callable[..., Any]: ...
    @property
    def create_multipart_upload(self) -> Callable[..., Any]: ...
    @property
    def upload_part(self) -> Callable[..., Any]: ...
    @property
    def complete_multipart_upload(self) -> Callable[..., Any]: ...


class S3Payloads:
    """Implements the port `Payloads`; see there for the rules."""

    def __init__(self, client: Callable[[], S3Client], bucket: str) -> None:
        self._open = client
        self._bucket = bucket

    @cached_property
    def _client(self) -> S3Client:
        # Created at the first use: most requests need no job.
        return self._open()

    def put(self, tenant: str, job: str, name: str, content: bytes) -> None:
        """Store a part, replacing any earlier one."""
        key = prefix_of_payloads(tenant, job) + name
        with _reaching():
            self._client.put_object(Bucket=self._bucket, Key=key, Body=content)

    def read(self, tenant: str, job: str, name: str) -> bytes:
        """Return a whole part."""
        return self._read(prefix_of_payloads(tenant, job) + name, {})

    def read_range(
        self, tenant: str, job: str, name: str, start: int, length: int, etag: str = ""
    ) -> bytes:
        """Return `length` bytes of a part from `start` on."""
        key = prefix_of_payloads(tenant, job) + name
        return self._read(key, {"Range": f"bytes={start}-{start + length - 1}", **_if_match(etag)})

    def size(self, tenant: str, job: str, name: str) -> int | None:
        """Return the size of a part in bytes, None if it does not exist."""
        size_and_tag = self.stored(tenant, job, name)
        return None if size_and_tag is None else size_and_tag[0]

    def stored(self, tenant: str, job: str, name: str) -> tuple[int, str] | None:
        """Return the size of a part in bytes and its entity tag, None if it does not exist."""
        head = self._head(prefix_of_payloads(tenant, job) + name)
        return None if head is None else (int(head["ContentLength"]), str(head["ETag"]))

    def _head(self, key: str) -> Any:
        with _reaching():
            try:
                return self._client.head_object(Bucket=self._bucket, Key=key)
            except ClientError as error:
                # Only with permission to list does S3 answer 404 for an object that does not exist.
                if error.response["Error"]["Code"] in _ABSENT:
                    return None
                raise

    def stream(self, tenant: str, job: str, name: str, etag: str = "") -> Iterator[bytes]:
        """Yield a whole part in pieces."""
        key = prefix_of_payloads(tenant, job) + name
        with _reaching():
            answer = self._client.get_object(Bucket=self._bucket, Key=key, **_if_match(etag))
            yield from answer["Body"].iter_chunks(PIECE)

    def upload_url(
        self, tenant: str, job: str, name: str, seconds: int, size: int | None = None
    ) -> str:
        """Return a URL at which anyone can upload the part, for `seconds`; of exactly `size` bytes if given."""
        # S3 compares the signed length with the request's and refuses a different one unread.
        length = {} if size is None else {"ContentLength": size}
        return self._url("put_object", prefix_of_payloads(tenant, job) + name, seconds, length)

    def download_url(self, tenant: str, job: str, name: str, seconds: int) -> str:
        """Return a URL at which anyone can download the part, for `seconds`."""
        return self._url("get_object", prefix_of_payloads(tenant, job) + name, seconds)

    def begin(self, tenant: str, job: str, name: str) -> str:
        """Begin a multipart upload of a part and return the upload's id."""
        key = prefix_of_payloads(tenant, job) + name
        with _reaching():
            upload = self._client.create_multipart_upload(Bucket=self._bucket, Key=key)
        return str(upload["UploadId"])

    def append(
        self, tenant: str, job: str, name: str, writing: str, number: int, content: bytes
    ) -> str:
        """Store a piece, replacing any earlier one; the first is 1. Return its ETag."""
        key = prefix_of_payloads(tenant, job) + name
        with _reaching():
            stored = self._client.upload_part(
                Bucket=self._bucket, Key=key, UploadId=writing, PartNumber=number, Body=content
            )
        return str(stored["ETag"])

    def complete(
        self, tenant: str, job: str, name: str, writing: str, marks: Sequence[str]
    ) -> None:
        """Assemble a part from its pieces; a repeated call does nothing. Raises NotFound when a piece was replaced."""
        parts = [{"PartNumber": n, "ETag": mark} for n, mark in enumerate(marks, 1)]
        with _reaching():
            try:
                self._client.complete_multipart_upload(
                    Bucket=self._bucket,
                    Key=prefix_of_payloads(tenant, job) + name,
                    UploadId=writing,
                    MultipartUpload={"Parts": parts},
                )
            except ClientError as error:
                is_there = self.size(tenant, job, name) is not None
                if error.response["Error"]["Code"] != "NoSuchUpload" or not is_there:
                    raise

    def clear(self, tenant: str, job: str) -> None:
        """Delete every part of the job; the bucket's lifecycle rule removes what this misses."""
        prefix = prefix_of_payloads(tenant, job)
        with _reaching():
            while True:
                page = self._client.list_objects_v2(Bucket=self._bucket, Prefix=prefix)
                keys = [{"Key": entry["Key"]} for entry in page.get("Contents", ())]
                if not keys:
                    return
                deletion = {"Objects": keys, "Quiet": True}
                answer = self._client.delete_objects(Bucket=self._bucket, Delete=deletion)
                # What cannot be deleted, for example under a lock, would be listed again without end.
                if answer.get("Errors"):
                    return

    def _url(
        self, action: str, key: str, seconds: int, parameters: Mapping[str, object] | None = None
    ) -> str:
        with _reaching():
            return str(
                self._client.generate_presigned_url(
                    action,
                    Params={"Bucket": self._bucket, "Key": key, **(parameters or {})},
                    ExpiresIn=seconds,
                )
            )

    def _read(self, key: str, part: dict[str, str]) -> bytes:
        with _reaching():
            answer = self._client.get_object(Bucket=self._bucket, Key=key, **part)
            content: bytes = answer["Body"].read()
        return content


def _if_match(etag: str) -> dict[str, str]:
    return {"IfMatch": etag} if etag else {}


@contextmanager
def _reaching() -> Iterator[None]:
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        code = error.response["Error"]["Code"] if isinstance(error, ClientError) else ""
        if code in _CHANGED:
            raise Conflict("The job's file was replaced after the job was started.") from error
        if code in _ABSENT:
            raise NotFound("A file of the job does not exist any more.") from error
        raise Unavailable("The job's files cannot be reached at the moment; try again.") from error
