"""Serves the resource type that RESOURCE_TYPE names."""

from scim.bootstrap.api import tenant_handler
from scim.http.routes.resources import type_routes

handler = tenant_handler(
    lambda own, deployment: type_routes(deployment, own.settings.resource_type, lambda: own.changes)
)
