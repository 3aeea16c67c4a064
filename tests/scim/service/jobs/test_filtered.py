"""A caller sees its own jobs, others with a permission, and their content if it may."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest

from scim.errors import NotFound, TooMany
from scim.moments import time_text
from scim.principal import Principal
from scim.resource.job import Job, JobKind
from scim.service.jobs.accept import cancel
from scim.service.jobs.context import JobContext
from scim.service.jobs.filtered import (
    is_readable,
    job_with_id,
    require_readable,
    youngest_jobs,
)
from tests.contract.samples import JOB as SAMPLE
from tests.fakes.endpoint import SetClock
from tests.fakes.workshop import Workshop

JOB = replace(SAMPLE, id="whole", scopes=frozenset({"*"}), owner="token:t1")
NOW = JOB.until - 1
OWN = '{"User":"active eq true"}'
JOBS = [
    JOB,
    replace(JOB, id="own", filters=OWN),
    replace(JOB, id="other", filters='{"User":"*"}'),
    replace(JOB, id="theirs", owner="token:t2"),
    replace(JOB, id="nobody's", owner=""),
]
CALLER = Principal("acme", "t9", frozenset({"bulk"}), owner="token:t1")


class Kept:
    """Some jobs."""

    def find(self, tenant: str, id_: str) -> Job | None:
        return next((job for job in JOBS if (job.tenant, job.id) == (tenant, id_)), None)

    def youngest(self, tenant: str, beyond: str | None, limit: int) -> Sequence[Job]:
        jobs = [job for job in JOBS if job.tenant == tenant]
        place = 0 if beyond is None else [job.id for job in jobs].index(beyond) + 1
        return jobs[place : place + limit]


def _context(jobs: Kept, now: int = NOW) -> JobContext:
    clock = SetClock(time_text(datetime.fromtimestamp(now, UTC)))
    return JobContext(
        cast(Any, SimpleNamespace(clock=clock)), cast(Any, SimpleNamespace(jobs=jobs))
    )


def _is_found(job_context: JobContext, caller: Principal, id_: str) -> bool:
    try:
        return job_with_id(job_context, caller, id_).id == id_
    except NotFound:
        return False


def test_an_expired_job_that_is_still_stored_is_not_found() -> None:
    job_context = _context(Kept(), JOB.until)
    assert not _is_found(job_context, CALLER, "whole")
    assert youngest_jobs(job_context, CALLER, 9) == []


@pytest.mark.parametrize(
    ("caller", "seen"),
    [
        pytest.param(CALLER, ["whole", "own", "other"], id="its owner, with another token"),
        pytest.param(replace(CALLER, filters=OWN), ["own"], id="its owner, with other filters"),
        pytest.param(replace(CALLER, owner="token:t3"), [], id="somebody else"),
        pytest.param(replace(CALLER, owner=""), [], id="a caller nobody knows"),
        pytest.param(
            replace(CALLER, owner="token:t3", scopes=frozenset({"bulk", "jobs:all"})),
            ["whole", "own", "other", "theirs", "nobody's"],
            id="somebody with the permission",
        ),
        pytest.param(
            replace(CALLER, owner="token:t3", scopes=frozenset({"*"}), filters=OWN),
            ["own"],
            id="somebody with the permission and filters",
        ),
        pytest.param(replace(CALLER, tenant="umbrella"), [], id="the same name elsewhere"),
    ],
)
def test_a_caller_sees_its_own_jobs_and_others_with_the_permission(
    caller: Principal, seen: list[str]
) -> None:
    job_context = _context(Kept())
    for limit in range(1, len(JOBS) + 1):
        assert [job.id for job in youngest_jobs(job_context, caller, limit)] == seen[:limit]
    assert [job.id for job in JOBS if _is_found(job_context, caller, job.id)] == seen


@pytest.mark.parametrize(
    ("job", "scopes", "is_for"),
    [
        (JOB, {"*"}, True),
        (JOB, {"bulk", "users:*"}, False),
        (replace(JOB, scopes=frozenset({"users:create"})), {"users:*"}, True),
        (replace(JOB, kind=JobKind.EXPORT, types=("User",)), {"users:list"}, True),
        (replace(JOB, kind=JobKind.EXPORT, types=("User", "Group")), {"users:list"}, False),
        (replace(JOB, kind=JobKind.EXPORT, types=("Gone",)), {"*"}, False),
    ],
)
def test_the_content_of_a_job_is_for_callers_with_at_least_its_rights(
    shop: Workshop, job: Job, scopes: set[str], is_for: bool
) -> None:
    caller = replace(CALLER, scopes=frozenset(scopes))
    assert is_readable(shop.job_context, caller, job) is is_for
    if not is_for:
        with pytest.raises(NotFound):
            require_readable(shop.job_context, caller, job)


class Many(Kept):
    """As many jobs as are asked for, of others but for every hundredth."""

    def __init__(self, number: int) -> None:
        self.number = number

    def youngest(self, tenant: str, beyond: str | None, limit: int) -> Sequence[Job]:
        place = 0 if beyond is None else int(beyond) + 1
        owners = {0: CALLER.owner}
        return [
            replace(JOB, id=str(each), owner=owners.get(each % 100, "token:t2"))
            for each in range(place, min(place + limit, self.number))
        ]


@pytest.mark.parametrize(("number", "limit", "found"), [(9_999, 200, 100), (30_000, 50, 50)])
def test_jobs_of_others_are_passed_over(number: int, limit: int, found: int) -> None:
    jobs = youngest_jobs(_context(Many(number)), CALLER, limit)
    assert [job.id for job in jobs] == [str(each * 100) for each in range(found)]


def test_a_list_reads_a_bounded_number_of_jobs_of_others() -> None:
    with pytest.raises(TooMany, match="10000 jobs would have to be read; ask for one by its id"):
        youngest_jobs(_context(Many(30_000)), CALLER, 101)


def test_an_invisible_job_can_be_neither_shown_nor_cancelled(shop: Workshop) -> None:
    job_context: JobContext = shop.job_context
    job_context.backend.jobs.add(replace(JOB, id="j1"))
    for act in (job_with_id, cancel):
        with pytest.raises(NotFound):
            act(job_context, replace(CALLER, filters=OWN), "j1")
    assert job_with_id(job_context, CALLER, "j1").is_open
