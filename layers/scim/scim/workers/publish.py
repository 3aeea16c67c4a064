"""The publisher of the change log: its entries, in order, as events on the deployment's event bus."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from aws_lambda_powertools import Logger

from scim.errors import ScimError
from scim.log import cause_of
from scim.profile.shipped import UnknownProfile
from scim.resource.history.feed import Feed
from scim.resource.history.log_entry import LogEntry, LogPage
from scim.schema.catalogue import Catalogue
from scim.service.feed.events import claims_within, names_of
from scim.workers.change_log import UNREADABLE, Handler

SOURCE = "serverless-scim"
KIND = "SCIM Event"

logger = Logger()


class Bus(Protocol):
    """The event bus."""

    def put(self, source: str, kind: str, details: Sequence[Mapping[str, Any]]) -> None:
        """Put the events on the bus, in order. Raises Unavailable when one was not accepted."""


class Pushes(Protocol):
    """The queue of events to push to tenants' receivers."""

    def put(self, tenant: str, lane: int, position: int, places: Iterable[int]) -> None:
        """Queue entries of one item of a lane, by their places in it. Raises Unavailable when one was not accepted."""


Read = Callable[[Mapping[str, Any]], tuple[str, int, LogPage]]
"""Returns the tenant, the lane and the entries in a stream record of the log."""


def publisher(
    read: Read,
    bus: Bus,
    pushes: Pushes,
    catalogue_of: Callable[[str], Catalogue],
    feed_of: Callable[[str], Feed],
    issuer_of: Callable[[str], str],
) -> Handler:
    """Return the Lambda handler of the stream's records of the log.

    It answers with the first record that could not be published. An event may be delivered twice, with
    the same `jti`; EventBridge itself delivers at least once, too.
    """

    def handler(event: Mapping[str, Any], _context: Any) -> dict[str, object]:
        for record in event["Records"]:
            tenant = ""
            try:
                tenant, lane, page = read(record)
                catalogue, feed = catalogue_of(tenant), feed_of(tenant)
                details = dict(details_of(page.entries, tenant, catalogue, feed, issuer_of(tenant)))
                bus.put(SOURCE, KIND, list(details.values()))
                pushed_places = [
                    place for place, value in details.items() if feed.pushes(value["event"])
                ]
                pushes.put(tenant, lane, page.position, pushed_places)
            except (ScimError, UnknownProfile, *UNREADABLE) as error:
                why = {"tenant": tenant, "cause": cause_of(error)}
                logger.exception("entries not told of", extra=why)
                number = record["dynamodb"]["SequenceNumber"]
                return {"batchItemFailures": [{"itemIdentifier": number}]}
        return {"batchItemFailures": []}

    return handler


def details_of(
    entries: Iterable[LogEntry], tenant: str, catalogue: Catalogue, feed: Feed, issuer: str
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the detail of each event, with the index of its entry.

    Rules on the bus can match `tenant`, `resourceType` and `event`.
    """
    for place, entry in enumerate(entries):
        resource_type = catalogue.resource_type(entry.key.type)
        claims = claims_within(entry, tenant, resource_type, feed, issuer)
        if claims is not None:
            detail = {
                "tenant": tenant,
                "resourceType": entry.key.type,
                "id": entry.key.id,
                "version": entry.version,
                "event": names_of(claims),
                "set": claims,
            }
            yield place, detail
