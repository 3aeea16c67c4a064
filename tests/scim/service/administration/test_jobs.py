"""Operators see the jobs of the last seven days, as tenants do."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from scim.errors import NotFound
from scim.moments import seconds_of
from scim.resource.change import Receipt
from scim.resource.job import Job, Status
from tests.fakes.administered import Administered, administered


def _job(deployment: Administered, id_: str, seconds_left: int, operations: int = 1) -> None:
    now = deployment.administration.clock.now()
    until = seconds_of(now) + seconds_left
    job = Job("acme", id_, now, until, "https://x", "t1", frozenset({"*"}), operations)
    deployment.administration.jobs.add(replace(job, status=Status.RUNNING))


@pytest.fixture(name="deployment")
def _deployment() -> Iterator[Administered]:
    with administered() as deployment:
        deployment.do("POST", "/tenants", name="acme")
        _job(deployment, "j1", 0)
        _job(deployment, "j2", 3600)
        yield deployment


def test_a_job_that_has_expired_is_not_listed(deployment: Administered) -> None:
    listed = deployment.do("GET", "/tenants/acme/jobs").body["items"]
    assert [job["id"] for job in listed] == ["j2"]


@pytest.mark.parametrize(
    ("method", "rest"), [("GET", ""), ("GET", "/failures"), ("POST", "/cancel")]
)
def test_a_job_that_has_expired_does_not_exist(
    deployment: Administered, method: str, rest: str
) -> None:
    with pytest.raises(NotFound, match="acme has no job"):
        deployment.do(method, f"/tenants/acme/jobs/j1{rest}")
    assert deployment.do(method, f"/tenants/acme/jobs/j2{rest}").body is not None


def test_a_job_that_has_expired_ends_with_its_tenant(deployment: Administered) -> None:
    deployment.do("DELETE", "/tenants/acme")
    jobs = deployment.administration.jobs.all("acme")
    assert {job.status for job in jobs} == {Status.CANCELLED}


def test_failures_are_listed_with_their_positions_in_pages(deployment: Administered) -> None:
    _job(deployment, "j3", 3600, operations=5)
    for position, status in enumerate(("409", "201", "404", "409")):
        content = {"status": status} if status == "201" else {"status": status, "response": {}}
        deployment.administration.results.note("acme", Receipt("j3", 2 * position, 2**31, content))
    path = "/tenants/acme/jobs/j3/failures"
    pages, after = [], 0
    while after is not None:
        page = deployment.do("GET", path, after=after, count=2).body
        pages.append([(item["position"], item["status"]) for item in page["items"]])
        after = page.get("next")
    assert pages == [[(1, "409")], [(3, "404"), (4, "409")], []]
