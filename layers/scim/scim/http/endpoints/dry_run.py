"""`Prefer: dry-run`: a write returns what it would change, and stores nothing."""

from collections.abc import Callable

from scim.errors import InvalidValue
from scim.http.message.preference import DRY_RUN, prefers
from scim.http.message.request import Request, Route
from scim.http.message.response import Reply
from scim.service.visibility.deployment import Deployment

_WRITING = frozenset({"POST", "PUT", "PATCH", "DELETE"})

RouteOf = Callable[[Deployment], Route]
"""Returns the route that uses the directory of a deployment."""


def wants_dry_run(request: Request) -> bool:
    is_write_with_preference = "prefer" in request.headers and request.method in _WRITING
    return is_write_with_preference and prefers(request, DRY_RUN)


def with_dry_run(deployment: Deployment, route_of: RouteOf) -> Route:
    """Return the route, which supports dry runs of its writes.

    A dry run raises the same errors as the write.
    """
    route = route_of(deployment)

    def call(request: Request, **parameters: str) -> Reply:
        if not wants_dry_run(request):
            return route(request, **parameters)
        from scim.http.endpoints.dry_run_reply import dry_run_reply  # noqa: PLC0415 - dry runs are rare

        return dry_run_reply(deployment, route_of, request, parameters)

    return call


def refusing_dry_run(route: Route) -> Route:
    """Return the route, which refuses dry runs."""

    def call(request: Request, **parameters: str) -> Reply:
        if wants_dry_run(request):
            raise InvalidValue(
                "Prefer: dry-run is not supported here; nothing was done."
                " For an import, set dryRun in its job."
            )
        return route(request, **parameters)

    return call
