"""One operation performed like the single request that it stands for, by the same use cases."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from scim.errors import (
    Conflict,
    Forbidden,
    InvalidValue,
    MethodNotAllowed,
    NotFound,
    ScimError,
    Unavailable,
)
from scim.patch.request import request_of
from scim.resource.projection import Projection
from scim.schema.catalogue import Catalogue
from scim.schema.resource_type import ResourceType
from scim.service.bulk.bulk_ids import bulk_id_in, with_ids, without_references
from scim.service.bulk.plan import Step
from scim.service.bulk.request import WRITING, BulkOperation, Method
from scim.service.bulk.response import Outcome, failed
from scim.service.endpoint import Endpoint
from scim.service.messages import Answer, Precondition
from scim.service.resources.create import NewResource, create
from scim.service.resources.delete import delete
from scim.service.resources.edge import create_edge, delete_edge
from scim.service.resources.modify import modify
from scim.service.resources.replace import replace as replaced

Created = tuple[int, Answer]
"""The status with the answer: 201 for a new resource."""


@dataclass(frozen=True, slots=True)
class CreationPolicy:
    """How new resources are stored: `create` stores one, `complete` writes all its data once links can be made."""

    create: Callable[[Endpoint, Mapping[str, object], Projection], Created]
    complete: Callable[[Endpoint, str, Mapping[str, object], Precondition, Projection], Answer]


def _created(endpoint: Endpoint, data: Mapping[str, object], projection: Projection) -> Created:
    return 201, create(endpoint, data, projection)


CREATING = CreationPolicy(_created, replaced)
"""How single requests store new resources."""

Look = Callable[[Endpoint, BulkOperation], Outcome]
"""Answers a GET; raises an error when the resource cannot be shown."""
OnRefusal = Callable[[BulkOperation, ScimError], None]
"""Is told of an operation that is refused, while the error still knows where it was raised."""

_SHOWN = 64
"""The most characters of a bulkId that an error repeats."""


@dataclass(frozen=True, slots=True)
class BulkScope:
    """What the operations of one request can use.

    `endpoint` is bound to the caller's tenant; `allows` tells whether the caller may use a
    method on a resource type; `makes` are the bulkIds that the request gives to new resources;
    `creation_policy` stores these; `look` answers a GET, if the profile allows GET. Without `has_bulk_ids` the
    operations are lines of a file, which name resources by ids or keys of its own. `on_refusal` is told why
    operations are refused.
    """

    catalogue: Catalogue
    endpoint: Callable[[ResourceType], Endpoint]
    allows: Callable[[Method, ResourceType], bool]
    makes: frozenset[str]
    creation_policy: CreationPolicy = CREATING
    look: Look | None = None
    has_bulk_ids: bool = True
    on_refusal: OnRefusal | None = None


def performed(
    bulk_scope: BulkScope, step: Step, ids: Mapping[str, str], before: Outcome | None
) -> Outcome:
    """Return the outcome of a step; a refusal is an outcome too.

    `ids` are those of the resources created so far, by bulkId; `before` is the outcome of the
    creation that a link completes.
    """
    if before is not None:
        return _linked(bulk_scope, step, ids, before)
    operation = step.operation
    try:
        operation.require_readable()
        endpoint = _endpoint(bulk_scope, operation)
        id_ = _addressed(bulk_scope, operation, ids)
        addressed = operation if id_ == operation.id else replace(operation, id=id_)
        if operation.method is Method.GET and bulk_scope.look is not None:
            return bulk_scope.look(endpoint, addressed)
        outcome = _done(
            endpoint, addressed, _data(bulk_scope, step, ids), bulk_scope.creation_policy
        )
        return replace(outcome, is_unlinked=bool(step.deferred))
    except ScimError as error:
        return refused(bulk_scope, step, ids, error)


def refused(
    bulk_scope: BulkScope,
    step: Step,
    ids: Mapping[str, str],
    error: ScimError,
    before: Outcome | None = None,
) -> Outcome:
    """Return the outcome of a step that is refused; `before` is that of the creation that it should link."""
    operation = step.operation
    if bulk_scope.on_refusal is not None:
        bulk_scope.on_refusal(operation, error)
    if before is not None:
        return before.without_links(error)
    return failed(operation, error, _location(bulk_scope, operation, ids))


def new_resource_of(bulk_scope: BulkScope, step: Step, ids: Mapping[str, str]) -> NewResource:
    """Return the resource that a step creates, not stored yet. Raises what `create` raises for it.

    The step is a POST of a stored resource and not a link; `outcome_of_created` returns its outcome once stored.
    """
    operation = step.operation
    operation.require_readable()
    endpoint = _endpoint(bulk_scope, operation)
    if operation.id is not None:
        raise _not_for(operation)
    only_id = Projection.of(endpoint.resource_type, ["id"])
    return NewResource(endpoint, _data(bulk_scope, step, ids), only_id)


def outcome_of_created(step: Step, answer: Answer) -> Outcome:
    """Return the outcome of a step whose resource, from `new_resource_of`, has been stored."""
    return replace(_made(step.operation, 201, answer), is_unlinked=bool(step.deferred))


def _data(bulk_scope: BulkScope, step: Step, ids: Mapping[str, str]) -> Mapping[str, object]:
    all_data = step.operation.data
    data = without_references(all_data, step.deferred) if step.deferred else all_data
    return with_ids(data, lambda name: _id_of(bulk_scope, name, ids))


def missed(
    bulk_scope: BulkScope, step: Step, ids: Mapping[str, str], before: Outcome | None
) -> Outcome:
    """Return the outcome of a step for which no time is left."""
    error = Unavailable("Not begun: the time for one request was over. Send it again.")
    return refused(bulk_scope, step, ids, error, before)


def _done(
    endpoint: Endpoint,
    operation: BulkOperation,
    data: Mapping[str, object],
    creation_policy: CreationPolicy,
) -> Outcome:
    condition = Precondition(if_match=operation.version)
    only_id = Projection.of(endpoint.resource_type, ["id"])
    is_edge = endpoint.resource_type.edges_of is not None
    match operation.method, operation.id:
        case Method.POST, None if is_edge:
            return _made(operation, 201, create_edge(endpoint, data, only_id))
        case Method.POST, None:
            return _made(operation, *creation_policy.create(endpoint, data, only_id))
        case Method.PUT, str(id_) if not is_edge:
            return _succeeded(operation, 200, replaced(endpoint, id_, data, condition, only_id))
        case Method.PATCH, str(id_) if not is_edge:
            patch = request_of(
                data, endpoint.profile, endpoint.bounds.patch_operations, endpoint.budget
            )
            return _succeeded(operation, 200, modify(endpoint, id_, patch, condition, only_id))
        case Method.DELETE, str(id_):
            delete_one = delete_edge if is_edge else delete
            delete_one(endpoint, id_, condition)
            location = endpoint.location_of(endpoint.resource_type.name, id_)
            return Outcome(operation, 204, location)
    raise _not_for(operation)


def _not_for(operation: BulkOperation) -> MethodNotAllowed:
    return MethodNotAllowed(
        f"{operation.method} is not for this path: POST is for a collection,"
        " the other methods are for one resource that can be changed.",
        WRITING,
    )


def _made(operation: BulkOperation, status: int, answer: Answer) -> Outcome:
    id_ = None if answer.resource is None else str(answer.resource["id"])
    return replace(_succeeded(operation, status, answer), id=id_)


def _succeeded(operation: BulkOperation, status: int, answer: Answer) -> Outcome:
    return Outcome(
        operation,
        status,
        answer.location,
        answer.etag,
        tolerated=answer.tolerated,
        ignored=answer.ignored,
    )


def _linked(bulk_scope: BulkScope, step: Step, ids: Mapping[str, str], before: Outcome) -> Outcome:
    """Write all that the client sent to a resource that was created without some links.

    If-Match keeps this from undoing changes that others have made since the creation.
    """
    operation = step.operation
    try:
        endpoint = _endpoint(bulk_scope, operation)
        data = with_ids(operation.data, lambda name: _id_of(bulk_scope, name, ids))
        condition = Precondition(if_match=before.version)
        only_id = Projection.of(endpoint.resource_type, ["id"])
        answer = bulk_scope.creation_policy.complete(
            endpoint, str(before.id), data, condition, only_id
        )
    except ScimError as error:
        return refused(bulk_scope, step, ids, error, before)
    return replace(before, version=answer.etag, is_unlinked=False)


def _endpoint(bulk_scope: BulkScope, operation: BulkOperation) -> Endpoint:
    resource_type = bulk_scope.catalogue.by_endpoint(operation.segment)
    is_deeper = "/" in (operation.id or "") and bulk_id_in(operation.id) is None
    if resource_type is None or is_deeper or operation.method is None:
        raise NotFound("path leads nowhere; expected one like /Users or /Users/{id}.")
    if not bulk_scope.allows(operation.method, resource_type):
        raise Forbidden(
            f"These credentials do not allow {operation.method} on {resource_type.endpoint}."
        )
    return bulk_scope.endpoint(resource_type)


def _addressed(
    bulk_scope: BulkScope, operation: BulkOperation, ids: Mapping[str, str]
) -> str | None:
    bulk_id = bulk_id_in(operation.id)
    return operation.id if bulk_id is None else _id_of(bulk_scope, bulk_id, ids)


def _id_of(bulk_scope: BulkScope, bulk_id: str, ids: Mapping[str, str]) -> str:
    if bulk_id in ids:
        return ids[bulk_id]
    printable_id = bulk_id[:_SHOWN]
    if bulk_id in bulk_scope.makes and not bulk_scope.has_bulk_ids:
        raise Conflict(f"{printable_id} is referred to, but its line was refused.")
    if bulk_id in bulk_scope.makes:
        raise Conflict(f"bulkId:{printable_id} is referred to, but its POST failed.")
    raise InvalidValue(f"bulkId:{printable_id} is referred to, but no POST of this request has it.")


def _location(
    bulk_scope: BulkScope, operation: BulkOperation, ids: Mapping[str, str]
) -> str | None:
    """Return the location of the resource of a failed operation; a failed POST has none."""
    bulk_id = bulk_id_in(operation.id)
    id_ = operation.id if bulk_id is None else ids.get(bulk_id)
    resource_type = bulk_scope.catalogue.by_endpoint(operation.segment)
    if operation.method is Method.POST or id_ is None or resource_type is None:
        return None
    return bulk_scope.endpoint(resource_type).location_of(resource_type.name, id_)
