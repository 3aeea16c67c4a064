"""One step of a job, done once however often it is tried: its result is stored with its effect."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Final

from scim.errors import BreakerOpen, ScimError, TooManyRequests, Unavailable
from scim.resource.change import AlreadyMade, Change, Receipt
from scim.resource.job import Existing, Format, Job, JobKind
from scim.service.bulk.perform import CREATING, BulkScope, CreationPolicy, missed, performed
from scim.service.bulk.permission import allowing
from scim.service.bulk.response import Outcome
from scim.service.dry_run import DryRunDirectory
from scim.service.endpoint import Endpoint
from scim.service.jobs.batches import Task
from scim.service.jobs.context import JobContext
from scim.service.jobs.ports import Result
from scim.service.jobs.receipts import receipt_of
from scim.service.jobs.results import content_of, is_error, outcome_of
from scim.service.jobs.step_writes import (
    JobOverlay,
    RecordedWrites,
    RefusedCreation,
    RefusedOnce,
)
from scim.service.ports import Reads, Writes
from scim.service.resources.restore import restore_or_create
from scim.service.transfer.outside_references import with_ids_for_keys
from scim.service.transfer.upsert import MAKING, merging

RESTORING: Final = CreationPolicy(restore_or_create, CREATING.complete)
TEMPORARY: Final = (TooManyRequests, Unavailable)


class GivenUp(ScimError):
    """An operation that failed every time because of an error on the server."""


def step_result(
    job_context: JobContext,
    job: Job,
    task: Task,
    results: Mapping[int, Result],
    refused: RefusedCreation | None = None,
) -> Result | None:
    """Return the result of the step, None when there is nothing to link.

    `results` are those of earlier steps; `refused` is its creation if it was refused together with others.
    Raises Unavailable or TooManyRequests when the step should be tried again later.
    """
    before = _before(task, results)
    if task.step.is_link and before is None:
        return None
    dry_run = _dry_run(job_context, job, task) if job.is_dry else None
    task = _with_ids_for_keys(job_context, job, task, dry_run)
    earlier = results.get(task.number - 1) if task.step.is_link else None

    def issue(change: Change) -> Receipt:
        endpoint = _endpoint(job_context, job, task)
        return receipt_of(endpoint, job, task, earlier, before, change)

    directory = RefusedOnce(dry_run or job_context.deployment.directory, refused)
    writes = RecordedWrites(directory, issue)
    try:
        outcome = outcome_in(_bulk_scope(job_context, job, task, writes, dry_run), task, results)
    except AlreadyMade:
        return _stored_result(job_context, job, task)
    if writes.result is not None:
        return writes.result
    return store_result(job_context, job, task, content_of(outcome))


def _dry_run(job_context: JobContext, job: Job, task: Task) -> DryRunDirectory:
    """Return the directory as the earlier steps would have left it."""
    results = job_context.backend.results
    overlay = JobOverlay(results, job.tenant, job.id, task.number)
    return DryRunDirectory(job_context.deployment.directory, overlay)


def _with_ids_for_keys(
    job_context: JobContext, job: Job, task: Task, dry_run: DryRunDirectory | None
) -> Task:
    """Return the task of an import with its references to resources outside the file resolved, or a warning."""
    operation = task.step.operation
    resource_type = job_context.deployment.catalogue.by_endpoint(operation.segment)
    if job.kind is not JobKind.IMPORT or operation.fault is not None:
        return task
    if resource_type is None or resource_type.edges_of is not None:
        return task
    endpoint = job_context.endpoint(job, resource_type, reads=dry_run)
    resolved, warning = with_ids_for_keys(endpoint, operation, task.key, task.own_names)
    return replace(task, step=replace(task.step, operation=resolved), warning=warning)


def outcome_in(bulk_scope: BulkScope, task: Task, results: Mapping[int, Result]) -> Outcome:
    """Return the outcome of the step. Raises Unavailable or TooManyRequests when it can be tried again."""
    outcome = performed(bulk_scope, task.step, ids_of(task, results), _before(task, results))
    # An open breaker waits for an operator, longer than a job can: the step is refused.
    if isinstance(outcome.error, TEMPORARY) and not isinstance(outcome.error, BreakerOpen):
        raise outcome.error
    return outcome


def given_up(
    job_context: JobContext, job: Job, task: Task, results: Mapping[int, Result]
) -> Result | None:
    """Return the result of a step that failed every time, unless it was done after all."""
    before = _before(task, results)
    if task.step.is_link and before is None:
        return None
    writes = RecordedWrites(job_context.deployment.directory, _refuse)
    bulk_scope = _bulk_scope(job_context, job, task, writes)
    error = GivenUp("The operation could not be done.")
    outcome = missed(bulk_scope, task.step, ids_of(task, results), before)
    if before is not None:
        return store_result(job_context, job, task, content_of(before.without_links(error)))
    refused = replace(outcome, status=error.status, error=error)
    return store_result(job_context, job, task, content_of(refused))


def store_result(job_context: JobContext, job: Job, task: Task, content: Result) -> Result:
    """Store the result of a step that changed nothing; return the stored result."""
    if task.warning and not is_error(content):
        content = {**content, "warning": task.warning}
    try:
        receipt = Receipt(job.id, task.number, job.until, content)
        job_context.backend.results.note(job.tenant, receipt)
    except AlreadyMade:
        return _stored_result(job_context, job, task)
    return content


def _stored_result(job_context: JobContext, job: Job, task: Task) -> Result:
    return job_context.backend.results.of(job.tenant, job.id, [task.number])[task.number]


def ids_of(task: Task, results: Mapping[int, Result]) -> dict[str, str]:
    """Return the ids of the existing resources that the step refers to, by bulkId."""
    ids = {name: results.get(number, {}).get("id") for name, number in task.needs.items()}
    return {name: str(id_) for name, id_ in ids.items() if id_ is not None}


def _before(task: Task, results: Mapping[int, Result]) -> Outcome | None:
    """Return the outcome of the creation that the step links, None if there is none to link."""
    created = results.get(task.number - 1) if task.step.is_link else None
    if created is None or is_error(created) or "id" not in created:
        return None
    return outcome_of(task.step.operation, created)


def _bulk_scope(
    job_context: JobContext, job: Job, task: Task, writes: Writes, reads: Reads | None = None
) -> BulkScope:
    return BulkScope(
        job_context.deployment.catalogue,
        partial(job_context.endpoint, job, reads=reads, writes=writes),
        allowing(job.scopes),
        frozenset(task.needs),
        creation_policy_of(job, task.key),
        has_bulk_ids=job.format is Format.BULK,
    )


def _endpoint(job_context: JobContext, job: Job, task: Task) -> Endpoint:
    resource_type = job_context.deployment.catalogue.by_endpoint(task.step.operation.segment)
    if resource_type is None:
        raise ValueError("a change of a type that is not served")
    return job_context.endpoint(job, resource_type)


def creation_policy_of(job: Job, key: str) -> CreationPolicy:
    """Return how the new resources of a job are stored; `key` is the attribute by which its lines are named."""
    if job.kind is JobKind.UNDO:
        return RESTORING
    if job.existing is Existing.UPDATE:
        return merging(key)
    return MAKING if job.kind is JobKind.IMPORT else CREATING


def _refuse(change: Change) -> Receipt:
    raise ValueError(f"a step that is given up makes no {type(change).__name__}")
