"""An export in parts: the file is the same whichever worker dies."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import moto.s3.models as s3
import pytest

from scim.errors import NotFound
from scim.fsck import violations
from scim.resource.job import Job, Status
from scim.service.jobs import export as module
from scim.service.jobs.declare import declared
from scim.service.jobs.export import EXPORT_FILE, POINT_FILE, Unfinished, export
from scim.service.jobs.states import finish, plan
from scim.store.jobs.files import S3Payloads
from tests.fakes.operations import group, user
from tests.fakes.workshop import BASE, CALLER, TENANT, Workshop, workshop
from tests.sampled import sampled

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

NAMES = [f"u{n}" for n in range(12)]


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PART_BYTES", 300)
    monkeypatch.setattr(module, "MOST_VALUES", 5)
    monkeypatch.setattr(s3, "S3_UPLOAD_PART_MIN_SIZE", 1)


@pytest.fixture(name="shop")
def _shop(client: "DynamoDBClient") -> Workshop:
    shop = workshop(client)
    shop.turn(shop.accept([*map(user, NAMES), group("staff", *NAMES)]))
    return shop


def begun(shop: Workshop, **members: Any) -> Job:
    job = declared(
        shop.job_context, CALLER, BASE, {"kind": "export", "format": "ndjson", **members}
    )
    state = plan(shop.job_context, TENANT, job.id)
    assert (state["isExport"], state["windows"]) == (True, 0)
    return job


def file_of(shop: Workshop, job: Job) -> bytes:
    return shop.job_context.backend.payloads.read(TENANT, job.id, EXPORT_FILE)


def whole(shop: Workshop, **members: Any) -> bytes:
    job = begun(shop, **members)
    export(shop.job_context, TENANT, job.id, lambda: False)
    assert finish(shop.job_context, TENANT, job.id)
    state = shop.state_of(job)
    assert (state.status, state.operations, state.done) == (Status.COMPLETED, 13, 13)
    return file_of(shop, job)


def test_everything_is_in_the_file(shop: Workshop) -> None:
    lines = [json.loads(line) for line in whole(shop).splitlines()]
    assert sorted(line["userName"] for line in lines if "userName" in line) == sorted(NAMES)
    members = [each["value"] for line in lines for each in line.get("members", ())]
    assert sorted(members) == sorted(line["id"] for line in lines if "userName" in line)
    body = json.loads(whole(shop, format="bulk"))
    assert [each["method"] for each in body["Operations"]] == [*["POST"] * 13, "PATCH", "PATCH"]
    assert violations(shop.items()) == []


@pytest.mark.parametrize("format_", sampled(["bulk", "ndjson"], 2))
def test_the_next_worker_continues_after_one_without_time(shop: Workshop, format_: str) -> None:
    expected = whole(shop, format=format_)
    job = begun(shop, format=format_)
    stops = 0
    while True:
        try:
            export(shop.job_context, TENANT, job.id, lambda: True)
        except Unfinished:
            stops += 1
            assert shop.state_of(job).done > 0
        else:
            break
    assert stops > 3
    assert file_of(shop, job) == expected


@pytest.mark.parametrize("format_", ["bulk", "ndjson"])
def test_the_next_worker_continues_a_part_left_for_lack_of_time(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch, format_: str
) -> None:
    expected = whole(shop, format=format_)
    monkeypatch.setattr(module, "PART_BYTES", len(expected) - 1)
    job = begun(shop, format=format_)
    steps = [0]

    def is_late() -> bool:
        steps[-1] += 1
        return steps[-1] == 5

    while True:
        try:
            export(shop.job_context, TENANT, job.id, is_late)
        except Unfinished:
            assert shop.state_of(job).done >= 4 * len(steps)
            steps.append(0)
        else:
            break
    assert len(steps) > 2
    assert file_of(shop, job) == expected
    assert shop.state_of(job).done == 13


@pytest.mark.parametrize("method", sampled(["append", "put", "complete"], 3))
def test_the_next_worker_continues_after_a_death(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    """It dies just before or just behind each thing it stores, one after the other."""

    class Killed(BaseException):
        pass

    expected = whole(shop)
    job = begun(shop)
    healthy = getattr(S3Payloads, method)
    deaths = 0
    while True:
        calls = 0

        def dying(*given: Any, died: int = deaths) -> Any:
            nonlocal calls
            calls += 1
            if calls == 2 and died % 2 == 0:
                raise Killed
            answer = healthy(*given)
            if calls == 2 or (method == "complete" and died == 0):
                raise Killed
            return answer

        with monkeypatch.context() as patched:
            patched.setattr(S3Payloads, method, dying)
            try:
                export(shop.job_context, TENANT, job.id, lambda: False)
            except Killed:
                deaths += 1
                continue
        break
    assert deaths > (0 if method == "complete" else 3)
    assert file_of(shop, job) == expected
    assert shop.state_of(job).status is Status.COMPLETED


def test_a_cancelled_export_stops_at_its_next_part(shop: Workshop) -> None:
    job = begun(shop)

    def cancelling() -> bool:
        shop.job_context.backend.jobs.turn(shop.state_of(job), Status.CANCELLED, job.created)
        return False

    export(shop.job_context, TENANT, job.id, cancelling)
    assert shop.state_of(job).status is Status.CANCELLED
    assert shop.job_context.backend.payloads.size(TENANT, job.id, EXPORT_FILE) is None
    export(shop.job_context, TENANT, job.id, lambda: False)
    export(shop.job_context, TENANT, "no-such-job", lambda: False)


def test_an_export_stops_at_its_next_part_once_it_was_started_again(shop: Workshop) -> None:
    expected, job = whole(shop), begun(shop)
    jobs = shop.job_context.backend.jobs

    def started_again() -> bool:
        running = shop.state_of(job)
        if not running.run:
            jobs.begin(running, replace(running, run=1), job.created)
        return False

    export(shop.job_context, TENANT, job.id, started_again)
    progress = json.loads(shop.job_context.backend.payloads.read(TENANT, job.id, POINT_FILE))
    assert (len(progress["parts"]), progress["is_whole"]) == (1, False)
    export(shop.job_context, TENANT, job.id, lambda: False)
    assert shop.state_of(job).status is Status.COMPLETED
    assert file_of(shop, job) == expected


def test_an_export_of_which_another_run_replaced_a_part_begins_anew(shop: Workshop) -> None:
    expected, job = whole(shop), begun(shop)
    payloads = shop.job_context.backend.payloads

    def replacing() -> bool:
        point = json.loads(payloads.read(TENANT, job.id, POINT_FILE))
        if point["parts"]:
            payloads.append(TENANT, job.id, EXPORT_FILE, point["writing"], 1, b"another part")
        return False

    with pytest.raises(Unfinished):
        export(shop.job_context, TENANT, job.id, replacing)
    export(shop.job_context, TENANT, job.id, lambda: False)
    assert file_of(shop, job) == expected
    assert shop.state_of(job).status is Status.COMPLETED


def test_an_export_that_is_not_done_has_failed(shop: Workshop) -> None:
    job = begun(shop)
    assert not finish(shop.job_context, TENANT, job.id)
    assert shop.state_of(job).status is Status.FAILED
    assert plan(shop.job_context, TENANT, job.id)["isExport"] is True
    export(shop.job_context, TENANT, job.id, lambda: False)
    assert shop.state_of(job).status is Status.COMPLETED
    assert shop.job_context.backend.payloads.size(TENANT, job.id, POINT_FILE) is not None


@pytest.mark.parametrize("is_whole", [False, True], ids=["in the middle", "at its end"])
def test_an_export_whose_upload_has_expired_begins_anew(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch, *, is_whole: bool
) -> None:
    """As S3 forgets it a day after it began, and a failed job may be started again after that."""

    def forgetful(call: Callable[..., Any]) -> Callable[..., Any]:
        def refused_if_expired(*given: Any) -> Any:
            if "expired" in given:  # moto knows no error for it
                raise NotFound("A file of the job does not exist any more.")
            return call(*given)

        return refused_if_expired

    for name in ("append", "complete"):
        monkeypatch.setattr(S3Payloads, name, forgetful(getattr(S3Payloads, name)))
    expected, job = whole(shop), begun(shop)
    payloads = shop.job_context.backend.payloads
    with pytest.raises(Unfinished):
        export(shop.job_context, TENANT, job.id, lambda: True)
    point = json.loads(payloads.read(TENANT, job.id, POINT_FILE))
    point |= {"writing": "expired", "is_whole": is_whole}
    payloads.put(TENANT, job.id, POINT_FILE, json.dumps(point).encode())
    with pytest.raises(Unfinished):
        export(shop.job_context, TENANT, job.id, lambda: False)
    export(shop.job_context, TENANT, job.id, lambda: False)
    assert file_of(shop, job) == expected
    assert shop.state_of(job).done == 13


def test_a_caller_with_filters_exports_what_it_sees(shop: Workshop) -> None:
    filters = json.dumps({"User": 'userName eq "u3"'})
    caller = replace(CALLER, filters=filters)
    job = declared(
        shop.job_context,
        caller,
        BASE,
        {"kind": "export", "format": "ndjson", "resourceTypes": ["User"]},
    )
    plan(shop.job_context, TENANT, job.id)
    assert shop.state_of(job).operations == 0
    export(shop.job_context, TENANT, job.id, lambda: False)
    lines = file_of(shop, job).splitlines()
    assert [json.loads(line)["userName"] for line in lines] == ["u3"]
