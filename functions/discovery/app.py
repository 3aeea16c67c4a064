"""Serves ServiceProviderConfig, ResourceTypes, Schemas and openapi.json; it reads definitions and feed settings."""

from scim.bootstrap.discovery import discovery_handler
from scim.http.routes.discovery import discovery_routes, openapi_routes
from scim.service.discovery import Discovery

handler = discovery_handler(
    lambda function, profile, catalogue: {
        **discovery_routes(
            Discovery.under(profile, catalogue, function.settings.bounds()),
            function.change_feed.feeds.of,
        ),
        **openapi_routes(profile, catalogue, function.settings.bounds(), function.settings.me),
    }
)
