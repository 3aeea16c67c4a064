"""The route of the caller's own resource."""

from functools import partial

from scim.http.endpoints.dry_run import rehearsable
from scim.http.endpoints.me import me
from scim.http.routes.resources import Routes
from scim.service.visibility.deployment import Deployment


def me_routes(deployment: Deployment, mode: str) -> Routes:
    """Return the route of the caller's own resource, as the profile or the deployment offers it."""
    served = deployment.profile.auth.me or mode
    return {"/Me": rehearsable(deployment, lambda tried: partial(me, tried, served))}
