"""The large parts of jobs in S3, under `<tenant>/<job>/`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from scim.errors import Unavailable
from scim.store.job_keys import prefix_of_payloads


class Client(Protocol):
    """The part of boto3's S3 client that is used."""

    @property
    def put_object(self) -> Callable[..., Any]: ...
    @property
    def get_object(self) -> Callable[..., Any]: ...
    @property
    def list_objects_v2(self) -> Callable[..., Any]: ...
    @property
    def delete_objects(self) -> Callable[..., Any]: ...


class S3Payloads:
    """Implements the port `Payloads`; see there for the rules."""

    def __init__(self, client: Callable[[], Client], bucket: str) -> None:
        self._open = client
        self._bucket = bucket

    @cached_property
    def _client(self) -> Client:
        # Opened when first needed: most requests are no jobs.
        return self._open()

    def put(self, tenant: str, job: str, name: str, content: bytes) -> None:
        """Store a part; storing it again replaces it."""
        key = prefix_of_payloads(tenant, job) + name
        with _reaching():
            self._client.put_object(Bucket=self._bucket, Key=key, Body=content)

    def read(self, tenant: str, job: str, name: str) -> bytes:
        """Return a whole part."""
        return self._read(prefix_of_payloads(tenant, job) + name, {})

    def read_range(self, tenant: str, job: str, name: str, start: int, length: int) -> bytes:
        """Return `length` bytes of a part from `start` on."""
        key = prefix_of_payloads(tenant, job) + name
        return self._read(key, {"Range": f"bytes={start}-{start + length - 1}"})

    def clear(self, tenant: str, job: str) -> None:
        """Forget every part of the job; the bucket's own rule gets what is missed."""
        prefix = prefix_of_payloads(tenant, job)
        with _reaching():
            while True:
                some = self._client.list_objects_v2(Bucket=self._bucket, Prefix=prefix)
                keys = [{"Key": each["Key"]} for each in some.get("Contents", ())]
                if not keys:
                    return
                gone = {"Objects": keys, "Quiet": True}
                self._client.delete_objects(Bucket=self._bucket, Delete=gone)

    def _read(self, key: str, part: dict[str, str]) -> bytes:
        with _reaching():
            answer = self._client.get_object(Bucket=self._bucket, Key=key, **part)
            content: bytes = answer["Body"].read()
        return content


@contextmanager
def _reaching() -> Iterator[None]:
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise Unavailable("The job's files cannot be reached at the moment; try again.") from error
