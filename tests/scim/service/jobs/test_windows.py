"""A file in windows has the same result however it is cut and whichever worker dies."""

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from scim.errors import InvalidSyntax
from scim.fsck import open_work, violations
from scim.resource.job import Existing, Format, Job, JobKind, Status
from scim.service.jobs import windows
from scim.service.jobs.accept import REQUEST_FILE
from scim.service.jobs.batches import Sizes, tasks_in
from scim.service.jobs.declare import declared, start
from scim.service.jobs.states import do_batch, finish, lay_out_next, plan
from scim.service.jobs.windows import LAYERS, lay_out, mapping_of, survey_of
from scim.service.transfer import survey
from tests.fakes.operations import gone, group, managed, named, user
from tests.fakes.workshop import BASE, CALLER, Workshop, with_bounds, workshop
from tests.sampled import sampled

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

OPERATIONS = [
    group("staff", "ann", "bob", "eve"),
    *[user(name) for name in ("ann", "bob", "cy", "dan")],
    managed("chief", "deputy"),
    named("/Users/bulkId:eve", "Eve"),
    managed("deputy", "chief"),
    gone("/Users/bulkId:cy"),
    user("eve"),
]


def imported(shop: Workshop, content: bytes, **members: Any) -> Job:
    """Declare an import, upload its file and start it."""
    job = declared(shop.job_context, CALLER, BASE, {"kind": "import", **members})
    shop.job_context.backend.payloads.put(job.tenant, job.id, REQUEST_FILE, content)
    return start(shop.job_context, CALLER, job.id)


def lines(shop: Workshop, job: Job, layer: int) -> list[bytes]:
    payloads = shop.job_context.backend.payloads
    return payloads.read(job.tenant, job.id, f"layers/{layer}.jsonl").splitlines()


def request(**members: Any) -> bytes:
    urn = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
    return json.dumps({"schemas": [urn], "Operations": OPERATIONS, **members}, indent=1).encode()


