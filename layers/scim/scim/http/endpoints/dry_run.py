"""`Prefer: dry-run`: a write is answered with what it would change, and stores nothing."""

from collections.abc import Callable

from scim.errors import InvalidValue
from scim.http.message.preference import DRY_RUN, prefers
from scim.http.message.request import Request, Route
from scim.http.message.response import Reply
from scim.service.visibility.deployment import Deployment

_WRITING = frozenset({"POST", "PUT", "PATCH", "DELETE"})

RouteOf = Callable[[Deployment], Route]
"""Returns the route that works on a deployment's directory."""


def wants_dry_run(request: Request) -> bool:
    """Tell whether the request shall only be tried."""
    is_asked = "prefer" in request.headers and request.method in _WRITING
    return is_asked and prefers(request, DRY_RUN)


def rehearsable(deployment: Deployment, route_of: RouteOf) -> Route:
    """Return the route, whose writes can be tried.

    A write that would be refused is refused the same way.
    """
    route = route_of(deployment)

    def call(request: Request, **parameters: str) -> Reply:
        if not wants_dry_run(request):
            return route(request, **parameters)
        from scim.http.endpoints.rehearsal import rehearsed  # noqa: PLC0415 - asked for seldom

        return rehearsed(deployment, route_of, request, parameters)

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
