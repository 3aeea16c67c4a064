"""The jobs a caller may see: its own, with a permission those of others, never past its filters."""

from collections.abc import Sequence
from typing import Final

from scim.errors import NotFound, TooMany
from scim.moments import seconds_of
from scim.permission import Permissions, is_within
from scim.principal import Principal
from scim.resource.job import ENDPOINT, Job, JobKind
from scim.service.jobs.context import JobContext

AT_LEAST: Final = 100
AT_MOST: Final = 1000
"""Jobs read at once, including those of others: AT_LEAST more than are missing, up to AT_MOST."""
MOST_READ: Final = 10_000
"""The most jobs read for one list."""


def job_with_id(job_context: JobContext, caller: Principal, id_: str) -> Job:
    """Return a job that the caller may see. Raises NotFound."""
    job = job_context.backend.jobs.find(caller.tenant, id_)
    if job is None or not _is_seen(job, caller, _seconds_now(job_context)):
        raise NotFound("There is no job with this id.")
    return job


def youngest_jobs(job_context: JobContext, caller: Principal, limit: int) -> Sequence[Job]:
    """Return the newest jobs the caller may see. Raises TooMany when too many jobs of others lie between."""
    now = _seconds_now(job_context)
    visible: list[Job] = []
    beyond: str | None = None
    read_count = 0
    while len(visible) < limit:
        size = min(limit - len(visible) + AT_LEAST, AT_MOST)
        page = job_context.backend.jobs.youngest(caller.tenant, beyond, size)
        read_count += len(page)
        if read_count > MOST_READ:
            raise TooMany(
                f"More than {MOST_READ} jobs would have to be read; ask for one by its id."
            )
        visible += [job for job in page if _is_seen(job, caller, now)]
        if len(page) < size:
            break
        beyond = page[-1].id
    return visible[:limit]


def is_readable(job_context: JobContext, caller: Principal, job: Job) -> bool:
    """Tell whether the caller's permissions cover the content of the job's files and results.

    Seeing and ending a job needs less: a job shows its progress, not its content.
    """
    if job.kind is not JobKind.EXPORT:
        return is_within(job.scopes, caller.scopes)
    permissions = Permissions.shipped()
    types = [job_context.deployment.catalogue.resource_type(name) for name in job.types]
    return all(
        resource_type is not None
        and permissions.is_granted(caller.scopes, permissions.needed(resource_type.endpoint)["GET"])
        for resource_type in types
    )


def require_readable(job_context: JobContext, caller: Principal, job: Job) -> None:
    """Raise NotFound unless the caller may read the content of the job."""
    if not is_readable(job_context, caller, job):
        raise NotFound("There is no job with this id.")


def _is_seen(job: Job, caller: Principal, now: int) -> bool:
    # DynamoDB removes expired jobs and their results days later, in any order, and an operation whose result is gone
    # would be done again.
    if job.until <= now:
        return False
    is_own = job.owner != "" and job.owner == caller.owner
    if not is_own and not Permissions.shipped().reaches_others(caller.scopes, ENDPOINT):
        return False
    return caller.filters in ("", job.filters)


def _seconds_now(job_context: JobContext) -> int:
    return seconds_of(job_context.deployment.clock.now())
