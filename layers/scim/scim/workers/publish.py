"""Tells of what the change log holds: its entries, in order, as events on the deployment's bus."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from aws_lambda_powertools import Logger

from scim.errors import ScimError
from scim.resource.history.feed import Feed
from scim.resource.history.log_entry import LogEntry
from scim.schema.catalogue import Catalogue
from scim.service.feed.events import PREFIX, claims_of
from scim.workers.change_log import UNREADABLE, Handler

SOURCE = "serverless-scim"
KIND = "SCIM Event"
MOST_BYTES = 200_000
"""Bytes of an event with its content; beyond that it is a notice."""

logger = Logger()


class Bus(Protocol):
    """Where events go."""

    def put(self, source: str, kind: str, details: Sequence[Mapping[str, Any]]) -> None:
        """Put the events on the bus, in order; raises Unavailable when one was not taken."""


Read = Callable[[Mapping[str, Any]], tuple[str, Sequence[LogEntry]]]
"""Returns the tenant and the entries of a stream record of the log."""


def publisher(
    read: Read,
    bus: Bus,
    catalogue_of: Callable[[str], Catalogue],
    feed_of: Callable[[str], Feed],
    issuer_of: Callable[[str], str],
) -> Handler:
    """Return the Lambda handler of the log's part of the stream.

    It answers with the first record that could not be told of. An event may come twice, with the
    same `jti`: that is EventBridge's own promise too.
    """

    def handler(event: Mapping[str, Any], _context: Any) -> dict[str, object]:
        for record in event["Records"]:
            try:
                tenant, entries = read(record)
                catalogue, feed = catalogue_of(tenant), feed_of(tenant)
                told = details_of(entries, tenant, catalogue, feed, issuer_of(tenant))
                bus.put(SOURCE, KIND, list(told))
            except (ScimError, *UNREADABLE):
                logger.exception("entries not told of")
                number = record["dynamodb"]["SequenceNumber"]
                return {"batchItemFailures": [{"itemIdentifier": number}]}
        return {"batchItemFailures": []}

    return handler


def details_of(
    entries: Iterable[LogEntry], tenant: str, catalogue: Catalogue, feed: Feed, issuer: str
) -> Iterable[dict[str, Any]]:
    """Yield the detail of each event; a rule matches on `tenant`, `resourceType` and `event`."""
    for entry in entries:
        resource_type = catalogue.resource_type(entry.key.type)
        if resource_type is None:
            continue
        claims = claims_of(entry, tenant, resource_type, feed, issuer)
        if claims is not None and len(json.dumps(claims).encode()) > MOST_BYTES:
            claims = claims_of(entry, tenant, resource_type, replace(feed, is_full=False), issuer)
        if claims is not None:
            yield {
                "tenant": tenant,
                "resourceType": entry.key.type,
                "id": entry.key.id,
                "version": entry.version,
                "event": [uri.removeprefix(PREFIX) for uri in claims["events"]],
                "set": claims,
            }
