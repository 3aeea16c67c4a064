"""Serves the resource type that RESOURCE_TYPE names."""

from scim.bootstrap.api import tenant_handler
from scim.http.routes.resources import type_routes

handler = tenant_handler(
    lambda function, deployment: type_routes(
        deployment, function.settings.resource_type, lambda: function.change_feed
    )
)
