"""Carrying out a plan: ids passed on, errors counted, time watched."""

from collections.abc import Callable, Mapping
from threading import Barrier
from typing import Any

from scim.errors import BadRequest, Unavailable
from scim.schema.message_uri import BULK_REQUEST_URN
from scim.service.bulk.plan import Step, planned
from scim.service.bulk.request import bulk_of
from scim.service.bulk.response import Outcome, failed
from scim.service.bulk.run import RunOptions, run
from scim.service.bulk.waves import one_by_one
from tests.fakes.endpoint import STRICT


def steps(*sent: tuple[str, tuple[str, ...]]) -> tuple[Step, ...]:
    """Return the plan of some creations, each with what it refers to."""
    operations = [
        {
            "method": "POST",
            "path": "/Groups",
            "bulkId": name,
            "data": {"members": [{"value": f"bulkId:{each}"} for each in refers]},
        }
        for name, refers in sent
    ]
    message: dict[str, Any] = {"schemas": [BULK_REQUEST_URN], "Operations": operations}
    return planned(bulk_of(message, STRICT, 100).operations)


def attempt(step: Step, ids: Mapping[str, str], before: Outcome | None) -> Outcome:
    """Make whatever is asked for, but nothing called bad; link nothing called loose."""
    name = str(step.operation.bulk_id)
    if before is not None:
        if name.startswith("loose"):
            return before.without_links(BadRequest("No."))
        return Outcome(step.operation, 201, id=before.id, version="linked")
    if name.startswith("bad"):
        return failed(step.operation, BadRequest("No."))
    seen = ",".join(sorted(ids))
    return Outcome(
        step.operation, 201, location=seen, id=name.upper(), is_unlinked=bool(step.deferred)
    )


def miss(step: Step, ids: Mapping[str, str], before: Outcome | None) -> Outcome:
    late = Unavailable("Late.")
    return failed(step.operation, late) if before is None else before.without_links(late)


def options(fail_on_errors: int = 0, is_late: Callable[[], bool] = lambda: False) -> RunOptions:
    return RunOptions(attempt, miss, is_late, fail_on_errors)


def statuses(outcomes: tuple[Outcome, ...]) -> dict[str, int]:
    return {str(each.operation.bulk_id): each.status for each in outcomes}


def test_later_steps_see_the_ids_of_earlier_ones_and_failures_leave_none() -> None:
    outcomes = run(one_by_one(steps(("a", ()), ("bad", ()), ("b", ("a",)))), options())
    assert [each.location for each in outcomes] == ["", None, "a"]


def test_every_operation_has_one_outcome() -> None:
    asked = steps(("bad1", ()), ("a", ()), ("bad2", ()), ("b", ()))
    assert statuses(run(one_by_one(asked), options())) == {
        "bad1": 400,
        "a": 201,
        "bad2": 400,
        "b": 201,
    }


def test_the_nth_error_ends_it_and_what_was_not_processed_is_not_listed() -> None:
    asked = steps(("bad1", ()), ("a", ()), ("bad2", ()), ("b", ()))
    assert statuses(run(one_by_one(asked), options(1))) == {"bad1": 400}
    assert statuses(run(one_by_one(asked), options(2))) == {"bad1": 400, "a": 201, "bad2": 400}
    assert len(run(one_by_one(asked), options(3))) == 4


def test_a_link_replaces_the_outcome_of_its_creation() -> None:
    (first, second) = run(one_by_one(steps(("a", ("b",)), ("b", ("a",)))), options())
    assert {each.operation.bulk_id: each.version for each in (first, second)} == {
        "a": None,
        "b": "linked",
    }


def test_a_resource_that_was_not_created_is_not_linked() -> None:
    asked = steps(("a", ("bad",)), ("bad", ("a",)))
    assert statuses(run(one_by_one(asked), options())) == {"bad": 400, "a": 201}


def test_a_failed_link_is_an_error_that_counts() -> None:
    asked = steps(("a", ("loose",)), ("loose", ("a",)), ("b", ()))
    assert statuses(run(one_by_one(asked), options(1))) == {"loose": 409, "a": 201}


def test_a_creation_that_was_stopped_before_its_link_says_so() -> None:
    asked = steps(("bad", ("b",)), ("b", ("bad",)))
    assert statuses(run(one_by_one(asked), options(1))) == {"b": 409, "bad": 400}


def test_operations_without_time_left_are_answered_but_not_begun() -> None:
    clock = iter([False, True, True])
    asked = steps(("a", ()), ("b", ()), ("c", ()))
    outcomes = run(one_by_one(asked), options(is_late=lambda: next(clock)))
    assert statuses(outcomes) == {"a": 201, "b": 503, "c": 503}


def test_the_steps_of_a_wave_are_under_way_at_once() -> None:
    meeting = Barrier(4, timeout=10)

    def meet(step: Step, ids: Mapping[str, str], before: Outcome | None) -> Outcome:
        meeting.wait()
        return attempt(step, ids, before)

    asked = steps(("a", ()), ("b", ()), ("c", ()), ("d", ()))
    outcomes = run([asked], RunOptions(meet, miss, lambda: False, side_by_side=4))
    assert [each.status for each in outcomes] == [201] * 4
