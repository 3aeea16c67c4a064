"""Serves queries over all resource types: GET at the root and POST /.search."""

from scim.http.app import application
from scim.http.desk import Desk
from scim.http.gate import Gate
from scim.http.routes import search_routes
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
gate = Gate(store.rates, settings.tenant_rate)
handler = application(settings.base_url, search_routes(desk), settings.metered(store.cost), gate)
