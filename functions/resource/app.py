"""Serves one resource type, the one RESOURCE_TYPE names."""

from scim.http.app import application
from scim.http.desk import Desk
from scim.http.gate import Gate
from scim.http.routes import resource_routes
from scim.profile import Profile
from scim.schema.catalogue import Catalogue
from scim.service.system import RandomIds, SystemClock
from scim.settings import Settings
from scim.store.opening import opened

settings = Settings.from_environment()
catalogue = Catalogue.shipped()
store = opened(settings.table_name)
desk = Desk(
    catalogue=catalogue,
    directory=store.directory,
    clock=SystemClock(),
    ids=RandomIds(),
    bounds=settings.bounds(),
    profile=Profile(),
    max_body_bytes=settings.max_body_bytes,
)
served = [each for each in catalogue.resource_types if each.name == settings.resource_type]
gate = Gate(store.rates, settings.tenant_rate)
routes = resource_routes(desk, served)
handler = application(settings.base_url, routes, settings.metered(store.cost), gate)
