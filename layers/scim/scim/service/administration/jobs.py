"""Jobs of tenants: shown, cancelled, and ended together with the credential they were started with."""

from collections.abc import Callable
from typing import Final

from scim.errors import Conflict, NotFound
from scim.moments import seconds_of
from scim.resource.job import Job, Status
from scim.service.administration.ports import Administration, OperationResult, items_of
from scim.service.administration.requests import ByJob, ByTenant, FailuresAfter
from scim.service.jobs.results import entry_of, is_error

MOST_LISTED: Final = 1000
"""The most jobs in one list: as many as fit in an answer."""


def list_jobs(administration: Administration, request: ByTenant) -> OperationResult:
    """List a tenant's jobs of the last seven days, newest first, at most 1,000."""
    jobs = administration.jobs.youngest(request.tenant, None, MOST_LISTED)
    now = seconds_of(administration.clock.now())
    # DynamoDB removes expired jobs days later.
    return items_of(job.json() for job in jobs if job.until > now)


def show_job(administration: Administration, request: ByJob) -> OperationResult:
    """Show a job. Raises NotFound."""
    return OperationResult(_job_named(administration, request).json())


def list_failures(administration: Administration, request: FailuresAfter) -> OperationResult:
    """List the refused operations of a job, with their `position` and `line`, a page at a time."""
    job, first = _job_named(administration, request), request.after
    end = min(first + request.count, job.operations)
    results = administration.results.between(job.tenant, job.id, 2 * first, 2 * end)
    items = [
        {"position": step // 2 + 1, **entry_of(content)}
        for step, content in sorted(results.items())
        if is_error(content)
    ]
    return OperationResult({"items": items, **({"next": end} if end < job.operations else {})})


def cancel_job(administration: Administration, request: ByJob) -> OperationResult:
    """Cancel a job; completed operations are kept. Raises NotFound, and Conflict if it has ended."""
    job = _job_named(administration, request)
    if not job.is_open:
        raise Conflict(f"The job is {job.status}; only a job that has not ended can be cancelled.")
    _end(administration, job, Status.CANCELLED, "An operator has cancelled the job.")
    return OperationResult(_job_named(administration, request).json())


def end_jobs(
    administration: Administration,
    tenant: str,
    reason: str,
    is_theirs: Callable[[Job], bool] = lambda _: True,
    status: Status = Status.CANCELLED,
) -> tuple[str, ...]:
    """End those open jobs of a tenant for which `is_theirs` is true; return a note of how many, or none."""
    jobs = [job for job in administration.jobs.all(tenant) if job.is_open and is_theirs(job)]
    for job in jobs:
        _end(administration, job, status, reason)
    if not jobs:
        return ()
    return (f"Its {len(jobs)} open jobs are ended." if len(jobs) > 1 else "Its open job is ended.",)


def _end(administration: Administration, job: Job, status: Status, reason: str) -> None:
    current: Job | None = job
    while current is not None and current.is_open:
        if administration.jobs.turn(current, status, administration.clock.now(), reason):
            break
        current = administration.jobs.find(job.tenant, job.id)


def _job_named(administration: Administration, request: ByJob) -> Job:
    job = administration.jobs.find(request.tenant, request.job)
    if job is None or job.until <= seconds_of(administration.clock.now()):
        raise NotFound(f"Tenant {request.tenant} has no job of this id.")
    return job
