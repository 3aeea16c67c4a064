"""One step of a job, done once whoever tries how often: its result comes with its effect."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Final

from scim.errors import ScimError, TooManyRequests, Unavailable
from scim.resource.change import AlreadyMade, Creation, Receipt, Update
from scim.resource.job import Job
from scim.resource.version import etag_of
from scim.schema.resource_type import ResourceType
from scim.service.bulk.operation import Method
from scim.service.bulk.outcome import Outcome
from scim.service.bulk.perform import Reach, missed, performed
from scim.service.edge_resource import VERSION, id_of
from scim.service.job.batch import Task
from scim.service.job.bench import Bench, allowing
from scim.service.job.ports import Result
from scim.service.job.receipt import Change, Receipting
from scim.service.job.result import content_of, is_error, outcome_of

PASSING: Final = (TooManyRequests, Unavailable)


class GivenUp(ScimError):
    """An operation that failed every time for reasons of this side."""


def done(bench: Bench, job: Job, task: Task, results: Mapping[int, Result]) -> Result | None:
    """Return the result of the step, None where there is nothing to link.

    `results` are those of earlier steps. Raises Unavailable or TooManyRequests when the step
    shall be tried again later.
    """
    before = _before(task, results)
    if task.step.is_link and before is None:
        return None
    ids = ids_of(task, results)
    receipting = Receipting.on(bench.directory, partial(_receipt, bench, job, task, before))
    reach = _reach(bench, job, task, receipting)
    try:
        outcome = performed(reach, task.step, ids, before)
    except AlreadyMade:
        return kept(bench, job, task)
    if receipting.made is not None:
        return receipting.made
    if isinstance(outcome.error, PASSING):
        raise outcome.error
    return noted(bench, job, task, outcome)


def given_up(bench: Bench, job: Job, task: Task, results: Mapping[int, Result]) -> Result | None:
    """Return the result of a step that failed every time, unless it was done after all."""
    before = _before(task, results)
    if task.step.is_link and before is None:
        return None
    reach = _reach(bench, job, task, Receipting.on(bench.directory, _refuse))
    wrong = GivenUp("The operation could not be done.")
    outcome = missed(reach, task.step, ids_of(task, results), before)
    if before is not None:
        return noted(bench, job, task, before.without_links(wrong))
    return noted(bench, job, task, replace(outcome, status=wrong.status, error=wrong))


def noted(bench: Bench, job: Job, task: Task, outcome: Outcome) -> Result:
    """Store the result of a step that changed nothing; return the one that is there."""
    content = content_of(outcome)
    try:
        receipt = Receipt(job.id, task.number, job.until, content)
        bench.office.results.note(job.tenant, receipt)
    except AlreadyMade:
        return kept(bench, job, task)
    return content


def kept(bench: Bench, job: Job, task: Task) -> Result:
    """Return the result that is stored."""
    return bench.office.results.of(job.tenant, job.id, [task.number])[task.number]


def ids_of(task: Task, results: Mapping[int, Result]) -> dict[str, str]:
    """Return the ids of what the step refers to, as far as it exists."""
    made = {name: results.get(number, {}).get("id") for name, number in task.needs.items()}
    return {name: str(id_) for name, id_ in made.items() if id_ is not None}


def _before(task: Task, results: Mapping[int, Result]) -> Outcome | None:
    """Return the outcome of the creation that the step links, None without one to link."""
    made = results.get(task.number - 1) if task.step.is_link else None
    if made is None or is_error(made) or "id" not in made:
        return None
    return outcome_of(task.step.operation, made)


def _reach(bench: Bench, job: Job, task: Task, receipting: Receipting) -> Reach:
    return Reach(
        bench.catalogue,
        partial(bench.endpoint, job, receipting.directory),
        allowing(job.scopes),
        frozenset(task.needs),
    )


def _receipt(
    bench: Bench,
    job: Job,
    task: Task,
    before: Outcome | None,
    change: Change,
) -> Receipt:
    """Return the receipt of a change: what `performed` answers when it has been made."""
    operation = task.step.operation
    resource_type = bench.catalogue.by_endpoint(operation.segment)
    if resource_type is None:
        raise ValueError("a change of a type that is not served")
    endpoint = bench.endpoint(job, bench.directory, resource_type)
    if before is not None:
        outcome = replace(before, version=None, is_unlinked=False)
    else:
        id_ = _changed_id(resource_type, change)
        location = endpoint.location_of(resource_type.name, id_)
        outcome = Outcome(operation, _STATUSES[operation.method], location)
        if operation.method is Method.POST:
            outcome = replace(outcome, id=id_, is_unlinked=bool(task.step.deferred))
            if resource_type.edges_of is not None:
                outcome = replace(outcome, version=etag_of(VERSION))
    return Receipt(job.id, task.number, job.until, content_of(outcome))


_STATUSES: Mapping[Method | None, int] = {
    Method.POST: 201,
    Method.PUT: 200,
    Method.PATCH: 200,
    Method.DELETE: 204,
}


def _changed_id(resource_type: ResourceType, change: Change) -> str:
    """Return the id of what the client made or changed: for an edge that of both its ends."""
    if isinstance(change, Creation):
        return change.key.id
    if resource_type.edges_of is None or not isinstance(change, Update):
        return change.before.key.id
    (delta,) = change.edges
    target = delta.added[0].target if delta.added else delta.removed[0]
    return id_of(change.before.key.id, target.id)


def _refuse(change: Change) -> Receipt:
    raise ValueError(f"a step that is given up makes no {type(change).__name__}")
