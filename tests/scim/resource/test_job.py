"""A job as a resource, and when its errors end it."""

from dataclasses import replace

import pytest

from scim.resource.job import JOB_URN, Format, JobKind, Status
from scim.schema.loading import shipped_catalogue
from tests.contract.samples import JOB as SAMPLE

JOB = replace(SAMPLE, operations=8)


def test_a_job_is_a_resource_that_says_how_far_it_is() -> None:
    job = replace(
        JOB, status=Status.RUNNING, done=3, errors=1, last_modified="2026-01-02T00:00:00Z"
    )
    assert job.json() == {
        "schemas": ["urn:serverless-scim:params:scim:schemas:core:1.0:Job"],
        "id": "j1",
        "kind": "bulk",
        "format": "bulk",
        "status": "running",
        "operations": {"total": 8, "done": 3, "failed": 1},
        "percentDone": 37,
        "failOnErrors": 0,
        "result": {"$ref": "https://host/scim/v2/Jobs/j1/Result"},
        "meta": {
            "resourceType": "Job",
            "created": "2026-01-01T00:00:00.000Z",
            "lastModified": "2026-01-02T00:00:00Z",
            "location": "https://host/scim/v2/Jobs/j1",
        },
    }


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("waiting", True),
        ("pending", True),
        ("running", True),
        ("completed", False),
        ("failed", False),
        ("cancelled", False),
    ],
)
def test_an_open_job_may_still_change_something(status: str, expected: bool) -> None:
    assert replace(JOB, status=Status(status)).is_open is expected


@pytest.mark.parametrize(
    ("limit", "errors", "expected"), [(0, 5, False), (2, 1, False), (2, 2, True), (2, 3, True)]
)
def test_errors_stop_a_job_that_says_so(limit: int, errors: int, expected: bool) -> None:
    assert replace(JOB, fail_on_errors=limit, errors=errors).is_stopped_by_errors is expected


@pytest.mark.parametrize("kind", list(JobKind))
@pytest.mark.parametrize("error", ["", "Line 3: broken"])
@pytest.mark.parametrize("undone", [{}, {"undo_of": "j0"}, {"undo_deleted": "Users/1"}])
def test_a_job_is_what_its_schema_says(kind: JobKind, error: str, undone: dict[str, str]) -> None:
    schema = shipped_catalogue().schema(JOB_URN)
    assert schema is not None
    declared = {each.name: each for each in schema.attributes}
    shown = replace(
        JOB, kind=kind, format=Format.CSV, types=("User",), error=error, **undone
    ).json()
    members = set(shown) - {"schemas", "id", "meta"}
    assert {each.name for each in schema.attributes if each.required} <= members <= set(declared)
    for name in members:
        values = declared[name].canonical_values
        assert not values or shown[name] in values
        parts = shown[name]
        if isinstance(parts, dict):
            assert set(parts) <= {sub.name for sub in declared[name].sub_attributes}


@pytest.mark.parametrize(
    ("attribute", "choices"), [("kind", JobKind), ("format", Format), ("status", Status)]
)
def test_the_schema_of_jobs_lists_every_choice(
    attribute: str, choices: type[JobKind] | type[Format] | type[Status]
) -> None:
    schema = shipped_catalogue().schema(JOB_URN)
    assert schema is not None
    declared = schema.attribute(attribute)
    assert declared is not None
    assert set(declared.canonical_values) == set(choices)


@pytest.mark.parametrize(
    ("operations", "done", "status", "expected"),
    [
        (0, 0, "waiting", 0),
        (0, 0, "failed", 100),
        (8, 3, "running", 37),
        (8, 9, "running", 100),
    ],
)
def test_a_job_is_never_more_than_done(
    operations: int, done: int, status: str, expected: int
) -> None:
    job = replace(JOB, operations=operations, done=done, status=Status(status))
    assert job.json()["percentDone"] == expected
