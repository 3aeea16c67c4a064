"""The writer of the change log: it logs each version of a resource once, from the table's stream."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol

from aws_lambda_powertools import Logger

from scim.errors import ScimError
from scim.log import cause_of
from scim.resource.history.feed import Feed
from scim.resource.history.log_entry import LogEntry

UNREADABLE = (LookupError, TypeError, ValueError)
"""The errors raised by records that do not have the form in which this version writes items."""

Handler = Callable[[Mapping[str, Any], Any], dict[str, object]]
Read = Callable[[Mapping[str, Any]], tuple[str, LogEntry] | None]
"""Returns the tenant and entry of a stream record; None for a record that changes no resource."""

logger = Logger()


class AppendOnly(Protocol):
    """A log that stores each entry once."""

    def append(self, tenant: str, entries: Iterable[LogEntry], days: int) -> int:
        """Store the entries that are not in the log yet; return how many those were."""


def recorder(read: Read, log: AppendOnly, feed_of: Callable[[str], Feed]) -> Handler:
    """Return the Lambda handler of the table's stream.

    It answers with the first record that could not be logged: Lambda sends that record and all after
    it again. A record that is already logged is skipped, whatever the order.
    """

    def handler(event: Mapping[str, Any], _context: Any) -> dict[str, object]:
        records = event["Records"]
        tenants, failed = _read(read, records)
        for tenant, numbered_entries in tenants.items():
            try:
                feed = feed_of(tenant)
                if feed.is_on:
                    log.append(tenant, [entry for _, entry in numbered_entries], feed.days)
            except (ScimError, *UNREADABLE) as error:
                why = {"why": str(error), "cause": cause_of(error)}
                logger.warning("changes not logged", extra={"tenant": tenant, **why})
                failed.append(numbered_entries[0][0])
        return {"batchItemFailures": [_failure(records[min(failed)])] if failed else []}

    return handler


def _read(
    read: Read, records: Sequence[Mapping[str, Any]]
) -> tuple[dict[str, list[tuple[int, LogEntry]]], list[int]]:
    """Return the entries by tenant, with their records' indexes; stop at an unreadable record and return its index."""
    tenants: dict[str, list[tuple[int, LogEntry]]] = {}
    for number, record in enumerate(records):
        try:
            tenant_and_entry = read(record)
        except UNREADABLE:
            logger.exception("a change that cannot be read")
            return tenants, [number]
        if tenant_and_entry is not None:
            tenants.setdefault(tenant_and_entry[0], []).append((number, tenant_and_entry[1]))
    return tenants, []


def _failure(record: Mapping[str, Any]) -> dict[str, str]:
    return {"itemIdentifier": record["dynamodb"]["SequenceNumber"]}
