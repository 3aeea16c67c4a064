"""A job as long as it may continue: it is open, and its credentials and its tenant are valid."""

from scim.resource.job import Job, Status
from scim.service.jobs.context import JobContext


def open_job(
    job_context: JobContext, tenant: str, id_: str, fresh_job: Job | None = None
) -> Job | None:
    """Return the job if it may continue, else None; a job with invalid credentials fails.

    `fresh_job` is the job if the caller has just read it.
    """
    job = fresh_job or job_context.backend.jobs.find(tenant, id_)
    if job is None or not job.is_open:
        return None
    reason = job_context.backend.credentials.refusal(job)
    if not reason:
        return job
    end(job_context, tenant, id_, Status.FAILED, reason)
    return None


def end(
    job_context: JobContext,
    tenant: str,
    id_: str,
    status: Status,
    error: str = "",
    execution: str = "",
) -> None:
    """End the job, unless it has ended or a run other than that of `execution` has begun."""
    job = job_context.backend.jobs.find(tenant, id_)
    while job is not None and job.is_open and job.is_run_by(execution):
        if job_context.backend.jobs.turn(job, status, job_context.deployment.clock.now(), error):
            return
        job = job_context.backend.jobs.find(tenant, id_)
