"""The receipt of a step: its result, stored with the change that it made."""

from collections.abc import Mapping
from dataclasses import replace

from scim.immutable import renewed
from scim.resource.change import Change, Creation, Deletion, Receipt, Update
from scim.resource.job import Job
from scim.schema.resource_type import ResourceType
from scim.service.bulk.plan import Step
from scim.service.bulk.request import BulkOperation, Method
from scim.service.bulk.response import Outcome
from scim.service.endpoint import Endpoint
from scim.service.jobs.batches import Task
from scim.service.jobs.ports import Result
from scim.service.jobs.results import CREATE, DELETE, DRY_CREATION, UNCHANGED, UPDATE, content_of
from scim.service.messages import etag_of
from scim.service.resources.edge import VERSION, id_of


def receipt_of(
    endpoint: Endpoint,
    job: Job,
    task: Task,
    earlier: Result | None,
    before: Outcome | None,
    change: Change,
) -> Receipt:
    """Return the receipt of a change: what `performed` returns once the change is stored."""
    operation, resource_type = task.step.operation, endpoint.resource_type
    content = content_of(outcome_of_change(endpoint, task.step, before, change))
    if task.warning:
        content["warning"] = task.warning
    if operation.line is not None:
        # A dry run does not see which users an earlier operation has made members.
        is_made = job.is_dry and task.is_joined
        effect = UNCHANGED if is_made else _effect(resource_type, operation, change)
        content["effect"] = effect if earlier is None else earlier.get("effect", effect)
    if job.is_dry and isinstance(change, Creation):
        content[DRY_CREATION] = True
    elif earlier is not None and DRY_CREATION in earlier:
        content[DRY_CREATION] = earlier[DRY_CREATION]
    return Receipt(job.id, task.number, job.until, content)


def outcome_of_change(
    endpoint: Endpoint, step: Step, before: Outcome | None, change: Change
) -> Outcome:
    """Return the outcome of a step whose change is stored, without the new version."""
    if before is not None:
        return replace(before, version=None, is_unlinked=False)
    resource_type, operation = endpoint.resource_type, step.operation
    id_ = _changed_id(resource_type, change)
    location = endpoint.location_of(resource_type.name, id_)
    outcome = Outcome(operation, _status(resource_type, operation, change), location)
    if operation.method is not Method.POST:
        return outcome
    version = None if resource_type.edges_of is None else etag_of(VERSION)
    return renewed(outcome, id=id_, is_unlinked=bool(step.deferred), version=version)


_STATUSES: Mapping[Method | None, int] = {
    Method.POST: 201,
    Method.PUT: 200,
    Method.PATCH: 200,
    Method.DELETE: 204,
}


def _status(resource_type: ResourceType, operation: BulkOperation, change: Change) -> int:
    is_merged = resource_type.edges_of is None and isinstance(change, Update)
    if operation.method is Method.POST and is_merged:
        return _STATUSES[Method.PUT]
    return _STATUSES[operation.method]


def _effect(resource_type: ResourceType, operation: BulkOperation, change: Change) -> str:
    """Return what the operation did; for an edge, an update of its source is a creation or a deletion."""
    if resource_type.edges_of is not None:
        return CREATE if operation.method is Method.POST else DELETE
    match change:
        case Creation():
            return CREATE
        case Update():
            return UPDATE
        case Deletion():
            return DELETE


def _changed_id(resource_type: ResourceType, change: Change) -> str:
    """Return the id of the resource that the client created or changed; an edge's id names both ends."""
    if isinstance(change, Creation):
        return change.key.id
    if resource_type.edges_of is None or not isinstance(change, Update):
        return change.before.key.id
    (delta,) = change.edges
    target = delta.added[0].target if delta.added else delta.removed[0]
    return id_of(change.before.key.id, target.id)
