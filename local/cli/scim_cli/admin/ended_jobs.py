"""Jobs that end with what they were made with: a token, a client, an issuer, a tenant."""

from collections.abc import Callable

from scim.resource.job import Job, Status
from scim_cli.connection import Connection
from scim_cli.moment import now, text_of
from scim_cli.output import note


def end_jobs(
    connection: Connection,
    tenant: str,
    reason: str,
    is_theirs: Callable[[Job], bool] = lambda _: True,
    status: Status = Status.CANCELLED,
) -> None:
    """End a tenant's open jobs that are theirs; say how many there were."""
    jobs = connection.access.jobs
    found = [job for job in jobs.all(tenant) if job.is_open and is_theirs(job)]
    for job in found:
        known: Job | None = job
        while known is not None and known.is_open:
            if jobs.turn(known, status, text_of(now()), reason):
                break
            known = jobs.find(tenant, job.id)
    if found:
        note(f"{len(found)} jobs are ended.")
