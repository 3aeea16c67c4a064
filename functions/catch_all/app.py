"""Serves every path no other function has: other spellings of known ones, else a SCIM 404."""

from scim.http.app import application
from scim.http.desk import Desk
from scim.http.gate import Gate
from scim.http.routes import (
    discovery_routes,
    job_routes,
    me_routes,
    resource_routes,
    search_routes,
)
from scim.profile import Profile
from scim.schema.catalogue import Catalogue
from scim.service.discovery import Discovery
from scim.service.system import RandomIds, SystemClock
from scim.settings import Settings
from scim.store.job_opening import opened_jobs
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
office = opened_jobs(settings.table_name, settings.bucket_name, settings.state_machine_arn)
discovery = Discovery(catalogue, settings.bounds())
routes = {
    **search_routes(desk),
    **discovery_routes(discovery),
    **me_routes(desk, settings.me),
    **job_routes(desk, office),
    **resource_routes(desk, catalogue.resource_types),
}
gate = Gate(store.rates, settings.tenant_rate)
handler = application(settings.base_url, routes, settings.metered(store.cost), gate)
