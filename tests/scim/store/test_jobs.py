"""Jobs as items: what changes of one, changes once."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from local.fsck import violations
from scim.resource.job import Job, Status
from scim.store.jobs import DynamoJobs
from scim.store.meter import Meter
from scim.store.retry import Retry
from scim.store.table import Table
from tests.scim.store.faults import Dying, dying

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

JOB = Job(
    tenant="acme",
    id="j1",
    created="2026-01-01T00:00:00.000Z",
    until=1_800_000_000,
    base_url="https://host/scim/v2",
    token_id="t1",
    scopes=frozenset({"bulk", "users:*"}),
    operations=10,
    fail_on_errors=2,
    last_modified="2026-01-01T00:00:00.000Z",
)
LATER = "2026-01-01T00:01:00.000Z"


@pytest.fixture
def jobs(client: "DynamoDBClient", table_name: str) -> DynamoJobs:
    return DynamoJobs(Table(client, table_name, Meter(), Retry()))


def test_a_job_is_read_as_it_was_written(jobs: DynamoJobs) -> None:
    jobs.add(JOB)
    assert jobs.find("acme", "j1") == JOB


@pytest.mark.parametrize(
    ("tenant", "id_"), [("acme", "j2"), ("umbrella", "j1"), ("acme", "no id"), ("acme", "")]
)
def test_what_is_no_job_of_the_tenant_is_not_found(jobs: DynamoJobs, tenant: str, id_: str) -> None:
    jobs.add(JOB)
    assert jobs.find(tenant, id_) is None


def test_jobs_are_listed_youngest_first(jobs: DynamoJobs) -> None:
    young = replace(JOB, id="a", created=LATER, last_modified=LATER)
    for job in (JOB, young, replace(JOB, tenant="umbrella", id="z")):
        jobs.add(job)
    assert jobs.all("acme") == [young, JOB]


def test_a_status_changes_from_what_was_read(jobs: DynamoJobs) -> None:
    jobs.add(JOB)
    assert jobs.turn(JOB, Status.RUNNING, LATER)
    assert not jobs.turn(JOB, Status.CANCELLED, LATER)
    assert jobs.find("acme", "j1") == replace(JOB, status=Status.RUNNING, last_modified=LATER)


def test_a_batch_is_counted_once(
    jobs: DynamoJobs, client: "DynamoDBClient", table_name: str
) -> None:
    jobs.add(JOB)
    assert not jobs.is_closed("acme", "j1", 0, 3)
    for _ in range(2):
        jobs.close(JOB, (0, 3), (4, 1), LATER)
    jobs.close(JOB, (1, 3), (2, 0), LATER)
    assert jobs.is_closed("acme", "j1", 0, 3)
    found = jobs.find("acme", "j1")
    assert found is not None
    assert (found.done, found.errors) == (6, 1)
    assert violations(client.scan(TableName=table_name)["Items"]) == []


@pytest.mark.parametrize("moment", ["before-call", "after-call"])
def test_a_worker_that_dies_closing_a_batch_counts_it_once(
    jobs: DynamoJobs, client: "DynamoDBClient", moment: str
) -> None:
    jobs.add(JOB)
    with dying(client, moment, 0) as death:
        jobs.close(JOB, (0, 0), (4, 1), LATER)
    assert isinstance(death, Dying)
    jobs.close(JOB, (0, 0), (4, 1), LATER)
    found = jobs.find("acme", "j1")
    assert found is not None
    assert (found.done, found.errors) == (4, 1)
