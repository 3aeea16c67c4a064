"""Jobs as items: what changes of one, changes once."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from scim.fsck import violations
from scim.resource.job import Existing, Format, JobKind, Status
from scim.store.dynamodb.capacity import Meter
from scim.store.dynamodb.retry import Retry
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.values import packed, packed_object
from scim.store.jobs.items import DynamoJobs
from scim.store.keys.jobs import job_key
from tests.contract.samples import JOB as SAMPLE
from tests.scim.store.faults import dying

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

JOB = replace(
    SAMPLE,
    scopes=frozenset({"bulk", "users:*"}),
    operations=10,
    fail_on_errors=2,
    filters='{"User":"*"}',
    last_modified=SAMPLE.created,
)
LATER = "2026-01-01T00:01:00.000Z"


@pytest.fixture
def jobs(client: "DynamoDBClient", table_name: str) -> DynamoJobs:
    return DynamoJobs(Table(client, table_name, Meter(), Retry()))


def test_a_job_is_read_as_it_was_written(jobs: DynamoJobs) -> None:
    jobs.add(JOB)
    assert jobs.find("acme", "j1") == JOB


def test_members_stored_by_a_later_version_are_ignored(
    client: "DynamoDBClient", table_name: str, jobs: DynamoJobs
) -> None:
    """After a rollback such jobs are listed, and end with the credentials they were made with."""
    jobs.add(JOB)
    table = Table(client, table_name, Meter(), Retry())
    row = table.item(job_key("acme", "j1")) or {}
    members = {**packed_object(row, "z"), "later": 1}
    table.put(job_key("acme", "j1"), {**row, "z": packed(members), "b": packed({"later": 2})})
    assert jobs.all("acme") == [JOB]


@pytest.mark.parametrize(
    ("tenant", "id_"), [("acme", "j2"), ("umbrella", "j1"), ("acme", "no id"), ("acme", "")]
)
def test_a_job_of_another_tenant_is_not_found(jobs: DynamoJobs, tenant: str, id_: str) -> None:
    jobs.add(JOB)
    assert jobs.find(tenant, id_) is None


def test_jobs_are_listed_youngest_first(jobs: DynamoJobs) -> None:
    young = replace(JOB, id="a", created=LATER, last_modified=LATER)
    for job in (JOB, young, replace(JOB, tenant="umbrella", id="z")):
        jobs.add(job)
    assert jobs.all("acme") == [young, JOB]


def test_the_youngest_jobs_come_in_pages_of_their_ids(jobs: DynamoJobs) -> None:
    made = [replace(JOB, id=f"a{number}", last_modified=JOB.created) for number in range(7)]
    for job in (*made, replace(JOB, tenant="umbrella", id="z")):
        jobs.add(job)
    youngest_first = made[::-1]
    assert jobs.youngest("acme", None, 3) == youngest_first[:3]
    assert jobs.youngest("acme", "a4", 3) == youngest_first[3:6]
    assert jobs.youngest("acme", "a1", 3) == youngest_first[6:]
    assert jobs.youngest("acme", "a0", 3) == []


def test_a_status_changes_from_what_was_read(jobs: DynamoJobs) -> None:
    jobs.add(JOB)
    assert jobs.turn(JOB, Status.RUNNING, LATER)
    assert not jobs.turn(JOB, Status.CANCELLED, LATER)
    assert jobs.find("acme", "j1") == replace(JOB, status=Status.RUNNING, last_modified=LATER)


def test_a_run_changes_from_what_was_read(jobs: DynamoJobs) -> None:
    jobs.add(JOB)
    again = replace(JOB, run=1)
    assert jobs.begin(JOB, again, LATER)
    assert not jobs.begin(JOB, again, LATER)
    assert not jobs.turn(JOB, Status.FAILED, LATER)
    found = jobs.find("acme", "j1")
    assert found == replace(again, last_modified=LATER)
    assert jobs.turn(found, Status.RUNNING, LATER)


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
    with dying(client, moment, 0):
        jobs.close(JOB, (0, 0), (4, 1), LATER)
    jobs.close(JOB, (0, 0), (4, 1), LATER)
    found = jobs.find("acme", "j1")
    assert found is not None
    assert (found.done, found.errors) == (4, 1)


def test_sizes_and_progress_are_stored_later(jobs: DynamoJobs) -> None:
    jobs.add(JOB)
    assert jobs.size(JOB, 77, 5, LATER)
    assert jobs.advance(JOB, 6, LATER)
    found = jobs.find("acme", "j1")
    assert found is not None
    assert (found.operations, found.fail_on_errors, found.done) == (77, 5, 6)
    assert found.last_modified == LATER


def test_progress_of_a_job_whose_status_changed_is_not_stored(jobs: DynamoJobs) -> None:
    jobs.add(JOB)
    assert jobs.turn(JOB, Status.CANCELLED, LATER)
    assert not jobs.size(JOB, 77, 5, LATER)
    assert not jobs.advance(JOB, 6, LATER)


def test_a_job_shows_why_it_failed_until_it_is_restarted(jobs: DynamoJobs) -> None:
    jobs.add(JOB)
    assert jobs.turn(JOB, Status.FAILED, LATER, "Line 3: broken")
    failed = jobs.find("acme", "j1")
    assert failed is not None
    assert failed.error == "Line 3: broken"
    assert jobs.turn(failed, Status.RUNNING, LATER)
    again = jobs.find("acme", "j1")
    assert again is not None
    assert again.error == ""


@pytest.mark.parametrize("kind", list(JobKind))
def test_a_job_of_any_kind_is_read_as_it_was_written(jobs: DynamoJobs, kind: JobKind) -> None:
    job = replace(
        JOB,
        kind=kind,
        format=Format.CSV,
        existing=Existing.UPDATE,
        is_dry=True,
        types=("User", "Group"),
        filters="{}",
    )
    jobs.add(job)
    assert jobs.find("acme", "j1") == job


def test_a_job_from_before_there_were_kinds_is_a_long_request(
    jobs: DynamoJobs, client: "DynamoDBClient", table_name: str
) -> None:
    kept = {
        "tenant": "acme", "id": "j1", "created": JOB.created, "base_url": JOB.base_url,
        "token_id": "t1", "scopes": ["bulk", "users:*"], "operations": 10, "fail_on_errors": 2,
    }  # fmt: skip
    client.put_item(
        TableName=table_name,
        Item={
            "pk": {"S": "J#acme#job"},
            "sk": {"S": "j1"},
            "k": {"S": "job"},
            "s": {"N": "1"},
            "st": {"S": "pending"},
            "m": {"S": JOB.last_modified},
            "ttl": {"N": str(JOB.until)},
            "z": {"B": packed(kept)},
        },
    )
    assert jobs.find("acme", "j1") == replace(JOB, filters="", profile="", definitions="")


def test_open_jobs_are_counted_without_reading_completed_ones(
    client: "DynamoDBClient", table_name: str
) -> None:
    meter = Meter()
    jobs = DynamoJobs(Table(client, table_name, meter, Retry()))
    for number in range(30):
        job = replace(JOB, id=f"done{number}")
        jobs.add(job)
        assert jobs.turn(job, Status.COMPLETED, LATER)
    jobs.add(JOB)
    jobs.add(replace(JOB, tenant="umbrella"))
    meter.reset()
    assert jobs.count_open("acme", 0) == 1
    assert (meter.reading().round_trips, meter.reading().rcu) == (1, 1)
    assert jobs.count_open("acme", JOB.until) == 0
    assert violations(client.scan(TableName=table_name)["Items"]) == []


def test_a_restarted_job_is_open_again(jobs: DynamoJobs) -> None:
    jobs.add(JOB)
    assert jobs.turn(JOB, Status.FAILED, LATER)
    assert jobs.count_open("acme", 0) == 0
    failed = jobs.find("acme", JOB.id)
    assert failed is not None
    assert jobs.begin(failed, replace(failed, status=Status.PENDING, run=1), LATER)
    assert jobs.count_open("acme", 0) == 1


def test_a_status_change_that_comes_too_late_does_not_change_the_count(jobs: DynamoJobs) -> None:
    jobs.add(JOB)
    assert jobs.turn(JOB, Status.RUNNING, LATER)
    assert not jobs.turn(JOB, Status.CANCELLED, LATER)
    assert jobs.count_open("acme", 0) == 1
