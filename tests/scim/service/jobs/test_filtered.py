"""A caller sees its own jobs, others with a permission, and their content if it may."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

import pytest

from scim.errors import NotFound, TooMany
from scim.principal import Principal
from scim.resource.job import Job, JobKind
from scim.service.jobs.accept import cancel, job_with_id
from scim.service.jobs.context import JobContext
from scim.service.jobs.filtered import SeenJobs, is_readable, require_readable, seen_by
from tests.contract.samples import JOB as SAMPLE
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
    """Some jobs; remembers what else it was asked to do."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []

    def find(self, tenant: str, id_: str) -> Job | None:
        return next((job for job in JOBS if (job.tenant, job.id) == (tenant, id_)), None)

    def all(self, tenant: str) -> Sequence[Job]:
        return [job for job in JOBS if job.tenant == tenant]

    def youngest(self, tenant: str, beyond: str | None, limit: int) -> Sequence[Job]:
        jobs = list(self.all(tenant))
        place = 0 if beyond is None else [job.id for job in jobs].index(beyond) + 1
        return jobs[place : place + limit]

    def __getattr__(self, name: str) -> Any:
        def call(*arguments: Any) -> bool:
            self.asked.append((name, *arguments))
            return True

        return call


def test_an_expired_job_that_is_still_stored_is_not_found() -> None:
    jobs = SeenJobs(cast(Any, Kept()), CALLER, JOB.until)
    assert jobs.find("acme", "whole") is None
    assert jobs.youngest("acme", None, 9) == []


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
    jobs = SeenJobs(cast(Any, Kept()), caller, NOW)
    assert [job.id for job in jobs.all(caller.tenant)] == seen
    for limit in range(1, len(JOBS) + 1):
        assert [job.id for job in jobs.youngest(caller.tenant, None, limit)] == seen[:limit]
    assert [each.id for each in JOBS if jobs.find(caller.tenant, each.id)] == seen


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
        super().__init__()
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
    jobs = SeenJobs(cast(Any, Many(number)), CALLER, NOW)
    assert [job.id for job in jobs.youngest("acme", None, limit)] == [
        str(each * 100) for each in range(found)
    ]


def test_a_list_reads_a_bounded_number_of_jobs_of_others() -> None:
    with pytest.raises(TooMany, match="10000 jobs would have to be read; ask for one by its id"):
        SeenJobs(cast(Any, Many(30_000)), CALLER, NOW).youngest("acme", None, 101)


def test_other_calls_are_passed_on() -> None:
    kept = Kept()
    jobs = SeenJobs(cast(Any, kept), CALLER, NOW)
    jobs.add(JOB)
    jobs.begin(JOB, JOB, "now")
    jobs.turn(JOB, JOB.status, "now", "why")
    jobs.size(JOB, 1, 2, "now")
    jobs.advance(JOB, 1, "now")
    jobs.is_closed("acme", "own", 0, 1)
    jobs.close(JOB, (0, 1), (2, 3), "now")
    assert kept.asked == [
        ("add", JOB, None),
        ("begin", JOB, JOB, "now"),
        ("turn", JOB, JOB.status, "now", "why", None),
        ("size", JOB, 1, 2, "now"),
        ("advance", JOB, 1, "now"),
        ("is_closed", "acme", "own", 0, 1),
        ("close", JOB, (0, 1), (2, 3), "now"),
    ]


def test_an_invisible_job_can_be_neither_shown_nor_cancelled(shop: Workshop) -> None:
    job_context: JobContext = shop.job_context
    job_context.backend.jobs.add(replace(JOB, id="j1"))
    narrow = seen_by(job_context, replace(CALLER, filters=OWN))
    for act in (job_with_id, cancel):
        with pytest.raises(NotFound):
            act(narrow, "acme", "j1")
    assert job_with_id(seen_by(job_context, CALLER), "acme", "j1").is_open
