"""Serves /Events, which receivers poll for security event tokens, and the public key that verifies them."""

from scim.bootstrap.discovery import events_handler
from scim.http.routes.events import event_routes

handler = events_handler(
    lambda function, deployment: event_routes(deployment, function.change_feed)
)