@pytest.fixture(params=sampled([1, 2, 3, 100], 3))
def turns(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    width: int = request.param
    monkeypatch.setattr(survey, "WINDOW_TURNS", width)
    return width


@pytest.mark.sampled(2)
def test_the_result_does_not_depend_on_where_a_file_is_cut(shop: Workshop, turns: int) -> None:
    job = imported(shop, request())
    shop.turn(job)
    entries = shop.entries(job)
    assert [entry["status"] for entry in entries] == [
        "201", "201", "201", "201", "201", "201", "200", "201", "204", "201",
    ]  # fmt: skip
    assert [entry["effect"] for entry in entries] == [
        "create", "create", "create", "create", "create", "create", "update", "create", "delete",
        "create",
    ]  # fmt: skip
    state = shop.state_of(job)
    assert (state.status, state.operations, state.done, state.errors) == (
        Status.COMPLETED, 10, 10, 0,
    )  # fmt: skip
    assert (violations(shop.items()), open_work(shop.items())) == ([], [])


@pytest.mark.sampled(2)
def test_the_error_limit_holds_across_windows(shop: Workshop, turns: int) -> None:
    broken = [user("a"), user("b", emails=True), user("c"), user("d", emails=True), user("e")]
    urn = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
    content = json.dumps({"schemas": [urn], "Operations": broken, "failOnErrors": 2}).encode()
    job = imported(shop, content)
    shop.turn(job)
    assert [entry["status"] for entry in shop.entries(job)] == ["201", "400", "201", "400"]
    assert shop.state_of(job).status is Status.COMPLETED


def test_windows_are_laid_out_the_same_again(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(survey, "WINDOW_TURNS", 4)
    job = imported(shop, request())
    first = survey_of(shop.job_context, job)
    payloads = shop.job_context.backend.payloads
    ranges = [lay_out(shop.job_context, job, number) for number in range(first.windows)]
    assert [each.start for each in ranges] == [number * LAYERS for number in range(first.windows)]
    files = [
        payloads.read(job.tenant, job.id, f"layers/{n}.jsonl") for each in ranges for n in each
    ]
    assert survey_of(shop.job_context, job) == first
    again = [lay_out(shop.job_context, job, number) for number in range(first.windows)]
    assert again == ranges
    assert files == [
        payloads.read(job.tenant, job.id, f"layers/{n}.jsonl") for each in again for n in each
    ]


@pytest.mark.parametrize("format_", ["csv", "ldif", "ndjson"])
def test_a_job_keeps_the_mapping_it_was_declared_with(shop: Workshop, format_: str) -> None:
    columns = {} if format_ == "ndjson" else {"columns": {"login": "userName"}}
    mapping = {"key": "externalId", "resourceType": "User", **columns}
    job = imported(shop, b"", format=format_, mapping=mapping)
    kept = mapping_of(shop.job_context, job)
    assert kept is not None
    assert (kept.key, len(kept.columns)) == ("externalId", len(columns))
    assert mapping_of(shop.job_context, imported(shop, b"", format="ndjson")) is None


def test_a_job_keeps_the_sizes_it_was_begun_with(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [user(f"u{number}") for number in range(60)]
    job = imported(shop, request(Operations=people))
    shop.planned(job)
    other = replace(shop.job_context, sizes=Sizes(5, 9))

    def batches() -> int:
        (layer,) = lay_out(other, shop.state_of(job), 0)
        return len(lines(shop, job, layer))

    assert batches() == 10
    # One that was begun when all batches had 25.
    monkeypatch.setattr(windows, "SIZES_FILE", "nothing.json")
    assert batches() == 3


def test_line_numbers_are_reported_for_files_only(shop: Workshop) -> None:
    accepted = shop.accept(OPERATIONS)
    job = imported(shop, request())
    for one, expected in ((accepted, False), (job, True)):
        survey_of(shop.job_context, one)
        (number, *_) = lay_out(shop.job_context, one, 0)
        name = f"layers/{number}.steps.jsonl"
        tasks = tasks_in(shop.job_context.backend.payloads.read(one.tenant, one.id, name))
        assert {task.step.operation.line is not None for task in tasks} == {expected}


def test_a_file_that_cannot_be_read_is_the_jobs_end(shop: Workshop) -> None:
    job = imported(shop, request()[:-30])
    assert plan(shop.job_context, job.tenant, job.id)["windows"] == 0
    assert finish(shop.job_context, job.tenant, job.id)
    state = shop.state_of(job)
    assert state.status is Status.FAILED
    assert state.error.startswith("Line ")
    assert shop.response(job)["Operations"] == []
    with pytest.raises(InvalidSyntax):
        survey_of(shop.job_context, imported(shop, b"{}"))


def test_a_job_killed_anywhere_goes_on_where_it_stopped(
    client: "DynamoDBClient", monkeypatch: pytest.MonkeyPatch
) -> None:
    """The machine is begun anew after each batch: every operation is done once all the same."""
    monkeypatch.setattr(survey, "WINDOW_TURNS", 3)
    shop = workshop(client)
    job = imported(shop, request())
    for allowed in range(100):
        state = plan(shop.job_context, job.tenant, job.id)
        left = allowed
        for _ in range(int(str(state["windows"]))):
            state = lay_out_next(shop.job_context, state)
            for layer in range(int(str(state["layer"])), int(str(state["layers"]))):
                for batch in shop._batches(job, layer):
                    if left:
                        do_batch(shop.job_context, batch, lambda: False)
                    left -= left > 0
        if left or allowed == 99:
            break
    assert finish(shop.job_context, job.tenant, job.id)
    assert len(shop.entries(job)) == len(OPERATIONS)
    assert shop.state_of(job).done == len(OPERATIONS)
    assert violations(shop.items()) == []


def test_the_bounds_of_a_file_are_those_of_imports(shop: Workshop) -> None:
    narrow = replace(
        shop.job_context, deployment=with_bounds(shop.job_context.deployment, import_operations=9)
    )
    job = imported(replace(shop, job_context=narrow), request())
    assert plan(narrow, job.tenant, job.id)["windows"] == 0
    assert "maxOperations (9)" in shop.state_of(job).error
    assert (job.kind, job.format, job.existing) == (JobKind.IMPORT, Format.BULK, Existing.REFUSE)
