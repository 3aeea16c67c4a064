"""Serves /Definitions, what a tenant defines for itself; no other function may write that."""

from scim.bootstrap.store import opened
from scim.http.access import AccessCheck
from scim.http.app import application
from scim.http.routes import definition_routes
from scim.http.tenant_api import plain_api
from scim.service.definitions import DefinitionService
from scim.service.system import SystemClock
from scim.settings import Settings

settings = Settings.from_environment()
store = opened(settings.table_name)
definition_service = DefinitionService(
    store.definitions, store.directory, SystemClock(), settings.definition_limits()
)
# The same for tenants of every profile, and without their own: what is broken is repaired here.
served = plain_api(definition_routes(definition_service))
access_check = AccessCheck(store.rates, settings.tenant_rate)
handler = application(
    settings.base_url, served, settings.metered(store.cost), access_check, began=store.begin
)
