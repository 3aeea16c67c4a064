"""Serves /Events: security event tokens, got by polling; and the public key that verifies them."""

from scim.bootstrap.discovery import events_handler
from scim.http.routes.events import event_routes

handler = events_handler(lambda own, deployment: event_routes(deployment, own.changes))
