"""The queue of events to push: a message names a place in the log and has none of its content."""

import json
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from scim.errors import Unavailable

AT_ONCE = 10


class SqsClient(Protocol):
    """The part of boto3's SQS client that is used."""

    @property
    def send_message_batch(self) -> Callable[..., Any]: ...
    @property
    def send_message(self) -> Callable[..., Any]: ...
    @property
    def change_message_visibility(self) -> Callable[..., Any]: ...


class PushQueue:
    """The queue at `url`, and the queue at `failures` for messages that were given up."""

    def __init__(self, client: Callable[[], SqsClient], url: str, failures: str = "") -> None:
        self._open = client
        self._url = url
        self._failures = failures

    @cached_property
    def _client(self) -> SqsClient:
        return self._open()

    def put(self, tenant: str, lane: int, position: int, places: Iterable[int]) -> None:
        """Queue entries of one item of a lane. Raises Unavailable when one was not taken."""
        messages = [
            {"Id": str(place), "MessageBody": _body(tenant, lane, position, place)}
            for place in places
        ]
        for start in range(0, len(messages), AT_ONCE):
            batch = messages[start : start + AT_ONCE]
            answer = self._asked("send_message_batch", QueueUrl=self._url, Entries=batch)
            if answer.get("Failed"):
                raise Unavailable("The queue of events did not accept every event.")

    def postpone(self, receipt: str, seconds: int) -> None:
        """Make a message visible again after `seconds` seconds."""
        self._asked(
            "change_message_visibility",
            QueueUrl=self._url,
            ReceiptHandle=receipt,
            VisibilityTimeout=seconds,
        )

    def give_up(self, body: str) -> None:
        """Put a message into the queue for failures, where an operator sees it."""
        self._asked("send_message", QueueUrl=self._failures, MessageBody=body)

    def _asked(self, operation: str, **request: Any) -> Mapping[str, Any]:
        try:
            answer: Mapping[str, Any] = getattr(self._client, operation)(**request)
        except (BotoCoreError, ClientError) as error:
            raise Unavailable("The queue of events cannot be reached.") from error
        return answer


def _body(tenant: str, lane: int, position: int, place: int) -> str:
    body = {"tenant": tenant, "lane": lane, "position": position, "place": place}
    return json.dumps(body, separators=(",", ":"))
