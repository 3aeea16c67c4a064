"""The route of the caller's own resource."""

from functools import partial

from scim.http.endpoints.dry_run import with_dry_run
from scim.http.endpoints.idempotency import once_only
from scim.http.endpoints.me import OWN_TYPE, me
from scim.http.message.request import Route
from scim.http.routes.resources import Routes
from scim.service.visibility.deployment import Deployment


def me_routes(deployment: Deployment, default_mode: str) -> Routes:
    """Return the route of `/Me`; the profile sets its mode, or else the deployment does."""
    me_mode = deployment.profile.auth.me or default_mode
    resource_type = deployment.catalogue.resource_type(OWN_TYPE)

    def route_of(own_deployment: Deployment) -> Route:
        return partial(me, own_deployment, me_mode)

    once = route_of if resource_type is None else once_only(resource_type, route_of)
    return {"/Me": with_dry_run(deployment, once)}
