"""Serves ServiceProviderConfig, ResourceTypes and Schemas; needs no table."""

from scim.http.app import application
from scim.http.routes import discovery_routes
from scim.schema.catalogue import Catalogue
from scim.service.discovery import Discovery
from scim.settings import Settings

settings = Settings.from_environment()
discovery = Discovery(Catalogue.shipped(), settings.bounds())
handler = application(settings.base_url, discovery_routes(discovery))
