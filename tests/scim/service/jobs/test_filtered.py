"""A token with filters knows of jobs with the same filters; the others know of all."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

import pytest

from scim.errors import NotFound
from scim.resource.job import Job
from scim.service.jobs.accept import cancel, found
from scim.service.jobs.context import JobContext
from scim.service.jobs.filtered import SeenJobs, restricted_to
from tests.fakes.workshop import Workshop

JOB = Job(
    tenant="acme",
    id="whole",
    created="2026-01-01T00:00:00.000Z",
    until=1_800_000_000,
    base_url="https://host/scim/v2",
    token_id="t1",
    scopes=frozenset({"*"}),
    operations=1,
)
OWN = '{"User":"active eq true"}'
JOBS = [
    JOB,
    replace(JOB, id="own", filters=OWN),
    replace(JOB, id="other", filters='{"User":"*"}'),
]


class Kept:
    """Some jobs; remembers what else it was asked to do."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []

    def find(self, tenant: str, id_: str) -> Job | None:
        return next((job for job in JOBS if (job.tenant, job.id) == (tenant, id_)), None)

    def all(self, tenant: str) -> Sequence[Job]:
        return [job for job in JOBS if job.tenant == tenant]

    def __getattr__(self, name: str) -> Any:
        def call(*arguments: Any) -> bool:
            self.asked.append((name, *arguments))
            return True

        return call


def test_only_jobs_that_see_the_same_are_there() -> None:
    jobs = SeenJobs(cast(Any, Kept()), OWN)
    assert [job.id for job in jobs.all("acme")] == ["own"]
    assert [jobs.find("acme", each.id) is not None for each in JOBS] == [False, True, False]
    assert jobs.find("umbrella", "own") is None


def test_everything_else_is_passed_on() -> None:
    kept = Kept()
    jobs = SeenJobs(cast(Any, kept), OWN)
    jobs.add(JOB)
    jobs.turn(JOB, JOB.status, "now", "why")
    jobs.size(JOB, 1, 2, "now")
    jobs.advance(JOB, 1, "now")
    jobs.is_closed("acme", "own", 0, 1)
    jobs.close(JOB, (0, 1), (2, 3), "now")
    assert kept.asked == [
        ("add", JOB),
        ("turn", JOB, JOB.status, "now", "why"),
        ("size", JOB, 1, 2, "now"),
        ("advance", JOB, 1, "now"),
        ("is_closed", "acme", "own", 0, 1),
        ("close", JOB, (0, 1), (2, 3), "now"),
    ]


def test_what_is_not_there_is_neither_shown_nor_ended(shop: Workshop) -> None:
    job_context: JobContext = shop.job_context
    assert restricted_to(job_context, "") is job_context
    job_context.backend.jobs.add(replace(JOB, id="j1"))
    narrow = restricted_to(job_context, OWN)
    for act in (found, cancel):
        with pytest.raises(NotFound):
            act(narrow, "acme", "j1")
    assert found(job_context, "acme", "j1").is_open
