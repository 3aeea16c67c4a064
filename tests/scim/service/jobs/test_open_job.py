"""A job continues while its credentials are valid, and ends at whatever step they end."""

from collections.abc import Callable

import pytest

from scim.resource.job import Job, Status
from scim.service.jobs.export import export
from scim.service.jobs.states import do_batch, do_step, finish, give_up, lay_out_next, plan
from tests.fakes.operations import user
from tests.fakes.workshop import TENANT, Workshop

WHY = "The token is revoked."


def revoked(shop: Workshop, reason: str = WHY) -> None:
    shop.job_context.backend.credentials.reason = reason  # type: ignore[attr-defined]


def test_a_job_is_not_planned_without_them(shop: Workshop) -> None:
    job = shop.accept([user("ann")])
    revoked(shop)
    assert shop.planned(job) == []
    assert (shop.state_of(job).status, shop.state_of(job).error) == (Status.FAILED, WHY)


def test_a_job_ends_in_the_middle(shop: Workshop) -> None:
    job = shop.accept([user(f"u{n}") for n in range(9)])
    (first, *others), *_ = shop.planned(job)
    do_batch(shop.job_context, first, lambda: False)
    revoked(shop)
    for batch in others:
        do_batch(shop.job_context, batch, lambda: False)
        do_step(shop.job_context, batch, batch.steps[0])
        give_up(shop.job_context, batch, batch.steps[0])
    assert len(shop.entries(job)) == len(first.steps) == shop.state_of(job).done
    assert (shop.state_of(job).status, shop.state_of(job).error) == (Status.FAILED, WHY)


def test_a_long_batch_ends_in_its_middle(shop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scim.service.jobs.states.WRITES_PER_CHECK", 1)
    job = shop.accept([user(f"u{n}") for n in range(3)], failOnErrors=9)
    ((batch,),) = shop.planned(job)
    is_late: Callable[[], bool] = lambda: revoked(shop) is not None  # noqa: E731
    do_batch(shop.job_context, batch, is_late)
    assert len(shop.entries(job)) == 1


def test_a_job_failed_for_its_credentials_continues_when_they_are_valid_again(
    shop: Workshop,
) -> None:
    job = shop.accept([user("ann")])
    state = plan(shop.job_context, TENANT, job.id)
    revoked(shop)
    assert lay_out_next(shop.job_context, state)["layers"] == 0
    assert finish(shop.job_context, TENANT, job.id)
    revoked(shop, "")
    shop.turn(job)
    assert shop.state_of(job).status is Status.COMPLETED


def test_an_export_ends_too(shop: Workshop) -> None:
    job: Job = shop.accept([user("ann")])
    revoked(shop)
    export(shop.job_context, TENANT, job.id, lambda: False)
    assert shop.state_of(job).error == WHY
