"""The states of the machine, in order and out of it; a job answers like one request."""

import json
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from scim.errors import NotFound, ScimError, TooManyRequests, Unavailable
from scim.fsck import violations
from scim.resource.job import Status
from scim.resource.record import Stale
from scim.schema.message_uri import BULK_REQUEST_URN
from scim.service.bulk.perform import BulkScope, missed, performed
from scim.service.bulk.permission import allowing
from scim.service.bulk.plan import makers_of, planned
from scim.service.bulk.request import bulk_of
from scim.service.bulk.response import response_of
from scim.service.bulk.run import RunOptions, run
from scim.service.bulk.waves import one_by_one, waves_of
from scim.service.jobs import states
from scim.service.jobs import step as tasks
from scim.service.jobs.accept import cancel
from scim.service.jobs.declare import declared
from scim.service.jobs.states import Unfinished, do_batch, do_step, finish, give_up, plan
from tests.fakes.operations import Sent, gone, group, managed, named, user
from tests.fakes.workshop import BASE, CALLER, FakeCredentials, Workshop, workshop
from tests.sampled import sampled

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

MIXED = [
    group("staff", "ann", "bob"),
    *[user(name) for name in ("ann", "bob", "cy", "dan", "eve", "flo")],
    managed("chief", "deputy"),
    managed("deputy", "chief"),
    user("wrong", emails=True),
    user("ANN"),
    named("/Users/bulkId:bob", "Bob"),
    named("/Users/bulkId:bob", "Bob"),
    gone("/Users/bulkId:cy"),
    gone("/Users/nobody"),
    group("lonely", "nobody"),
    {"method": "PUT", "path": "/Users/bulkId:dan", "data": {"userName": "dan", "title": "Dr"}},
    {
        "method": "POST",
        "path": "/GroupMembers",
        "bulkId": "joins",
        "data": {"group": {"value": "bulkId:staff"}, "member": {"value": "bulkId:eve"}},
    },
    {"method": "DELETE", "path": "/Nowhere/1"},
    {"method": "FETCH", "path": "/Users"},
    user("same"),
    user("same"),
]


def at_once(shop: Workshop, operations: list[Sent], **members: Any) -> dict[str, Any]:
    """Return the answer of `/Bulk` to the same request."""
    body = {"schemas": [BULK_REQUEST_URN], "Operations": operations, **members}
    asked = bulk_of(body, shop.job_context.deployment.profile, 1000)
    job = shop.accept(operations, **members)
    bulk_scope = BulkScope(
        shop.job_context.deployment.catalogue,
        partial(shop.job_context.endpoint, job),
        allowing(frozenset({"*"})),
        frozenset(makers_of(asked.operations)),
    )
    steps = planned(asked.operations)
    waves = one_by_one(steps) if asked.fail_on_errors else waves_of(steps, bulk_scope.catalogue)
    options = RunOptions(
        partial(performed, bulk_scope),
        partial(missed, bulk_scope),
        lambda: False,
        asked.fail_on_errors,
    )
    return response_of(run(waves, options))


@pytest.mark.parametrize("fail_on_errors", sampled([0, 1, 2, 3, 100], 5))
def test_a_job_answers_as_one_request_does(client: "DynamoDBClient", fail_on_errors: int) -> None:
    one, other = workshop(client), workshop(client)
    job = one.accept(MIXED, failOnErrors=fail_on_errors)
    one.turn(job)
    expected = at_once(other, MIXED, failOnErrors=fail_on_errors)
    assert json.dumps(one.response(job)) == json.dumps(expected)
    assert one.state_of(job).status is Status.COMPLETED
    assert violations(one.items()) == []


def test_a_job_counts_what_is_done_and_what_was_refused(shop: Workshop) -> None:
    job = shop.accept(MIXED)
    shop.turn(job)
    state = shop.state_of(job)
    refused = [entry for entry in shop.entries(job) if "response" in entry]
    assert (state.operations, state.done, state.errors) == (len(MIXED), len(MIXED), len(refused))


def test_doing_a_batch_again_changes_nothing(shop: Workshop) -> None:
    job = shop.accept(MIXED)
    layers = shop.planned(job)
    for batch in (batch for batches in layers for batch in batches):
        do_batch(shop.job_context, batch, lambda: False)
        before = shop.items()
        do_batch(shop.job_context, batch, lambda: False)
        assert shop.items() == before


