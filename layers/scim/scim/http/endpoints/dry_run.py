"""`Prefer: dry-run`: a write is answered with what it would change, and stores nothing."""

from collections.abc import Callable
from dataclasses import replace

from scim.errors import InvalidValue
from scim.http.message.preference import APPLIED, prefers
from scim.http.message.request import Request, Route
from scim.http.message.response import Reply
from scim.service.bulk.response import BULK_RESPONSE_URN
from scim.service.dry_run import Rehearsal, described, key_of, operations_json
from scim.service.jobs.step_directory import Change
from scim.service.visibility.deployment import Deployment

PREFERENCE = "dry-run"
DRY_RUN_URN = "urn:serverless-scim:params:scim:api:messages:1.0:DryRun"
_WRITING = frozenset({"POST", "PUT", "PATCH", "DELETE"})

RouteOf = Callable[[Deployment], Route]
"""Returns the route that works on a deployment's directory."""


def wants_dry_run(request: Request) -> bool:
    """Tell whether the request shall only be tried."""
    return request.method in _WRITING and prefers(request, PREFERENCE)


def rehearsable(deployment: Deployment, route_of: RouteOf) -> Route:
    """Return the route, whose writes can be tried.

    A write that would be refused is refused the same way.
    """
    route = route_of(deployment)

    def call(request: Request, **parameters: str) -> Reply:
        if not wants_dry_run(request):
            return route(request, **parameters)
        rehearsal = Rehearsal(deployment.directory)
        tried = route_of(replace(deployment, directory=rehearsal))
        reply = tried(request, **parameters)
        told = [_told(deployment, request, change) for change in rehearsal.changes]
        return replace(
            reply,
            status=200,
            body=_body(reply, told),
            raw=None,
            headers={APPLIED: PREFERENCE},
        )

    return call


def unrehearsable(route: Route) -> Route:
    """Return the route, at which a write is refused that shall only be tried."""

    def call(request: Request, **parameters: str) -> Reply:
        if wants_dry_run(request):
            raise InvalidValue(
                "Prefer: dry-run is not offered here; nothing was done."
                " An import is tried with dryRun in its job."
            )
        return route(request, **parameters)

    return call


def _body(reply: Reply, changes: list[dict[str, object]]) -> dict[str, object]:
    if reply.body is not None and BULK_RESPONSE_URN in str(reply.body.get("schemas")):
        schemas = [BULK_RESPONSE_URN, DRY_RUN_URN]
        return {**reply.body, "schemas": schemas, DRY_RUN_URN: {"changes": changes}}
    body: dict[str, object] = {"schemas": [DRY_RUN_URN], "status": str(reply.status)}
    if reply.operations:
        body["operations"] = operations_json(reply.operations)
    return {**body, "changes": changes, "tolerated": sorted(reply.tolerated)}


def _told(deployment: Deployment, request: Request, change: Change) -> dict[str, object]:
    resource_type = deployment.catalogue.resource_type(key_of(change).type)
    if resource_type is None:
        raise ValueError("a change of a type that is not served")
    endpoint = deployment.endpoint(request.principal, request.base_url, resource_type)
    return described(endpoint, change)
