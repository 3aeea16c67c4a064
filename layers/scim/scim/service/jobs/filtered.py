"""The jobs a caller may see: its own, with a permission those of others, never past its filters."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from scim.errors import NotFound, TooMany
from scim.moments import seconds_of
from scim.permission import Permissions, is_within
from scim.principal import Principal
from scim.resource.history.once import Once
from scim.resource.job import ENDPOINT, Job, JobKind, Status
from scim.service.jobs.context import JobContext
from scim.service.jobs.ports import Jobs, Machine, Payloads, Results, Rights

AT_LEAST: Final = 100
AT_MOST: Final = 1000
"""Jobs read at once, including those of others: AT_LEAST more than are missing, up to AT_MOST."""
MOST_READ: Final = 10_000
"""The most jobs read for one list."""


def seen_by(job_context: JobContext, caller: Principal) -> JobContext:
    """Return the context with only the jobs that the caller may see."""
    backend = job_context.backend
    jobs = SeenJobs(backend.jobs, caller, seconds_of(job_context.deployment.clock.now()))
    return replace(
        job_context,
        backend=_JobBackend(
            jobs, backend.results, backend.payloads, backend.machine, backend.credentials
        ),
    )


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


@dataclass(frozen=True, slots=True)
class _JobBackend:
    jobs: Jobs
    results: Results
    payloads: Payloads
    machine: Machine
    credentials: Rights


@dataclass(frozen=True, slots=True)
class SeenJobs:
    """Implements the port `Jobs` on `behind`: jobs that the caller may not see do not exist.

    Nor do jobs whose end is before `now`, in seconds since 1970: DynamoDB removes them and their results days later,
    in any order, and an operation whose result is gone would be done again.
    """

    behind: Jobs
    caller: Principal
    now: int

    def add(self, job: Job, once: Once | None = None) -> None:
        self.behind.add(job, once)

    def find(self, tenant: str, id_: str) -> Job | None:
        job = self.behind.find(tenant, id_)
        return job if job is not None and self._is_seen(job) else None

    def all(self, tenant: str) -> Sequence[Job]:
        return [job for job in self.behind.all(tenant) if self._is_seen(job)]

    def youngest(self, tenant: str, beyond: str | None, limit: int) -> Sequence[Job]:
        """Return the newest jobs the caller may see. Raises TooMany when too many jobs of others lie between."""
        visible: list[Job] = []
        read_count = 0
        while len(visible) < limit:
            size = min(limit - len(visible) + AT_LEAST, AT_MOST)
            page = self.behind.youngest(tenant, beyond, size)
            read_count += len(page)
            if read_count > MOST_READ:
                raise TooMany(
                    f"More than {MOST_READ} jobs would have to be read; ask for one by its id."
                )
            visible += [job for job in page if self._is_seen(job)]
            if len(page) < size:
                break
            beyond = page[-1].id
        return visible[:limit]

    def count_open(self, tenant: str, now: int) -> int:
        return self.behind.count_open(tenant, now)

    def begin(self, job: Job, started: Job, now: str) -> bool:
        return self.behind.begin(job, started, now)

    def turn(
        self, job: Job, status: Status, now: str, error: str = "", unmade: Once | None = None
    ) -> bool:
        return self.behind.turn(job, status, now, error, unmade)

    def size(self, job: Job, operations: int, fail_on_errors: int, now: str) -> bool:
        return self.behind.size(job, operations, fail_on_errors, now)

    def advance(self, job: Job, done: int, now: str) -> bool:
        return self.behind.advance(job, done, now)

    def is_closed(self, tenant: str, id_: str, layer: int, batch: int) -> bool:
        return self.behind.is_closed(tenant, id_, layer, batch)

    def close(self, job: Job, place: tuple[int, int], counts: tuple[int, int], now: str) -> None:
        self.behind.close(job, place, counts, now)

    def _is_seen(self, job: Job) -> bool:
        caller = self.caller
        if job.until <= self.now:
            return False
        is_own = job.owner != "" and job.owner == caller.owner
        if not is_own and not Permissions.shipped().reaches_others(caller.scopes, ENDPOINT):
            return False
        return caller.filters in ("", job.filters)
