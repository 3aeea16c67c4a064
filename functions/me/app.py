"""Serves /Me, the caller's own resource."""

from scim.bootstrap.api import tenant_handler
from scim.http.routes.me import me_routes

handler = tenant_handler(lambda function, deployment: me_routes(deployment, function.settings.me))
