"""The results of the operations of a `respond-async` request, as events (RFC 9967)."""

import re
from collections.abc import Mapping, Sequence

from scim.resource.history.log_entry import ANSWER, LogEntry
from scim.resource.job import Job, JobKind
from scim.resource.record import Key
from scim.service.jobs.batches import Task
from scim.service.jobs.context import JobContext, origin_of_job
from scim.service.jobs.ports import Result
from scim.service.jobs.results import entry_of, is_error

_ID = re.compile(r"[A-Za-z0-9._:@-]{1,128}")
_MEMBERS = "method", "bulkId", "version", "status", "response", "location"
"""The members of an operation in RFC 7644 section 3.7.3."""


def tell_answers(
    job_context: JobContext, job: Job, tasks: Sequence[Task], results: Mapping[int, Result]
) -> None:
    """Append the result of each finished operation of a batch to the change log.

    A repeated batch appends them again, with the same `jti`. Raises Unavailable.
    """
    change_feed = job_context.change_feed
    feed = None if change_feed is None else change_feed.feeds.of(job.tenant)
    if change_feed is None or feed is None or not feed.is_on or job.kind is not JobKind.BULK:
        return
    entries = [
        _entry(job_context, job, task, results[task.number])
        for task in tasks
        if task.number in results and not _is_half(results[task.number])
    ]
    if entries:
        change_feed.log.append(job.tenant, entries, feed.days)


def _is_half(result: Result) -> bool:
    """Tell whether the operation still needs its links before it is finished."""
    return "unlinked" in result and not is_error(result)


def _entry(job_context: JobContext, job: Job, task: Task, result: Result) -> LogEntry:
    operation = task.step.operation
    members = {name: value for name, value in entry_of(result).items() if name in _MEMBERS}
    resource_type = job_context.deployment.catalogue.by_endpoint(operation.segment)
    # A path with a bulkId has no id; the location of a resource ends with it.
    id_at_location = str(members.get("location", "")).rpartition("/")[2]
    id_ = str(result.get("id") or id_at_location or operation.id or "")
    endpoint = f"/{operation.segment}" if resource_type is None else resource_type.endpoint
    uri = f"{endpoint}/{id_}" if id_ else endpoint
    # The path that a client wrote may contain neither an id nor a type.
    name = "Bulk" if resource_type is None else resource_type.name
    return LogEntry(
        key=Key(name, id_ if _ID.fullmatch(id_) else job.id),
        version=0,
        since=0,
        at=job_context.deployment.clock.now(),
        action=ANSWER,
        origin=origin_of_job(job),
        kind=ANSWER,
        detail={**members, "index": operation.position, "uri": uri},
    )
