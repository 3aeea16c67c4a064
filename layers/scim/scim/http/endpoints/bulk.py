"""`/Bulk`: many operations in one request, each performed as if sent alone (RFC 7644 section 3.7)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from urllib.parse import parse_qsl

from scim.errors import (
    Forbidden,
    InternalError,
    MethodNotAllowed,
    PayloadTooLarge,
    TooManyRequests,
    Unavailable,
)
from scim.http.endpoints.refused_operations import RefusedOperations
from scim.http.message.body import json_object
from scim.http.message.query import query_of
from scim.http.message.request import Request, names_asked
from scim.http.message.response import Reply, list_reply
from scim.log import cause_of, logger
from scim.permission import Permissions
from scim.service.bulk.creations import CreationsTogether
from scim.service.bulk.path import Paths
from scim.service.bulk.perform import BulkScope, missed, performed
from scim.service.bulk.permission import allowing
from scim.service.bulk.plan import Step, makers_of, planned
from scim.service.bulk.request import BulkOperation, BulkRequest, bulk_of
from scim.service.bulk.response import (
    Outcome,
    ResponseRoom,
    failed,
    passed_over,
    response_of,
    stopped_response_of,
)
from scim.service.bulk.run import Attempt, RunOptions, run
from scim.service.bulk.waves import one_by_one, waves_of
from scim.service.endpoint import Endpoint
from scim.service.messages import Precondition
from scim.service.query.search import search
from scim.service.resources.read import read
from scim.service.visibility.deployment import Deployment


def bulk_get(
    deployment: Deployment, request: Request, endpoint: Endpoint, operation: BulkOperation
) -> Outcome:
    """Return the outcome of a GET operation: a resource, or a list if its path names no resource.

    Raises NotFound, Forbidden, MethodNotAllowed, and the errors of a query.
    """
    resource_type = endpoint.resource_type
    if resource_type.edges_of is not None:
        raise MethodNotAllowed(
            f"GET is not supported for {resource_type.endpoint} here.", ("POST", "DELETE")
        )
    query_parameters = {name.lower(): value for name, value in parse_qsl(operation.query)}
    if operation.id is None:
        _require_listing(request, resource_type.endpoint)
        query = query_of(deployment, replace(request, method="GET", query=query_parameters))
        listing = list_reply(search([endpoint], query)).body or {}
        resources = listing.get("Resources")
        bodies = [dict(body) for body in resources] if isinstance(resources, list) else []
        return Outcome(operation, 200, shown={**listing, "Resources": bodies})
    answer = read(
        endpoint, operation.id, Precondition(), endpoint.projection(*names_asked(query_parameters))
    )
    return Outcome(operation, 200, answer.location, answer.etag, shown=answer.resource)


def _require_listing(request: Request, path: str) -> None:
    if not Permissions.shipped().allows(request.principal.scopes, "GET", path):
        raise Forbidden(f"These credentials do not allow GET on {path}.")


LAST_START = 3.0
"""No operation starts in the last seconds before the response is due."""
SIDE_BY_SIDE = 8
"""The most concurrent operations: fewer than the connections that the store keeps open."""


AttemptOf = Callable[[BulkScope, int], Attempt]
"""Takes the scope and the number of operations; returns the function that performs a step."""


def bulk(deployment: Deployment, request: Request, attempt_of: AttemptOf | None = None) -> Reply:
    """Serve `/Bulk`: POST. With `attempt_of`, each step is performed by that attempt, none together.

    Returns 200 whatever the outcomes are, unless the profile has another status for too many
    errors. Raises InvalidSyntax, InvalidValue or PayloadTooLarge when the request as a whole is
    invalid.
    """
    if request.method != "POST":
        raise MethodNotAllowed("Bulk is a POST.", ("POST",))
    bounds = deployment.bounds
    if len(request.body) > bounds.bulk_payload_bytes:
        # RFC 7644 section 3.7.4: the response names the limit.
        raise PayloadTooLarge(
            f"The size of the bulk operation exceeds the maxPayloadSize ({bounds.bulk_payload_bytes})."
        )
    body = json_object(request, bounds.bulk_payload_bytes)
    paths = Paths.of(request.base_url, deployment.catalogue, deployment.profile)
    bulk_request = bulk_of(body, deployment.profile, bounds.bulk_operations, paths)
    refused_operations = RefusedOperations(deployment.catalogue)
    outcomes = _outcomes(deployment, request, bulk_request, attempt_of, refused_operations)
    _log_causes(request.principal.tenant, outcomes)
    reply = _reply_of(bulk_request, outcomes, deployment.profile.bulk.exceeded_status)
    return replace(reply, refused_operations=refused_operations.summary(outcomes))


def _outcomes(
    deployment: Deployment,
    request: Request,
    bulk_request: BulkRequest,
    attempt_of: AttemptOf | None,
    refused_operations: RefusedOperations,
) -> tuple[Outcome, ...]:
    """Perform the operations, until an error ends the request or its time is over."""

    def is_late() -> bool:
        return request.time_left() < LAST_START

    budget = deployment.bounds.budget(is_late)
    room = ResponseRoom.of(deployment.bounds, len(bulk_request.operations))
    bulk_scope = BulkScope(
        deployment.catalogue,
        lambda resource_type: deployment.endpoint(
            request.principal, request.base_url, resource_type
        ).within(budget),
        allowing(request.principal.scopes),
        frozenset(makers_of(bulk_request.operations)),
        look=lambda endpoint, operation: room.taken_by(
            partial(bulk_get, deployment, request, endpoint, operation)
        ),
        on_refusal=refused_operations.note,
    )
    unexpected_failure = partial(_unexpected_failure, refused_operations)
    creations_together: CreationsTogether | None = None
    if attempt_of is not None:
        attempt = attempt_of(bulk_scope, len(bulk_request.operations))
    else:
        attempt = partial(performed, bulk_scope)
        creations = deployment.creations(request.principal)
        if creations is not None:
            tenant = request.principal.tenant
            creations_together = CreationsTogether(
                bulk_scope, creations, tenant, unexpected_failure
            )
    options = RunOptions(
        attempt=_contained(attempt, unexpected_failure),
        miss=partial(missed, bulk_scope),
        is_late=is_late,
        fail_on_errors=bulk_request.fail_on_errors,
        side_by_side=SIDE_BY_SIDE,
        together=creations_together,
    )
    steps = planned(bulk_request.operations)
    # When an error ends the request, no later operation may have been performed.
    is_in_order = deployment.profile.bulk.sequential or bulk_request.fail_on_errors
    waves = one_by_one(steps) if is_in_order else waves_of(steps, deployment.catalogue)
    return run(waves, options)


def _reply_of(
    bulk_request: BulkRequest, outcomes: tuple[Outcome, ...], exceeded_status: int
) -> Reply:
    tolerated = bulk_request.tolerated.union(*(outcome.tolerated for outcome in outcomes))
    most_errors = bulk_request.fail_on_errors
    errors = sum(outcome.error is not None for outcome in outcomes)
    status, body = 200, response_of(outcomes)
    if exceeded_status != 200 and most_errors and errors >= most_errors:
        status, body = exceeded_status, stopped_response_of(outcomes, exceeded_status, most_errors)
    ignored = passed_over(outcomes)
    return Reply(status, body, _when_again(outcomes), tolerated, ignored=ignored)


def _log_causes(tenant: str, outcomes: Iterable[Outcome]) -> None:
    """Log which calls of AWS kept operations from being done: the request itself has status 200."""
    causes = {cause_of(outcome.error) for outcome in outcomes} - {""}
    if causes:
        extra = {"tenant": tenant, "cause": ", ".join(sorted(causes))}
        logger().error("operations not done", extra=extra)


def _when_again(outcomes: Iterable[Outcome]) -> dict[str, str]:
    """Return Retry-After if an operation can succeed later; the longest wait covers all of them."""
    errors = (outcome.error for outcome in outcomes)
    temporary = (error for error in errors if isinstance(error, Unavailable | TooManyRequests))
    waits = [error.retry_after for error in temporary]
    return {"Retry-After": str(max(waits))} if waits else {}


def _contained(
    attempt: Attempt, unexpected_failure: Callable[[Step, Outcome | None], Outcome]
) -> Attempt:
    """Return the attempt, which catches every exception so that it fails only its own operation."""

    def call(step: Step, ids: Mapping[str, str], before: Outcome | None) -> Outcome:
        try:
            return attempt(step, ids, before)
        except Exception:  # noqa: BLE001 - _unexpected_failure logs it
            return unexpected_failure(step, before)

    return call


def _unexpected_failure(
    refused_operations: RefusedOperations, step: Step, before: Outcome | None = None
) -> Outcome:
    """Log the exception being handled; return an outcome that does not reveal its cause."""
    logger().exception("unexpected error", extra={"operation": step.operation.position})
    error = InternalError("The operation could not be done.")
    refused_operations.note(step.operation, error)
    return failed(step.operation, error) if before is None else before.without_links(error)
