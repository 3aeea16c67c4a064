"""Jobs accepted, found and ended early."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from scim.errors import Conflict, NotFound, TooManyRequests, Unavailable
from scim.moments import seconds_of
from scim.principal import Principal
from scim.resource.job import Job, Status
from scim.service.jobs.accept import add, cancel, new_job
from scim.service.jobs.declare import declared
from scim.service.jobs.filtered import job_with_id
from scim.service.jobs.states import plan
from tests.fakes.operations import user
from tests.fakes.workshop import BASE, CALLER, TENANT, Workshop, with_bounds


def test_an_accepted_job_has_all_the_machine_needs_when_it_starts(shop: Workshop) -> None:
    job = shop.accept([user("ann")], failOnErrors=3)
    assert shop.job_context.backend.machine.started == [job.id]  # type: ignore[attr-defined]
    assert job_with_id(shop.job_context, CALLER, job.id).fail_on_errors == 3
    content = shop.job_context.backend.payloads.read(TENANT, job.id, "request.json")
    assert json.loads(content)["Operations"] == [user("ann")]


def test_a_job_records_the_definitions_its_caller_was_served(shop: Workshop) -> None:
    caller = Principal(TENANT, "t1", profile="okta", definitions="3-abc")
    job = new_job(shop.job_context, caller, BASE)
    assert (job.profile, job.definitions) == ("okta", "3-abc")
    shop.job_context.backend.jobs.add(job)
    assert (shop.state_of(job).profile, shop.state_of(job).definitions) == ("okta", "3-abc")


def test_a_job_says_where_it_is_and_how_far(shop: Workshop) -> None:
    job = shop.accept([user("ann"), user("bob")])
    shop.turn(job)
    shown = shop.state_of(job).json()
    assert shown["schemas"] == ["urn:serverless-scim:params:scim:schemas:core:1.0:Job"]
    assert (shown["status"], shown["percentDone"]) == ("completed", 100)
    assert shown["operations"] == {"total": 2, "done": 2, "failed": 0}
    assert shown["result"] == {"$ref": f"{BASE}/Jobs/{job.id}/Result"}


def test_a_job_of_another_tenant_is_unknown(shop: Workshop) -> None:
    job = shop.accept([user("ann")])
    stranger = replace(CALLER, tenant="umbrella")
    for caller, id_ in ((stranger, job.id), (CALLER, "nothing"), (CALLER, "not/an id")):
        with pytest.raises(NotFound):
            job_with_id(shop.job_context, caller, id_)
        with pytest.raises(NotFound):
            cancel(shop.job_context, caller, id_)
    assert shop.state_of(job).status is Status.PENDING


def test_an_open_job_ends_early(shop: Workshop) -> None:
    job = shop.accept([user("ann")])
    cancel(shop.job_context, CALLER, job.id)
    cancel(shop.job_context, CALLER, job.id)
    assert shop.state_of(job).status is Status.CANCELLED
    assert shop.job_context.backend.machine.stopped == [job.id]  # type: ignore[attr-defined]


def test_a_job_that_is_done_cannot_end_early(shop: Workshop) -> None:
    job = shop.accept([user("ann")])
    shop.turn(job)
    with pytest.raises(Conflict, match="only a job that has not ended can be cancelled"):
        cancel(shop.job_context, CALLER, job.id)


def test_the_number_of_open_jobs_of_a_tenant_is_limited(shop: Workshop) -> None:
    full = replace(
        shop.job_context, deployment=with_bounds(shop.job_context.deployment, open_jobs=2)
    )
    first, _ = shop.accept([user("ann")]), shop.accept([user("bob")])
    with pytest.raises(TooManyRequests) as refused:
        declared(full, CALLER, BASE, {"kind": "import"})
    assert refused.value.headers()["Retry-After"] == "30"
    with pytest.raises(TooManyRequests):
        add(full, new_job(full, CALLER, BASE))
    assert sum(job.is_open for job in full.backend.jobs.all(TENANT)) == 2
    cancel(full, CALLER, first.id)
    assert declared(full, CALLER, BASE, {"kind": "import"}).is_open


def test_a_job_that_has_expired_takes_up_no_place(shop: Workshop) -> None:
    """It may be stored for days, and nobody sees it who could cancel it."""
    context = replace(
        shop.job_context, deployment=with_bounds(shop.job_context.deployment, open_jobs=1)
    )
    now = seconds_of(context.deployment.clock.now())
    expired = replace(new_job(context, CALLER, BASE), until=now)
    context.backend.jobs.add(expired)
    assert declared(context, CALLER, BASE, {"kind": "import"}).is_open


@dataclass
class LosingMachine:
    """Does not answer; `reached` is what it does with a job that it was given all the same."""

    reached: Callable[[Job], None]

    def start(self, job: Job) -> bool:
        self.reached(job)
        raise Unavailable("Jobs cannot be started at the moment; try again.")

    def stop(self, job: Job) -> None:
        raise AssertionError


def without_answer(shop: Workshop, reached: Callable[[Job], None] = lambda _: None) -> Workshop:
    backend = replace(shop.job_context.backend, machine=LosingMachine(reached))  # type: ignore[type-var]
    return replace(shop, job_context=replace(shop.job_context, backend=backend))


def test_a_job_that_did_not_start_is_cancelled_and_executes_nothing_later(shop: Workshop) -> None:
    silent = without_answer(shop)
    with pytest.raises(Unavailable):
        silent.accept([user("ann")])
    with pytest.raises(Unavailable):
        declared(silent.job_context, CALLER, BASE, {"kind": "export"})
    jobs = shop.job_context.backend.jobs
    assert {job.status for job in jobs.all(TENANT)} == {Status.CANCELLED}
    assert jobs.count_open(TENANT, 0) == 0
    for job in jobs.all(TENANT):
        # Its execution may have begun all the same, late.
        shop.turn(job)
        assert shop.state_of(job).done == 0


def test_a_job_that_started_is_accepted_although_the_machines_answer_was_lost(
    shop: Workshop,
) -> None:
    def begun(job: Job) -> None:
        plan(shop.job_context, TENANT, job.id)

    taken = without_answer(shop, begun)
    job = taken.accept([user("ann")])
    assert shop.state_of(job).status is Status.RUNNING