def test_a_worker_without_time_goes_on_in_the_next_one(shop: Workshop) -> None:
    job = shop.accept([user(f"u{n}") for n in range(3)])
    ((batch,),) = shop.planned(job)
    turns = iter([False, True, False, True, False, False])
    for _ in range(2):
        with pytest.raises(Unfinished):
            do_batch(shop.job_context, batch, lambda: next(turns))
    do_batch(shop.job_context, batch, lambda: next(turns))
    assert [entry["status"] for entry in shop.entries(job)] == ["201"] * 3


def test_a_busy_store_leaves_the_step_for_later(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = shop.accept([user("ann")])
    ((batch,),) = shop.planned(job)

    def busy(*_: Any) -> Any:
        raise Unavailable("Others were faster.")

    with monkeypatch.context() as patched:
        directory = type(shop.job_context.deployment.directory)
        patched.setattr(directory, "create_many", lambda *_: [Stale()])
        patched.setattr(directory, "create", busy)
        with pytest.raises(Unavailable):
            do_batch(shop.job_context, batch, lambda: False)
    assert shop.entries(job) == []
    do_batch(shop.job_context, batch, lambda: False)
    assert [entry["status"] for entry in shop.entries(job)] == ["201"]


@pytest.mark.parametrize("error", [Unavailable("Busy."), TooManyRequests("Busy.")])
def test_a_file_that_cannot_be_read_at_the_moment_fails_no_job(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch, error: ScimError
) -> None:
    job = shop.accept([user("ann")])

    def busy(*_: Any) -> Any:
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(states, "survey_of", busy)
        with pytest.raises(type(error)):
            plan(shop.job_context, job.tenant, job.id)
    assert (shop.state_of(job).status, shop.state_of(job).error) == (Status.RUNNING, "")
    shop.turn(job)
    assert shop.state_of(job).status is Status.COMPLETED


def test_an_undo_fails_in_a_deployment_without_a_change_log(shop: Workshop) -> None:
    assert shop.job_context.change_feed is None
    job = declared(shop.job_context, CALLER, BASE, {"kind": "undo", "undoes": {"transaction": "j"}})
    assert plan(shop.job_context, job.tenant, job.id)["windows"] == 0
    state = shop.state_of(job)
    assert (state.status, state.error) == (
        Status.FAILED,
        "This tenant has no change log, so its writes cannot be undone.",
    )


def test_poison_fails_alone(shop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    job = shop.accept([user("ann"), user("poison"), user("bob")])
    ((batch,),) = shop.planned(job)
    healthy = tasks.performed

    def poisoned(bulk_scope: Any, step: Any, *rest: Any) -> Any:
        if step.operation.bulk_id == "poison":
            raise ZeroDivisionError
        return healthy(bulk_scope, step, *rest)

    monkeypatch.setattr(tasks, "performed", poisoned)
    with pytest.raises(ZeroDivisionError):
        do_batch(shop.job_context, batch, lambda: False)
    for number in batch.steps:
        try:
            do_step(shop.job_context, batch, number)
        except ZeroDivisionError:
            give_up(shop.job_context, batch, number)
    do_batch(shop.job_context, batch, lambda: False)
    assert finish(shop.job_context, job.tenant, job.id)
    assert [entry["status"] for entry in shop.entries(job)] == ["201", "500", "201"]
    assert (shop.state_of(job).done, shop.state_of(job).errors) == (3, 1)


def test_a_step_that_was_done_is_not_given_up(shop: Workshop) -> None:
    job = shop.accept([user("ann")])
    ((batch,),) = shop.planned(job)
    do_step(shop.job_context, batch, 0)
    give_up(shop.job_context, batch, 0)
    assert [entry["status"] for entry in shop.entries(job)] == ["201"]


def test_links_that_are_given_up_are_reported(shop: Workshop) -> None:
    job = shop.accept([managed("chief", "deputy"), managed("deputy", "chief")])
    ((first,),) = shop.planned(job)
    *made, link = first.steps
    for number in made:
        do_step(shop.job_context, first, number)
    give_up(shop.job_context, first, link)
    assert sorted(entry["status"] for entry in shop.entries(job)) == ["201", "409"]


def test_nothing_is_done_after_a_cancellation(shop: Workshop) -> None:
    job = shop.accept([user("ann"), user("bob")])
    ((batch,),) = shop.planned(job)
    assert shop.job_context.backend.jobs.turn(shop.state_of(job), Status.CANCELLED, "2026-01-01")
    do_batch(shop.job_context, batch, lambda: False)
    do_step(shop.job_context, batch, 0)
    give_up(shop.job_context, batch, 0)
    assert plan(shop.job_context, job.tenant, job.id)["windows"] == 0
    assert finish(shop.job_context, job.tenant, job.id)
    assert shop.entries(job) == []
    assert shop.state_of(job).status is Status.CANCELLED


def test_an_unfinished_job_has_failed_and_can_be_taken_up_again(shop: Workshop) -> None:
    job = shop.accept([user("ann"), *[user(f"u{n}") for n in range(4)]])
    ((first, *_), *_) = shop.planned(job)
    do_batch(shop.job_context, first, lambda: False)
    assert not finish(shop.job_context, job.tenant, job.id)
    assert shop.state_of(job).status is Status.FAILED
    kept = shop.entries(job)
    shop.turn(job)
    assert shop.state_of(job).status is Status.COMPLETED
    assert [entry["status"] for entry in shop.entries(job)] == ["201"] * 5
    assert shop.entries(job)[: len(kept)] == kept


def test_a_job_with_revoked_credentials_does_nothing(shop: Workshop) -> None:
    job = shop.accept([user("ann")])
    credentials = shop.job_context.backend.credentials
    assert isinstance(credentials, FakeCredentials)
    credentials.reason = "The token is revoked."
    state = plan(shop.job_context, job.tenant, job.id)
    assert state["windows"] == 0
    ended = shop.state_of(job)
    assert (ended.status, ended.error) == (Status.FAILED, "The token is revoked.")


def test_the_end_of_another_run_is_none_of_this_one(shop: Workshop) -> None:
    job = shop.accept([user("ann")])
    plan(shop.job_context, job.tenant, job.id)
    assert finish(shop.job_context, job.tenant, job.id, f"{job.id}-7")
    assert shop.state_of(job).status is Status.RUNNING
    shop.turn(job)
    assert shop.state_of(job).status is Status.COMPLETED


def test_files_are_gone_when_the_job_is_done(shop: Workshop) -> None:
    job = shop.accept([user("ann")])
    shop.turn(job)
    with pytest.raises(NotFound):
        shop.job_context.backend.payloads.read(job.tenant, job.id, "request.json")


def test_files_are_gone_when_the_run_of_a_cancelled_job_was_stopped(shop: Workshop) -> None:
    files = shop.job_context.backend.payloads
    export = declared(shop.job_context, CALLER, BASE, {"kind": "export"})
    files.put(export.tenant, export.id, "export", b"people")
    for job, name in ((shop.accept([user("ann")]), "request.json"), (export, "export")):
        assert files.size(job.tenant, job.id, name) is not None
        cancel(shop.job_context, CALLER, job.id)
        states.fail(shop.job_context, job.tenant, job.id, job.id, "stopped")
        assert files.size(job.tenant, job.id, name) is None
        assert shop.state_of(job).status is Status.CANCELLED


def test_files_of_a_failed_job_stay_for_its_next_run(shop: Workshop) -> None:
    job = shop.accept([user("ann")])
    states.fail(shop.job_context, job.tenant, job.id, job.id, "stopped")
    assert shop.job_context.backend.payloads.size(job.tenant, job.id, "request.json")


def test_a_job_that_is_forgotten_asks_for_nothing(shop: Workshop) -> None:
    job = shop.accept([user("ann")])
    ((batch,),) = shop.planned(job)
    assert plan(shop.job_context, job.tenant, "no-such-job")["windows"] == 0
    do_batch(shop.job_context, replace(batch, job="no-such-job"), lambda: False)
    assert shop.entries(job) == []


def test_an_operation_needs_the_permission_it_needs_alone(shop: Workshop) -> None:
    job = shop.accept([user("ann"), gone("/Users/x")])
    stored = replace(job, id="narrow", scopes=frozenset({"users:create", "bulk"}))
    content = shop.job_context.backend.payloads.read(job.tenant, job.id, "request.json")
    shop.job_context.backend.payloads.put(job.tenant, stored.id, "request.json", content)
    shop.job_context.backend.jobs.add(stored)
    shop.turn(stored)
    assert [entry["status"] for entry in shop.entries(stored)] == ["201", "403"]
