"""Jobs of tenants: shown, cancelled, and ended together with the credential they were started with."""

from collections.abc import Callable
from typing import Final

from scim.errors import Conflict, NotFound
from scim.resource.job import Job, Status
from scim.service.administration.ports import Administration, Done, items_of
from scim.service.administration.requests import ByJob, ByTenant, FailuresAfter
from scim.service.administration.tenant_lookups import tenant_named
from scim.service.jobs.results import entry_of, is_error

LISTED: Final = 1000
"""The most jobs in one list: as many as fit in an answer."""


def listed(administration: Administration, asked: ByTenant) -> Done:
    """List a tenant's jobs of the last seven days, newest first, at most 1,000. Raises NotFound."""
    tenant_named(administration, asked.tenant)
    jobs = administration.jobs.youngest(asked.tenant, None, LISTED)
    return items_of(job.json() for job in jobs)


def shown(administration: Administration, asked: ByJob) -> Done:
    """Show a job. Raises NotFound."""
    return Done(_found(administration, asked).json())


def failures(administration: Administration, asked: FailuresAfter) -> Done:
    """List the refused operations of a job, with their `position` and `line`, a page at a time."""
    job, first = _found(administration, asked), asked.after
    end = min(first + asked.count, job.operations)
    results = administration.results.between(job.tenant, job.id, 2 * first, 2 * end)
    items = [
        {"position": step // 2 + 1, **entry_of(content)}
        for step, content in sorted(results.items())
        if is_error(content)
    ]
    return Done({"items": items, **({"next": end} if end < job.operations else {})})


def cancelled(administration: Administration, asked: ByJob) -> Done:
    """Cancel a job; completed operations are kept. Raises NotFound, and Conflict if it has ended."""
    job = _found(administration, asked)
    if not job.is_open:
        raise Conflict(f"The job is {job.status}; only a job that has not ended can be cancelled.")
    _end(administration, job, Status.CANCELLED, "An operator has cancelled the job.")
    return Done(_found(administration, asked).json())


def end_jobs(
    administration: Administration,
    tenant: str,
    reason: str,
    is_theirs: Callable[[Job], bool] = lambda _: True,
    status: Status = Status.CANCELLED,
) -> tuple[str, ...]:
    """End those open jobs of a tenant for which `is_theirs` is true; return a note of how many, or none."""
    found = [job for job in administration.jobs.all(tenant) if job.is_open and is_theirs(job)]
    for job in found:
        _end(administration, job, status, reason)
    return (f"{len(found)} jobs are ended.",) if found else ()


def _end(administration: Administration, job: Job, status: Status, reason: str) -> None:
    known: Job | None = job
    while known is not None and known.is_open:
        if administration.jobs.turn(known, status, administration.clock.now(), reason):
            break
        known = administration.jobs.find(job.tenant, job.id)


def _found(administration: Administration, asked: ByJob) -> Job:
    tenant_named(administration, asked.tenant)
    found = administration.jobs.find(asked.tenant, asked.job)
    if found is None:
        raise NotFound(f"Tenant {asked.tenant} has no job of this id.")
    return found
