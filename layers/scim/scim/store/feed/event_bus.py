"""The deployment's event bus: EventBridge, up to ten events a request."""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from scim.errors import Unavailable

AT_ONCE = 10
LARGEST = 200_000
"""The maximum size of a batch's events in bytes; EventBridge takes 256 KB in a request."""


class EventBridgeClient(Protocol):
    """The part of boto3's EventBridge client that is used."""

    @property
    def put_events(self) -> Callable[..., Any]: ...


class EventBus:
    """Puts events on one bus; `client` makes the client at the first use."""

    def __init__(self, client: Callable[[], EventBridgeClient], name: str) -> None:
        self._open = client
        self._name = name

    @cached_property
    def _client(self) -> EventBridgeClient:
        return self._open()

    def put(self, source: str, kind: str, details: Sequence[Mapping[str, Any]]) -> None:
        """Put the events on the bus, in order. Raises Unavailable when one was not taken."""
        entries = [
            {
                "EventBusName": self._name,
                "Source": source,
                "DetailType": kind,
                "Detail": json.dumps(detail, ensure_ascii=False, separators=(",", ":")),
            }
            for detail in details
        ]
        batch: list[dict[str, str]] = []
        for entry in entries:
            size = sum(len(batch_entry["Detail"].encode()) for batch_entry in (*batch, entry))
            if batch and (len(batch) == AT_ONCE or size > LARGEST):
                self._put(batch)
                batch = []
            batch.append(entry)
        if batch:
            self._put(batch)

    def _put(self, entries: Sequence[Mapping[str, str]]) -> None:
        try:
            answer = self._client.put_events(Entries=entries)
        except (BotoCoreError, ClientError) as error:
            raise Unavailable("The event bus cannot be reached.") from error
        if answer.get("FailedEntryCount"):
            raise Unavailable("The event bus did not accept every event.")
