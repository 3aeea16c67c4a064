"""The daily comparison of the change log with the table: changes that the stream lost are logged as notices.

The stream keeps a record for 24 hours. An older change that is not in the log never gets there by
itself (docs/decisions/0137-what-the-stream-lost.md).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, Protocol

from aws_lambda_powertools import Logger

from scim.errors import ScimError
from scim.log import cause_of
from scim.moments import later, time_text
from scim.profile.shipped import UnknownProfile
from scim.resource.history.feed import Feed
from scim.resource.history.log_entry import LogEntry
from scim.service.metrics import SERVICE, embedded, write
from scim.workers.change_log import UNREADABLE

logger = Logger()

STREAM_FORGETS = timedelta(hours=25)
"""The age after which the stream delivers no record any more, with an hour to spare."""
AT_ONCE = 500
"""Notices stored at once."""
UNTIL = "until"
"""The event's member with the time (RFC 3339) up to which to compare, if nobody writes meanwhile."""


class ComparableLog(Protocol):
    """A change log that can be compared with the stored resources."""

    def compared_until(self, tenant: str) -> str:
        """Return the time up to which it was last compared (RFC 3339), empty for never."""

    def notices(
        self, tenant: str, types: Iterable[str], since: str, until: str
    ) -> Iterator[LogEntry]:
        """Yield a notice for each resource last changed between the times whose last version is not logged."""

    def append(self, tenant: str, entries: Iterable[LogEntry], days: int) -> int:
        """Store the entries that are not in the log yet; return how many those were."""

    def note_compared(self, tenant: str, until: str) -> None:
        """Store the time up to which it has been compared."""


class NotReconciledError(Exception):
    """The logs of some tenants could not be compared; a log line for each says why."""


Reconciler = Callable[[Mapping[str, Any], Any], dict[str, object]]


def reconciler(
    tenants: Callable[[], Iterable[str]],
    types_of: Callable[[str], Iterable[str]],
    log: ComparableLog,
    feed_of: Callable[[str], Feed],
    now: Callable[[], str],
) -> Reconciler:
    """Return the Lambda handler of the schedule.

    For each tenant with a feed it compares the time from the end of the last comparison up to
    STREAM_FORGETS ago, or up to the time in the event. It reports missing changes in a log line for
    each tenant and in the metric ChangesMissing. After the last tenant it raises NotReconciledError
    where some could not be compared: the next run starts for them where this one did.
    """

    def handler(event: Mapping[str, Any], _context: Any) -> dict[str, object]:
        moment = now()
        until = _in_utc(event[UNTIL]) if UNTIL in event else later(moment, -STREAM_FORGETS)
        missing, failed = 0, 0
        for tenant in tenants():
            try:
                feed = feed_of(tenant)
                # What was deleted before may have been logged: its mark has expired.
                earliest = later(moment, -timedelta(days=feed.compared_days))
                since = max(log.compared_until(tenant), earliest)
                if not feed.is_on or since >= until:
                    continue
                notices = log.notices(tenant, types_of(tenant), since, until)
                count = _stored(log, tenant, notices, feed.days)
                log.note_compared(tenant, until)
            except (ScimError, UnknownProfile, *UNREADABLE) as error:
                why = {"why": str(error), "cause": cause_of(error)}
                logger.warning("log not compared", extra={"tenant": tenant, **why})
                failed += 1
                continue
            if count:
                logger.error("changes were missing", extra={"tenant": tenant, "changes": count})
            missing += count
        metrics = {"ChangesMissing": missing}
        embedded_metrics = embedded(dict.fromkeys(metrics, "Count"), ((SERVICE,),))
        write({**embedded_metrics, SERVICE: logger.service, **metrics})
        if failed:
            raise NotReconciledError(f"{failed} logs could not be compared")
        return {"changesMissing": missing, "until": until}

    return handler


def _stored(log: ComparableLog, tenant: str, notices: Iterator[LogEntry], days: int) -> int:
    count = 0
    while batch := list(islice(notices, AT_ONCE)):
        count += log.append(tenant, batch, days)
    return count


def _in_utc(moment: str) -> str:
    return time_text(datetime.fromisoformat(moment).astimezone(UTC))
