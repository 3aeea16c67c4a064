"""The jobs a token with filters knows of: those that see what it sees."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from scim.resource.job import Job, Status
from scim.service.jobs.context import JobContext
from scim.service.jobs.ports import Jobs, Machine, Payloads, Results


def restricted_to(job_context: JobContext, filters: str) -> JobContext:
    """Return the context as a token with these filters sees it; without filters as it is."""
    if not filters:
        return job_context
    backend = job_context.backend
    jobs = SeenJobs(backend.jobs, filters)
    return replace(
        job_context, backend=_JobBackend(jobs, backend.results, backend.payloads, backend.machine)
    )


@dataclass(frozen=True, slots=True)
class _JobBackend:
    jobs: Jobs
    results: Results
    payloads: Payloads
    machine: Machine


@dataclass(frozen=True, slots=True)
class SeenJobs:
    """Implements the port `Jobs` on `behind`: a job of who sees otherwise is not there."""

    behind: Jobs
    filters: str

    def add(self, job: Job) -> None:
        self.behind.add(job)

    def find(self, tenant: str, id_: str) -> Job | None:
        job = self.behind.find(tenant, id_)
        return None if job is None or job.filters != self.filters else job

    def all(self, tenant: str) -> Sequence[Job]:
        return [job for job in self.behind.all(tenant) if job.filters == self.filters]

    def turn(self, job: Job, status: Status, now: str, error: str = "") -> bool:
        return self.behind.turn(job, status, now, error)

    def size(self, job: Job, operations: int, fail_on_errors: int, now: str) -> bool:
        return self.behind.size(job, operations, fail_on_errors, now)

    def advance(self, job: Job, done: int, now: str) -> bool:
        return self.behind.advance(job, done, now)

    def is_closed(self, tenant: str, id_: str, layer: int, batch: int) -> bool:
        return self.behind.is_closed(tenant, id_, layer, batch)

    def close(self, job: Job, place: tuple[int, int], counts: tuple[int, int], now: str) -> None:
        self.behind.close(job, place, counts, now)
