"""Push-based delivery of events (RFC 8935): one message of the queue is one event for one receiver."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from aws_lambda_powertools import Logger

from scim.access.tenant import Tenant
from scim.errors import ScimError
from scim.log import cause_of
from scim.profile.shipped import UnknownProfile
from scim.resource.history.feed import Feed
from scim.resource.history.log_entry import LogEntry
from scim.schema.catalogue import Catalogue
from scim.service.feed.events import Claims, claims_within, names_of
from scim.service.feed.signing import Sign
from scim.service.metrics import SERVICE, embedded, write
from scim.workers.change_log import UNREADABLE, Handler
from scim.workers.receiver import NotReachedError, Post

MOST_SECONDS: Final = 14_400
"""The longest pause between two attempts, in seconds."""
_USELESS: Final = "invalid_request"
"""The error of a receiver that cannot read the SET: it is not sent again (RFC 8935 section 2.4)."""
WAITED: Final = "PushDelay"
"""The metric of the seconds since the oldest event of a batch was queued, without those of suspended tenants.

The queue's own metric of its oldest message passes over messages that were received three times.
"""

logger = Logger()


class Queue(Protocol):
    """The queue of messages, and the queue of undeliverable ones."""

    def postpone(self, receipt: str, seconds: int) -> None:
        """Make the message visible again after `seconds` seconds."""

    def give_up(self, body: str) -> None:
        """Put the message into the queue of undeliverable ones, which an operator watches."""


Entry = Callable[[str, int, int, int], LogEntry | None]
"""Returns a log entry by tenant, lane, position of its item, and place in that item."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """Everything a push needs; it is read anew for each message, so that a revocation takes effect.

    `secret` returns the value of an Authorization header by the secret's name, or raises Unavailable;
    `seconds` is the pause after the first failure; each further pause doubles.
    """

    entry: Entry
    tenant: Callable[[str], Tenant | None]
    feed: Callable[[str], Feed]
    catalogue: Callable[[Tenant], Catalogue]
    issuer: Callable[[str], str]
    sign: Sign
    secret: Callable[[str], str]
    post: Post
    queue: Queue
    seconds: int


class _Later(Exception):
    """The message has to wait, for at least `seconds` seconds."""

    def __init__(self, why: str, seconds: int = 0) -> None:
        super().__init__(why)
        self.seconds = seconds


class _Suspended(_Later):
    """The message has to wait because an operator has suspended its tenant."""


@dataclass(frozen=True, slots=True)
class _Batch:
    """One invocation: a receiver that does not answer is not called again in it.

    `suspended` are the ids of the messages of suspended tenants.
    """

    delivery: Delivery
    silent: set[str] = field(default_factory=set)
    suspended: set[str] = field(default_factory=set)

    def is_done(self, record: Mapping[str, Any]) -> bool:
        """Deliver a message; return False where that failed and the message has to come again."""
        attempts = int(record.get("attributes", {}).get("ApproximateReceiveCount", 1))
        fields: dict[str, object] = {"attempts": attempts}
        try:
            place = json.loads(record["body"])
            fields["tenant"] = place["tenant"]
            self._deliver(place, record["body"])
        except _Later as later:
            if isinstance(later, _Suspended):
                self.suspended.add(record["messageId"])
            pause = min(self.delivery.seconds * 2 ** (attempts - 1), MOST_SECONDS)
            pause = min(max(pause, later.seconds), MOST_SECONDS)
            why = {"why": str(later), "cause": cause_of(later)}
            logger.warning("event not pushed", extra={**fields, **why})
            self._postpone(record["receiptHandle"], pause)
            return False
        except (ScimError, UnknownProfile, *UNREADABLE):
            logger.exception("event not pushed", extra=fields)
            return False
        return True

    def _postpone(self, receipt: str, seconds: int) -> None:
        """Postpone a message; one that cannot be postponed comes again when the queue shows it."""
        try:
            self.delivery.queue.postpone(receipt, seconds)
        except ScimError:
            logger.exception("event not postponed")

    def _deliver(self, place: Mapping[str, Any], body: str) -> None:
        name, delivery = str(place["tenant"]), self.delivery
        tenant, feed = delivery.tenant(name), delivery.feed(name)
        if tenant is None or not feed.push_url:
            return  # there is no receiver any more
        if tenant.suspended_at is not None:
            raise _Suspended("the tenant is suspended", MOST_SECONDS)
        entry = delivery.entry(name, place["lane"], place["position"], place["place"])
        claims = None if entry is None else self._claims(entry, tenant, feed)
        if claims is None:
            return
        if name in self.silent:
            raise _Later("the receiver did not answer just now")
        try:
            authorization = delivery.secret(feed.push_secret) if feed.push_secret else ""
            receipt = delivery.post(feed.push_url, delivery.sign(claims), authorization)
        except (NotReachedError, ScimError) as error:
            self.silent.add(name)
            raise _Later(str(error)) from error
        if receipt.is_accepted:
            return
        if receipt.error == _USELESS:
            logger.error("an event a receiver cannot read", extra={"tenant": name})
            delivery.queue.give_up(body)
            return
        raise _Later(f"the receiver answered {receipt.status} {receipt.error}", receipt.seconds)

    def _claims(self, entry: LogEntry, tenant: Tenant, feed: Feed) -> Claims | None:
        resource_type = self.delivery.catalogue(tenant).resource_type(entry.key.type)
        issuer = self.delivery.issuer(tenant.name)
        claims = claims_within(entry, tenant.name, resource_type, feed, issuer)
        return claims if claims is not None and feed.pushes(names_of(claims)) else None


def pusher(delivery: Delivery) -> Handler:
    """Return the Lambda handler of the queue. It answers with the messages to deliver again."""

    def handler(event: Mapping[str, Any], _context: Any) -> dict[str, object]:
        batch = _Batch(delivery)
        records: Sequence[Mapping[str, Any]] = event["Records"]
        failed = [record["messageId"] for record in records if not batch.is_done(record)]
        _count_waited([r for r in records if r["messageId"] not in batch.suspended])
        return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}

    return handler


def _count_waited(records: Sequence[Mapping[str, Any]]) -> None:
    """Write how long the oldest of the messages has waited, if there are any."""
    if not records:
        return
    queued = [int(record["attributes"]["SentTimestamp"]) / 1000 for record in records]
    waited = {WAITED: round(max(time.time() - min(queued), 0))}
    write({**embedded({WAITED: "Seconds"}, ((SERVICE,),)), SERVICE: logger.service, **waited})
