"""Serves /Bulk, many operations in one request, and /Jobs, which do what takes longer."""

from scim.http.app import application
from scim.http.desk import Desk
from scim.http.gate import Gate
from scim.http.routes import job_routes
from scim.profile import Profile
from scim.schema.catalogue import Catalogue
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
gate = Gate(store.rates, settings.tenant_rate)
handler = application(
    settings.base_url, job_routes(desk, office), settings.metered(store.cost), gate
)
