"""Serves ServiceProviderConfig, ResourceTypes and Schemas; of the table it reads definitions only."""

from scim.bootstrap.api import discovery_handler
from scim.http.routes import discovery_routes
from scim.service.discovery import Discovery

handler = discovery_handler(
    lambda own, profile, catalogue: discovery_routes(
        Discovery.under(profile, catalogue, own.settings.bounds())
    )
)
