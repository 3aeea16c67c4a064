"""Accepting a job: it is checked, stored and handed to the state machine."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from scim.errors import Conflict, TooManyRequests, Unavailable
from scim.moments import seconds_of
from scim.principal import Principal
from scim.resource.job import Job, Status
from scim.service.bulk.request import BulkRequest
from scim.service.jobs.context import JobContext
from scim.service.jobs.filtered import job_with_id

REQUEST_FILE: Final = "request.json"
MAPPING_FILE: Final = "mapping.json"
ROOM_AFTER: Final = 30
"""Seconds after which a client may ask again whether there is room for a job."""
KEPT: Final = timedelta(days=7)
"""How long a job and its results are kept; the bucket keeps payloads as long."""


def accepted(
    job_context: JobContext,
    caller: Principal,
    base_url: str,
    body: Mapping[str, object],
    bulk_request: BulkRequest,
) -> Job:
    """Return the job for a request that has been read.

    The order matters: everything the machine needs is stored before it starts.
    """
    job = replace(
        new_job(job_context, caller, base_url),
        operations=len(bulk_request.operations),
        fail_on_errors=bulk_request.fail_on_errors,
    )
    content = json.dumps(body, separators=(",", ":")).encode()
    require_room(job_context, job.tenant)
    job_context.backend.payloads.put(job.tenant, job.id, REQUEST_FILE, content)
    add(job_context, job)
    start_new(job_context, job)
    return job


def new_job(job_context: JobContext, caller: Principal, base_url: str) -> Job:
    """Return a new job of the caller, without any operations yet."""
    now = job_context.deployment.clock.now()
    return Job(
        tenant=caller.tenant,
        id=job_context.deployment.ids.ordered(now),
        created=now,
        until=int((datetime.fromisoformat(now) + KEPT).timestamp()),
        base_url=base_url,
        token_id=caller.token_id,
        owner=caller.owner,
        scopes=caller.scopes,
        filters=caller.filters,
        profile=caller.profile,
        definitions=caller.definitions,
        operations=0,
    )


def require_room(job_context: JobContext, tenant: str) -> None:
    """Raise TooManyRequests when the tenant has as many open jobs as it may have."""
    if _open_jobs(job_context, tenant) >= job_context.deployment.bounds.open_jobs:
        raise _too_many(job_context)


def add(job_context: JobContext, job: Job) -> None:
    """Store a new job. Raises TooManyRequests when concurrent requests have taken the last place."""
    jobs = job_context.backend.jobs
    jobs.add(job, job_context.once)
    # Counted again, with the new job: concurrent requests together stay within the limit.
    if _open_jobs(job_context, job.tenant) > job_context.deployment.bounds.open_jobs:
        refused = _too_many(job_context)
        now = job_context.deployment.clock.now()
        jobs.turn(job, Status.CANCELLED, now, refused.detail, job_context.once)
        raise refused


def start_new(job_context: JobContext, job: Job) -> None:
    """Start a new job. Raises Unavailable when it did not start: it is cancelled then.

    Its client, who has no address of it, repeats the request. The job must neither take up a place nor
    be done besides the repeated one.
    """
    try:
        job_context.backend.machine.start(job)
    except Unavailable as error:
        now, once = job_context.deployment.clock.now(), job_context.once
        # It did start if its first worker has changed its status: only the machine's answer was lost.
        if job_context.backend.jobs.turn(job, Status.CANCELLED, now, error.detail, once):
            raise


def _open_jobs(job_context: JobContext, tenant: str) -> int:
    now = seconds_of(job_context.deployment.clock.now())
    return job_context.backend.jobs.count_open(tenant, now)


def _too_many(job_context: JobContext) -> TooManyRequests:
    return TooManyRequests(
        f"At most {job_context.deployment.bounds.open_jobs} jobs can be open at a time;"
        " wait for one to end, or cancel one.",
        ROOM_AFTER,
    )


def cancel(job_context: JobContext, caller: Principal, id_: str) -> None:
    """End the job early: what has been done stays done, and its files are deleted.

    Raises NotFound, and Conflict when the job has already ended in another way.
    """
    job = job_with_id(job_context, caller, id_)
    while job.is_open:
        # First the status, which every worker reads, then the machine, which may be slow.
        if job_context.backend.jobs.turn(job, Status.CANCELLED, job_context.deployment.clock.now()):
            if job.status is Status.WAITING:
                # Its run only deletes the file, which this function may not do.
                job_context.backend.machine.start(job)
            else:
                job_context.backend.machine.stop(job)
            return
        job = job_with_id(job_context, caller, id_)
    if job.status is not Status.CANCELLED:
        raise Conflict(f"The job is {job.status}; only a job that has not ended can be cancelled.")
