"""Serves ServiceProviderConfig, ResourceTypes and Schemas; of the table it reads definitions only."""

from scim.bootstrap.store import opened
from scim.http.app import application
from scim.http.routes import discovery_routes
from scim.http.tenant_api import tenant_apis
from scim.schema.loading import tenant_catalogues
from scim.service.discovery import Discovery
from scim.settings import Settings

settings = Settings.from_environment()
store = opened(settings.table_name)
served = tenant_apis(
    lambda profile, catalogue: discovery_routes(
        Discovery.under(profile, catalogue, settings.bounds())
    ),
    tenant_catalogues(store.definitions.additions),
)
handler = application(settings.base_url, served, began=store.begin)
