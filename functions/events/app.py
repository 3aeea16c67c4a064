"""Serves /Events: security event tokens, got by polling."""

from scim.bootstrap.api import tenant_handler
from scim.http.routes import event_routes

handler = tenant_handler(lambda own, deployment: event_routes(deployment, own.changes))
