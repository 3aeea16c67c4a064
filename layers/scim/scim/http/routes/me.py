"""The route of the caller's own resource."""

from functools import partial

from scim.http.endpoints.dry_run import with_dry_run
from scim.http.endpoints.idempotency import once_only
from scim.http.endpoints.me import OWN_TYPE, me
from scim.http.message.request import Route
from scim.http.routes.resources import Routes
from scim.service.visibility.deployment import Deployment


def me_routes(deployment: Deployment, mode: str) -> Routes:
    """Return the route of `/Me`; the profile sets its mode, or else the deployment does."""
    served = deployment.profile.auth.me or mode
    resource_type = deployment.catalogue.resource_type(OWN_TYPE)

    def route_of(tried: Deployment) -> Route:
        return partial(me, tried, served)

    once = route_of if resource_type is None else once_only(resource_type, route_of)
    return {"/Me": with_dry_run(deployment, once)}
